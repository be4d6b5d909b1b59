using UnrealBuildTool;

public class A2FSampleTarget : TargetRules
{
	public A2FSampleTarget(TargetInfo Target) : base(Target)
	{
		Type = TargetType.Game;
		DefaultBuildSettings = BuildSettingsVersion.Latest;
		IncludeOrderVersion = EngineIncludeOrderVersion.Latest;
		ExtraModuleNames.Add("A2FSample");
	}
}
