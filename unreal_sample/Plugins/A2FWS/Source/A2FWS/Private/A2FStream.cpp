#include "A2FStream.h"

#include "A2FLog.h"
#include "A2FSettings.h"
#include "A2FSubsystem.h"
#include "A2FText.h"
#include "Components/AudioComponent.h"
#include "Engine/World.h"
#include "GameFramework/Actor.h"

namespace
{
/** Sound that is fed before Connect is kept for that long, seconds. */
constexpr double KeptS = 60.0;
}

void FA2FStream::Open()
{
	UA2FSubsystem* Subsystem = UWorld::GetSubsystem<UA2FSubsystem>(Owner.GetWorld());
	AActor* Actor = Owner.GetOwner();
	if (Subsystem == nullptr || Actor == nullptr)
	{
		return;
	}
	const FString& Url = Owner.ServerUrl.IsEmpty() ? GetDefault<UA2FSettings>()->ServerUrl : Owner.ServerUrl;
	Client = Subsystem->ClientOf(Url);
	Choice = Face.Find(*Actor, static_cast<a2f::FaceMode>(Owner.FaceMode), Owner.Rig, Owner.FaceAnimation.Get());
	const FName Subject = Owner.SubjectName.IsNone() ? FName(*Actor->GetActorNameOrLabel()) : Owner.SubjectName;
	Face.Hook(*Actor, Subject, Owner);
	Model = A2FText::Of(Owner.Model);
	Source = a2f::AudioSource::kLine;
	bHasToldConnected = false;
	bIsOpen = true;
	Build();
}

void FA2FStream::Close()
{
	if (!bIsOpen)
	{
		// What was asked for before Connect waits on.
		return;
	}
	LetGo();
	StopPlayers();
	Script.Clear();
	Carry.Drop();
	bIsOpen = false;
	Retire();
	Face.Release();
	Client = nullptr;
}

void FA2FStream::Retire()
{
	// It may be telling of a line just now, to somebody who answered with Disconnect or Connect.
	FRetired Old{std::move(Output), std::move(Character)};
	RetireOutput();
	if (Old.Character)
	{
		Old.Character->Leave();
		Old.Character->TellLines();
	}
	Retired.push_back(std::move(Old));
}

void FA2FStream::Build()
{
	bIsStale = false;
	// The new session has to be told that nobody looks.
	bWasSeen = true;
	if (!Character)
	{
		BuildOutput();
		Script.SetRate(Output->Rate());
		Character = std::make_unique<a2f::Character>(*Client, *Output, *this);
	}
	Character->idle.level = static_cast<a2f::IdleLevel>(Owner.IdleLife);
	const int32 Seed = Owner.IdleSeed != 0 ? Owner.IdleSeed : static_cast<int32>(GetTypeHash(Owner.GetOwner()->GetName()));
	Character->idle.seed = static_cast<std::uint32_t>(Seed);
	a2f::Open Message;
	// A sweep knows neither emotions nor parameters.
	if (Model == A2FText::Of(Owner.Model))
	{
		Wishes.Write(Message);
	}
	Message.rig = Choice.rig;
	if (!Choice.have.empty())
	{
		Message.have = Choice.have;
	}
	Message.fps.num = FMath::Clamp(Owner.PosesPerSecond, 10, 240);
	a2f::AudioFormat Format;
	Format.source = Source;
	Message.audio = Format;
	Message.want.push_back(a2f::Want::kStatus);
	if (!Model.empty())
	{
		Message.model = Model;
	}
	const FString& Name = Owner.WatchName.IsEmpty() ? Owner.SessionName : Owner.WatchName;
	if (!Name.IsEmpty())
	{
		Message.name = A2FText::Of(Name);
	}
	Message.role = Owner.WatchName.IsEmpty() ? a2f::Role::kSpeak : a2f::Role::kWatch;
	Character->Begin(std::move(Message));
}

void FA2FStream::SetSource(a2f::AudioSource NewSource, const std::string& NewModel)
{
	bIsStale = bIsStale || NewSource != Source || NewModel != Model;
	Source = NewSource;
	Model = NewModel;
}

void FA2FStream::Feed(const float* Samples, int32 Frames, int32 SampleRate, int32 Channels)
{
	if (Frames < 1 || Channels < 1)
	{
		return;
	}
	if (!bIsOpen && Script.WaitingS() > KeptS)
	{
		UE_LOG(LogA2F, Warning, TEXT("%s is not connected, and more than a minute of sound waits: it is dropped"), *Owner.GetName());
		return;
	}
	SetSource(a2f::AudioSource::kLine, A2FText::Of(Owner.Model));
	Script.Feed(Samples, static_cast<std::size_t>(Frames), Channels, SampleRate);
}

void FA2FStream::FeedPcm(const uint8* Bytes, int32 Size, int32 SampleRate, int32 Channels)
{
	Floats.clear();
	Carry.Push(Bytes, static_cast<std::size_t>(FMath::Max(0, Size)), Channels, Floats);
	Feed(Floats.data(), static_cast<int32>(Floats.size()) / Channels, SampleRate, Channels);
}

void FA2FStream::End()
{
	Carry.Drop();
	Script.End();
}

void FA2FStream::Interrupt()
{
	StopPlayers();
	Carry.Drop();
	Script.Clear();
	if (Pipe)
	{
		// Of a voice that goes on, only what comes from now on.
		Captured.clear();
		Pipe->Take(Captured);
	}
	if (Character)
	{
		Character->Interrupt(UA2FSubsystem::NowUs());
	}
}

void FA2FStream::Say(float DeltaTime, int64 NowUs)
{
	if (bIsStale)
	{
		Build();
	}
	Reroute();
	PlayNext();
	TakeCaptured(NowUs);
	Script.Flush(*Character);
	if (Queue && Voice.IsValid())
	{
		Queue->SetLatencyUs(Voice->LatencyUs());
	}
	// Live Link hands out a frame when the next one begins: what is pushed is that much ahead.
	const float AheadMs = Choice.mode == a2f::FaceMode::LiveLink ? 1000.f * FMath::Min(DeltaTime, 0.1f) : 0.f;
	const float LateMs = GetDefault<UA2FSettings>()->ExtraLatencyMs + Owner.AvOffsetMs - AheadMs;
	Character->SetAvOffsetUs(static_cast<int64>(LateMs * 1000.f));
	Character->Pause(Owner.GetWorld()->IsPaused());
}

void FA2FStream::Tick(float DeltaTime)
{
	SCOPE_CYCLE_COUNTER(STAT_A2FSample);
	Retired.clear();
	if (!bIsOpen)
	{
		return;
	}
	const int64 NowUs = UA2FSubsystem::NowUs();
	Say(DeltaTime, NowUs);
	const bool bIsSeen = !Owner.bRestWhenUnseen || Face.IsSeen();
	if (bIsSeen != bWasSeen)
	{
		bWasSeen = bIsSeen;
		Character->SetVisible(bIsSeen, NowUs);
	}
	const a2f::RowView Row = Character->Sample(NowUs);
	Face.Write(Row.data, Row.size, Owner.bMoveHead);
	if (Owner.OnPose.IsBound() && Face.GetValues().Num() > 0)
	{
		Owner.OnPose.Broadcast(Face.GetValues());
	}
	if (Character)
	{
		TellStats();
	}
}
