#include "A2FModule.h"

#include "A2FLiveLinkSource.h"
#include "A2FLog.h"
#include "A2FStreamComponent.h"
#include "A2FSubsystem.h"
#include "Engine/World.h"
#include "GameFramework/Actor.h"
#include "HAL/IConsoleManager.h"
#include "Misc/ConfigCacheIni.h"

DEFINE_LOG_CATEGORY(LogA2F);

DEFINE_STAT(STAT_A2FSample);
DEFINE_STAT(STAT_A2FConnections);
DEFINE_STAT(STAT_A2FCharacters);
DEFINE_STAT(STAT_A2FRoundTrip);
DEFINE_STAT(STAT_A2FLookAhead);
DEFINE_STAT(STAT_A2FSkew);
DEFINE_STAT(STAT_A2FStalls);
DEFINE_STAT(STAT_A2FUnderruns);
DEFINE_STAT(STAT_A2FDropped);

namespace
{
const TCHAR* const SocketSection = TEXT("WebSockets.LibWebSockets");
const TCHAR* const FrameTimeKey = TEXT("ThreadTargetFrameTimeInSeconds");
const TCHAR* const SleepKey = TEXT("ThreadMinimumSleepTimeInSeconds");

/** The engine's socket thread looks 30 times a second, unless it is told before its module loads. */
void HastenSockets()
{
	double Value = 0.0;
	if (GConfig == nullptr || FModuleManager::Get().IsModuleLoaded(TEXT("WebSockets")))
	{
		return;
	}
	// The engine's own BaseEngine.ini has 1/30: that is no choice of the project's.
	const bool bIsSet = GConfig->GetDouble(SocketSection, FrameTimeKey, Value, GEngineIni);
	if (!bIsSet || Value > 0.03)
	{
		GConfig->SetDouble(SocketSection, FrameTimeKey, 0.0, GEngineIni);
		GConfig->SetDouble(SocketSection, SleepKey, 0.001, GEngineIni);
	}
}

void SweepAll(const TArray<FString>& Arguments, UWorld* World)
{
	const UA2FSubsystem* Subsystem = World != nullptr ? UWorld::GetSubsystem<UA2FSubsystem>(World) : nullptr;
	if (Subsystem == nullptr)
	{
		return;
	}
	const float Seconds = Arguments.Num() > 0 ? FCString::Atof(*Arguments[0]) : 60.f;
	for (UA2FStreamComponent* Component : Subsystem->Components())
	{
		if (Arguments.Num() < 2 || Component->GetOwner()->GetName() == Arguments[1])
		{
			Component->Sweep(Seconds);
		}
	}
}

void SayAll(const TArray<FString>& Arguments, UWorld* World)
{
	const UA2FSubsystem* Subsystem = World != nullptr ? UWorld::GetSubsystem<UA2FSubsystem>(World) : nullptr;
	if (Subsystem == nullptr)
	{
		return;
	}
	for (UA2FStreamComponent* Component : Subsystem->Components())
	{
		Component->Interrupt();
		Component->SpeakFile(Arguments.Num() > 0 ? Arguments[0] : FString());
	}
}

FAutoConsoleCommandWithWorldAndArgs SayCommand(
	TEXT("a2f.Say"),
	TEXT("a2f.Say [file.wav]: all characters say the bundled line, or a file"),
	FConsoleCommandWithWorldAndArgsDelegate::CreateStatic(&SayAll));

FAutoConsoleCommandWithWorldAndArgs SweepCommand(
	TEXT("a2f.Sweep"),
	TEXT("a2f.Sweep [seconds] [actor]: moves one curve at a time, to check a character's set-up"),
	FConsoleCommandWithWorldAndArgsDelegate::CreateStatic(&SweepAll));
}

FA2FModule& FA2FModule::Get()
{
	return FModuleManager::GetModuleChecked<FA2FModule>(TEXT("A2FWS"));
}

void FA2FModule::StartupModule()
{
	HastenSockets();
}

void FA2FModule::ShutdownModule()
{
	FA2FLiveLinkSource::Remove();
	LocalServer.Stop();
}

IMPLEMENT_MODULE(FA2FModule, A2FWS)
