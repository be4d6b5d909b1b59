#include "A2FStreamComponent.h"

#include "A2FLog.h"
#include "A2FStream.h"
#include "A2FSubsystem.h"
#include "A2FText.h"
#include "Components/AudioComponent.h"
#include "Engine/World.h"
#include "Interfaces/IPluginManager.h"
#include "Misc/FileHelper.h"
#include "Misc/Paths.h"
#include "Sound/SoundWave.h"

namespace
{
FString BundledLine()
{
	const TSharedPtr<IPlugin> Plugin = IPluginManager::Get().FindPlugin(TEXT("A2FWS"));
	return Plugin.IsValid() ? FPaths::Combine(Plugin->GetBaseDir(), TEXT("Resources/Speech/speech.wav")) : FString();
}

bool LoadWav(const FString& File, a2f::WavSound& Sound)
{
	TArray<uint8> Content;
	const bool bIsRead = FFileHelper::LoadFileToArray(Content, *File) &&
		a2f::ReadWav({Content.GetData(), static_cast<std::size_t>(Content.Num())}, Sound);
	if (!bIsRead)
	{
		UE_LOG(LogA2F, Warning, TEXT("%s is no .wav file of 16-bit samples"), *File);
	}
	return bIsRead;
}

bool IsSound(int32 SampleRate, int32 Channels)
{
	const bool bIsSound = SampleRate >= 8000 && SampleRate <= 192000 && Channels >= 1 && Channels <= 8;
	if (!bIsSound)
	{
		UE_LOG(LogA2F, Warning, TEXT("found sound of %d Hz and %d channels, wanted 8000 to 192000 Hz and 1 to 8"), SampleRate, Channels);
	}
	return bIsSound;
}
}

UA2FStreamComponent::UA2FStreamComponent()
{
	PrimaryComponentTick.bCanEverTick = true;
	PrimaryComponentTick.TickGroup = TG_PrePhysics;
	// A paused game has a face too: idle life goes on, and the sound is told to stand.
	PrimaryComponentTick.bTickEvenWhenPaused = true;
}

void UA2FStreamComponent::BeginPlay()
{
	Super::BeginPlay();
	if (IsNetMode(NM_DedicatedServer))
	{
		// Nobody sees a face there: without a stream every call does nothing.
		SetComponentTickEnabled(false);
		return;
	}
	Stream = MakePimpl<FA2FStream>(*this);
	if (UA2FSubsystem* Subsystem = UWorld::GetSubsystem<UA2FSubsystem>(GetWorld()))
	{
		Subsystem->Add(this);
	}
	if (bAutoConnect)
	{
		Connect();
	}
}

void UA2FStreamComponent::EndPlay(const EEndPlayReason::Type Reason)
{
	Disconnect();
	if (UA2FSubsystem* Subsystem = UWorld::GetSubsystem<UA2FSubsystem>(GetWorld()))
	{
		Subsystem->Remove(this);
	}
	Super::EndPlay(Reason);
}

void UA2FStreamComponent::TickComponent(float DeltaTime, ELevelTick TickType, FActorComponentTickFunction* ThisTickFunction)
{
	Super::TickComponent(DeltaTime, TickType, ThisTickFunction);
	if (Stream.IsValid())
	{
		Stream->Tick(DeltaTime);
	}
}

void UA2FStreamComponent::Connect()
{
	if (Stream.IsValid())
	{
		Stream->Close();
		Stream->Open();
	}
}

void UA2FStreamComponent::Disconnect()
{
	if (Stream.IsValid())
	{
		Stream->Close();
	}
}

void UA2FStreamComponent::Speak(USoundWave* Wave)
{
	if (Wave == nullptr || !Stream.IsValid())
	{
		return;
	}
	Stream->NoteWave(*Wave);
#if WITH_EDITOR
	TArray<uint8> Bytes;
	uint32 SampleRate = 0;
	uint16 Channels = 0;
	if (Wave->GetImportedSoundWaveData(Bytes, SampleRate, Channels) && Bytes.Num() > 0)
	{
		FeedPcm(Bytes, static_cast<int32>(SampleRate), static_cast<int32>(Channels));
		End();
		return;
	}
#endif
	Stream->TapWhilePlayed(Wave);
}

