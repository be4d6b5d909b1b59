using UnrealBuildTool;

public class A2FWS : ModuleRules
{
	public A2FWS(ReadOnlyTargetRules Target) : base(Target)
	{
		PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;
		CppStandard = CppStandardVersion.Cpp20;
		// Private/Core and Private/Client are plain C++17 that is tested file by file outside of the engine.
		bUseUnity = false;
		bEnableExceptions = false;
		bUseRTTI = false;

		PublicDependencyModuleNames.AddRange(new string[]
		{
			"Core",
			"CoreUObject",
			"Engine",
			"AudioMixer",
			"DeveloperSettings",
			"AnimGraphRuntime",
		});
		PrivateDependencyModuleNames.AddRange(new string[]
		{
			"AudioCaptureCore",
			"LiveLinkInterface",
			"Projects",
			"SignalProcessing",
			"WebSockets",
		});
		// The line that it says where nobody has given it another one.
		RuntimeDependencies.Add("$(PluginDir)/Resources/Speech/speech.wav", StagedFileType.NonUFS);
	}
}
