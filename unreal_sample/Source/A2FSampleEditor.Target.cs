using UnrealBuildTool;

public class A2FSampleEditorTarget : TargetRules
{
	public A2FSampleEditorTarget(TargetInfo Target) : base(Target)
	{
		Type = TargetType.Editor;
		DefaultBuildSettings = BuildSettingsVersion.Latest;
		IncludeOrderVersion = EngineIncludeOrderVersion.Latest;
		ExtraModuleNames.Add("A2FSample");
	}
}