bool UA2FStreamComponent::SpeakFile(const FString& File)
{
	a2f::WavSound Sound;
	if (!LoadWav(File.IsEmpty() ? BundledLine() : File, Sound))
	{
		return false;
	}
	FeedSamples(Sound.samples.data(), static_cast<int32>(Sound.samples.size()), Sound.rate, 1);
	End();
	return true;
}

void UA2FStreamComponent::FeedPcm(const TArray<uint8>& Bytes, int32 SampleRate, int32 Channels)
{
	if (IsSound(SampleRate, Channels) && Stream.IsValid())
	{
		Stream->FeedPcm(Bytes.GetData(), Bytes.Num(), SampleRate, Channels);
	}
}

void UA2FStreamComponent::FeedSamples(const float* Samples, int32 Frames, int32 SampleRate, int32 Channels)
{
	if (IsSound(SampleRate, Channels) && Stream.IsValid())
	{
		Stream->Feed(Samples, Frames, SampleRate, Channels);
	}
}

void UA2FStreamComponent::End()
{
	if (Stream.IsValid())
	{
		Stream->End();
	}
}

void UA2FStreamComponent::Interrupt()
{
	if (Stream.IsValid())
	{
		Stream->Interrupt();
	}
}

void UA2FStreamComponent::TapAudioComponent(UAudioComponent* Voice, EA2FTap Kind)
{
	if (Stream.IsValid())
	{
		Stream->Tap(Voice, Kind);
	}
}

bool UA2FStreamComponent::StartMicrophone()
{
	return Stream.IsValid() && Stream->StartMicrophone();
}

void UA2FStreamComponent::StopMicrophone()
{
	if (Stream.IsValid())
	{
		Stream->StopMicrophone();
	}
}

bool UA2FStreamComponent::PlayClip(const FString& ClipFile, const FString& SoundFile)
{
	TArray<uint8> Content;
	a2f::WavSound Sound;
	if (!Stream.IsValid() || !FFileHelper::LoadFileToArray(Content, *ClipFile) || !LoadWav(SoundFile, Sound))
	{
		return false;
	}
	return Stream->PlayClip(Content, Sound);
}

void UA2FStreamComponent::SetEmotion(const TMap<FString, float>& Values, float TransitionSeconds)
{
	if (!Stream.IsValid())
	{
		return;
	}
	a2f::Values Named;
	for (const TPair<FString, float>& One : Values)
	{
		Named.emplace_back(A2FText::Of(One.Key), FMath::Clamp(One.Value, 0.f, 1.f));
	}
	Stream->Feel(std::move(Named), static_cast<int64>(TransitionSeconds * 1e6));
}

void UA2FStreamComponent::SetParameter(const FString& Name, float Value)
{
	if (Stream.IsValid())
	{
		Stream->SetParam(A2FText::Of(Name), Value);
	}
}

void UA2FStreamComponent::Sweep(float Seconds)
{
	if (Stream.IsValid())
	{
		Stream->Sweep(Seconds);
	}
}

bool UA2FStreamComponent::IsConnected() const
{
	return Stream.IsValid() && Stream->IsOpen();
}

TArray<FName> UA2FStreamComponent::GetCurveNames() const
{
	return Stream.IsValid() ? Stream->GetFace().GetNames() : TArray<FName>();
}

TArray<FString> UA2FStreamComponent::GetDoctorLines() const
{
	TArray<FString> Lines;
	if (Stream.IsValid())
	{
		for (const std::string& Line : a2f::LinesOf(Stream->GetReport()))
		{
			Lines.Add(A2FText::Of(Line));
		}
	}
	return Lines;
}

void UA2FStreamComponent::SetSink(TSharedPtr<IA2FSink> Sink)
{
	if (Stream.IsValid())
	{
		Stream->Sink = Sink;
	}
}

void UA2FStreamComponent::SetClock(TSharedPtr<IA2FClock> Clock)
{
	if (Stream.IsValid())
	{
		Stream->Clock = Clock;
	}
}

void UA2FStreamComponent::CopyPose(TArray<FName>& OutNames, TArray<float>& OutValues) const
{
	OutNames.Reset();
	OutValues.Reset();
	if (Stream.IsValid())
	{
		OutNames.Append(Stream->GetFace().GetNames());
		OutValues.Append(Stream->GetFace().GetValues());
		Stream->NoteTaken();
	}
}
