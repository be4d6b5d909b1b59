#include "A2FStream.h"

#include "A2FLog.h"
#include "A2FSubsystem.h"
#include "A2FTap.h"
#include "A2FText.h"
#include "Components/AudioComponent.h"
#include "GameFramework/Actor.h"
#include "Sound/SoundAttenuation.h"
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
	LetGo();
	StopPlayers();
	Pipe = std::make_shared<a2f::Pipe>(PipeFrames);
	if (!Microphone.Start(Pipe))
	{
		Pipe.reset();
		return false;
	}
	bIsHeardElsewhere = true;
	SetSource(a2f::AudioSource::kMic, A2FText::Of(Owner.Model));
	return true;
}

void FA2FStream::StopMicrophone()
{
	if (Microphone.GetSampleRate() != 0)
	{
		LetGo();
	}
}

/** Microphone or tap: whatever goes on by itself is given back, and its line ends. */
void FA2FStream::LetGo()
{
	const bool bHasMicrophone = Microphone.GetSampleRate() != 0;
	Microphone.Stop();
	UAudioComponent* Old = Tapped.Get();
	Tapped.Reset();
	if (Old != nullptr)
	{
		Old->SetSourceBufferListener(nullptr, false);
	}
	if (Script.Playing() != 0)
	{
		return;
	}
	if (bHasMicrophone || Old != nullptr)
	{
		TakeCaptured(UA2FSubsystem::NowUs());
	}
	Pipe.reset();
	if (Character)
	{
		Script.EndListening(*Character);
	}
}

void FA2FStream::Tap(UAudioComponent* NewVoice, EA2FTap Kind)
{
	LetGo();
	if (NewVoice == nullptr || !bIsOpen)
	{
		return;
	}
	StopPlayers();
	SetSource(a2f::AudioSource::kLine, A2FText::Of(Owner.Model));
	Pipe = std::make_shared<a2f::Pipe>(PipeFrames);
	bIsHeardElsewhere = Kind == EA2FTap::Direct;
	Tapped = NewVoice;
	NewVoice->SetSourceBufferListener(MakeShared<FA2FTapListener, ESPMode::ThreadSafe>(Pipe), !bIsHeardElsewhere);
}

void FA2FStream::TapWhilePlayed(USoundWave* Wave)
{
	SetSource(a2f::AudioSource::kLine, A2FText::Of(Owner.Model));
	UAudioComponent* Player = NewObject<UAudioComponent>(Owner.GetOwner(), NAME_None, RF_Transient);
	// Registering it must not play it: its turn may be far away.
	Player->bAutoActivate = false;
	Player->bAutoDestroy = true;
	Player->bAllowSpatialization = false;
	// Nor may distance silence it: how far the voice carries is for the voice to say.
	Player->bOverrideAttenuation = true;
	Player->AttenuationOverrides.bAttenuate = false;
	Player->AttenuationOverrides.bSpatialize = false;
	Player->SetSound(Wave);
	Player->RegisterComponent();
	Players.push_back({Script.Wave(), Player});
}

/** Play the wave whose turn has come. */
void FA2FStream::PlayNext()
{
	const int Playing = Script.Playing();
	if (Playing != 0 && !Players.empty() && Players.front().Wave == Playing && !Players.front().Component.IsValid())
	{
		// Somebody destroyed it, who does not tell.
		WaveEnded(Playing);
	}
	const int Wave = Script.TakeTurn();
	if (Wave == 0)
	{
		return;
	}
	LetGo();
	Pipe = std::make_shared<a2f::Pipe>(PipeFrames);
	bIsHeardElsewhere = false;
	UAudioComponent* Player = Players.empty() ? nullptr : Players.front().Component.Get();
	if (Player == nullptr)
	{
		WaveEnded(Wave);
		return;
	}
	// Before Play: shipping builds hand a listener over when a source starts, and not later.
	Player->SetSourceBufferListener(MakeShared<FA2FTapListener, ESPMode::ThreadSafe>(Pipe), true);
	TWeakObjectPtr<UA2FStreamComponent> Weak(&Owner);
	Player->OnAudioFinishedNative.AddLambda([Weak, Wave](UAudioComponent* Finished)
	{
		UA2FStreamComponent* Alive = Weak.Get();
		if (Alive != nullptr && Alive->Stream.IsValid())
		{
			Alive->Stream->WaveEnded(Wave);
		}
	});
	Player->Play();
	if (!Player->IsPlaying())
	{
		UE_LOG(LogA2F, Warning, TEXT("%s has no sound to play its wave with"), *Owner.GetName());
		WaveEnded(Wave);
		Player->DestroyComponent();
	}
}

void FA2FStream::WaveEnded(int Wave)
{
	if (Wave == 0 || Script.Playing() != Wave)
	{
		// It was stopped: whatever is heard now is not its own.
		return;
	}
	TakeCaptured(UA2FSubsystem::NowUs());
	Pipe.reset();
	Script.WaveEnded(Wave);
	if (!Players.empty() && Players.front().Wave == Wave)
	{
		Players.erase(Players.begin());
	}
}

/** What plays and what waits to be played is dropped. */
void FA2FStream::StopPlayers()
{
	if (Script.Playing() != 0)
	{
		Pipe.reset();
	}
	const std::vector<FPlayer> Old = std::move(Players);
	Players.clear();
	for (const FPlayer& One : Old)
	{
		Script.Drop(One.Wave);
		if (UAudioComponent* Player = One.Component.Get())
		{
			Player->Stop();
			Player->DestroyComponent();
		}
	}
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
	if (Script.Playing() != 0)
	{
		Script.Capture(Captured.data(), Captured.size(), Pipe->Rate());
	}
	else if (Character && !bIsStale)
	{
		Script.Listen(*Character, Captured.data(), Captured.size(), Pipe->Rate(), bIsHeardElsewhere, NowUs);
	}
}
