#include "A2FStream.h"

#include "A2FLog.h"
#include "A2FSubsystem.h"
#include "A2FTap.h"
#include "A2FText.h"
#include "A2FVoiceComponent.h"
#include "Components/AudioComponent.h"
#include "Core/Clip.h"
#include "GameFramework/Actor.h"
#include "Sound/SoundWave.h"

namespace
{
/** Two seconds at 48 kHz: a game that stands for longer drops what it did not hear. */
constexpr std::size_t PipeFrames = 96000;
}

bool FA2FStream::StartMicrophone()
{
	if (!bIsOpen)
	{
		return false;
	}
	Tap(nullptr, EA2FTap::Delayed);
	Pipe = std::make_shared<a2f::Pipe>(PipeFrames);
	if (!Microphone.Start(Pipe))
	{
		return false;
	}
	bIsHeardElsewhere = true;
	SetSource(a2f::AudioSource::kMic, Microphone.GetSampleRate(), nullptr);
	return true;
}

void FA2FStream::StopMicrophone()
{
	if (Microphone.GetSampleRate() == 0)
	{
		return;
	}
	Microphone.Stop();
	TakeCaptured(UA2FSubsystem::NowUs());
	Pipe.reset();
	End();
}

void FA2FStream::Tap(UAudioComponent* NewVoice, EA2FTap Kind)
{
	if (UAudioComponent* Old = Tapped.Get())
	{
		Old->SetSourceBufferListener(nullptr, false);
		TakeCaptured(UA2FSubsystem::NowUs());
		Pipe.reset();
		End();
	}
	Tapped = NewVoice;
	if (NewVoice == nullptr || !bIsOpen)
	{
		return;
	}
	StopMicrophone();
	Pipe = std::make_shared<a2f::Pipe>(PipeFrames);
	bIsHeardElsewhere = Kind == EA2FTap::Direct;
	NewVoice->SetSourceBufferListener(MakeShared<FA2FTapListener, ESPMode::ThreadSafe>(Pipe), !bIsHeardElsewhere);
}

void FA2FStream::TapWhilePlayed(USoundWave* Wave)
{
	UAudioComponent* Player = NewObject<UAudioComponent>(Owner.GetOwner(), NAME_None, RF_Transient);
	Player->bAutoDestroy = true;
	Player->bAllowSpatialization = false;
	Player->SetSound(Wave);
	Player->RegisterComponent();
	// Before Play: shipping builds hand a listener over when a source starts, and not later.
	Tap(Player, EA2FTap::Delayed);
	TWeakObjectPtr<UA2FStreamComponent> Weak(&Owner);
	Player->OnAudioFinishedNative.AddLambda([Weak](UAudioComponent* Finished)
	{
		if (UA2FStreamComponent* Alive = Weak.Get())
		{
			Alive->TapAudioComponent(nullptr);
		}
	});
	Player->Play();
}

void FA2FStream::TakeCaptured(int64 NowUs)
{
	if (!Pipe)
	{
		return;
	}
	Captured.clear();
	if (Pipe->Take(Captured) == 0)
	{
		return;
	}
	SetSource(Source, Pipe->Rate(), nullptr);
	if (bIsStale || !Character)
	{
		return;
	}
	if (bIsHeardElsewhere)
	{
		Character->Hear(Captured.data(), Captured.size(), NowUs);
	}
	else
	{
		Character->Feed(Captured.data(), Captured.size());
	}
}

bool FA2FStream::PlayClip(const TArray<uint8>& Content, const a2f::WavSound& Sound)
{
	a2f::Clip Clip;
	a2f::Fault Fault;
	if (!Clip.Load({Content.GetData(), static_cast<std::size_t>(Content.Num())}, Fault))
	{
		UE_LOG(LogA2F, Warning, TEXT("the clip is none, or damaged: %s"), *A2FText::Of(Fault.message));
		return false;
	}
	if (!bIsOpen)
	{
		Open();
	}
	if (!Character)
	{
		return false;
	}
	SetSource(Source, Sound.rate, nullptr);
	if (bIsStale)
	{
		Build();
	}
	Character->PlayClip(Clip, Sound.samples.data(), Sound.samples.size());
	return true;
}

void FA2FStream::Sweep(float Seconds)
{
	if (!bIsOpen)
	{
		return;
	}
	SetSource(a2f::AudioSource::kLine, Rate, "sweep");
	const std::size_t Count = static_cast<std::size_t>(FMath::Clamp(Seconds, 1.f, 600.f) * Rate);
	Pending.push_back({Rate, true, std::vector<float>(Count, 0.f)});
}

void FA2FStream::OnRows()
{
	Face.SetNames(Character->Curves());
}

void FA2FStream::OnConnected()
{
	const bool bSays = Owner.bSayBundledLine && Owner.WatchName.IsEmpty() && !bHasSpoken;
	bHasSpoken = true;
	Owner.OnConnected.Broadcast();
	if (bSays)
	{
		Owner.SpeakFile(FString());
	}
}

void FA2FStream::OnLineBegun(std::int32_t U)
{
	Owner.OnUtteranceStarted.Broadcast(U);
}

void FA2FStream::OnLineEnded(std::int32_t U)
{
	Owner.OnUtteranceEnded.Broadcast(U);
}

void FA2FStream::OnStatus(const std::string& Code, const std::string& Message)
{
	Owner.OnStatus.Broadcast(A2FText::Of(Code), A2FText::Of(Message));
}

void FA2FStream::OnError(int Code, const std::string& Message)
{
	UE_LOG(LogA2F, Warning, TEXT("%s: %d %s"), *Owner.GetOwner()->GetName(), Code, *A2FText::Of(Message));
	Owner.OnError.Broadcast(Code, A2FText::Of(Message));
}

void FA2FStream::OnEnded(int Code, const std::string& Reason)
{
	OnError(Code, Reason);
}

a2f::Report FA2FStream::GetReport() const
{
	if (!Character)
	{
		a2f::Report Report;
		Report.problem = "not connected";
		return Report;
	}
	a2f::Report Report = Character->Doing();
	Report.matched = Face.GetMatched();
	Report.has_audio = !Queue || Queue->IsPulled(UA2FSubsystem::NowUs());
	Report.underruns = Queue ? Queue->Underruns() : 0;
	return Report;
}

void FA2FStream::TellStats() const
{
#if STATS
	const a2f::Report Report = Character->Doing();
	INC_DWORD_STAT(STAT_A2FCharacters);
	SET_FLOAT_STAT(STAT_A2FRoundTrip, Report.round_trip_us / 1000.f);
	SET_FLOAT_STAT(STAT_A2FLookAhead, Report.look_ahead_us / 1000.f);
	SET_FLOAT_STAT(STAT_A2FSkew, Report.skew_us / 1000.f);
	INC_DWORD_STAT_BY(STAT_A2FStalls, Report.stalls);
	INC_DWORD_STAT_BY(STAT_A2FUnderruns, Queue ? Queue->Underruns() : 0);
	INC_DWORD_STAT_BY(STAT_A2FDropped, static_cast<uint32>(Report.dropped));
#endif
}
