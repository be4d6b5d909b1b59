#include "A2FStream.h"

#include "A2FLog.h"
#include "A2FOutputs.h"
#include "A2FSettings.h"
#include "A2FSubsystem.h"
#include "A2FText.h"
#include "A2FVoiceComponent.h"
#include "AudioDevice.h"
#include "Components/AudioComponent.h"
#include "Core/Pcm.h"
#include "Engine/World.h"
#include "GameFramework/Actor.h"

namespace
{
/** Sample frames per second of the bundled line, and of what text-to-speech gives mostly. */
constexpr int32 BundledRate = 16000;
constexpr int32 UsualRate = 24000;

/** The client's output that a shared queue stands for. */
class FA2FQueueOutput final : public a2f::Output
{
public:
	explicit FA2FQueueOutput(std::shared_ptr<a2f::SoundQueue> InQueue) : Queue(std::move(InQueue)) {}
	virtual int Rate() const override { return Queue->Rate(); }
	virtual std::size_t Put(const float* Samples, std::size_t Count) override { return Queue->Put(Samples, Count); }
	virtual void Run(bool bRuns) override { Queue->Run(bRuns); }
	virtual void Clear() override { Queue->Clear(); }
	virtual std::int64_t PutFrames() const override { return Queue->PutFrames(); }
	virtual std::int64_t HeardFrames(std::int64_t now_us) override { return Queue->HeardFrames(now_us); }

private:
	std::shared_ptr<a2f::SoundQueue> Queue;
};
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
	Rate = Owner.bSayBundledLine ? BundledRate : UsualRate;
	bIsOpen = true;
	Build();
}

void FA2FStream::Close()
{
	StopMicrophone();
	Tap(nullptr, EA2FTap::Delayed);
	bIsOpen = false;
	Pending.clear();
	Retire();
	Face.Release();
	Client = nullptr;
}

void FA2FStream::Retire()
{
	if (UA2FVoiceComponent* Old = Voice.Get())
	{
		Old->Stop();
		Old->DestroyComponent();
	}
	Voice.Reset();
	// A generator that still renders holds its own share of the queue.
	Queue.reset();
	if (Character)
	{
		// It may be telling of a line just now, to somebody who answered with Disconnect.
		Character->Leave();
		Retired.push_back({std::move(Output), std::move(Character)});
	}
	Output.reset();
}

void FA2FStream::BuildOutput()
{
	const FAudioDevice* Device = Owner.GetWorld()->GetAudioDeviceRaw();
	if (Sink.IsValid() || Clock.IsValid())
	{
		Output = std::make_unique<FA2FForeignOutput>(Sink.IsValid() ? TSharedPtr<IA2FClock>(Sink) : Clock, Sink);
		return;
	}
	if (Device == nullptr)
	{
		Output = std::make_unique<a2f::SilentOutput>(Rate);
		return;
	}
	Queue = std::make_shared<a2f::SoundQueue>(Rate);
	UA2FVoiceComponent* NewVoice = NewObject<UA2FVoiceComponent>(Owner.GetOwner(), NAME_None, RF_Transient);
	NewVoice->SetQueue(Queue);
	NewVoice->SetupAttachment(Owner.GetOwner()->GetRootComponent());
	NewVoice->RegisterComponent();
	NewVoice->Start();
	Voice = NewVoice;
	Output = std::make_unique<FA2FQueueOutput>(Queue);
}

void FA2FStream::Build()
{
	bIsStale = false;
	Retire();
	BuildOutput();
	Character = std::make_unique<a2f::Character>(*Client, *Output, *this);
	Character->idle.level = static_cast<a2f::IdleLevel>(Owner.IdleLife);
	const int32 Seed = Owner.IdleSeed != 0 ? Owner.IdleSeed : static_cast<int32>(GetTypeHash(Owner.GetOwner()->GetName()));
	Character->idle.seed = static_cast<std::uint32_t>(Seed);
	a2f::Open Message;
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

void FA2FStream::SetSource(a2f::AudioSource NewSource, int32 SampleRate, const char* NewModel)
{
	const std::string Wanted = NewModel != nullptr ? std::string(NewModel) : A2FText::Of(Owner.Model);
	const bool bIsForeign = Sink.IsValid() || Clock.IsValid();
	const int32 NewRate = bIsForeign ? RateNow() : SampleRate;
	bIsStale = bIsStale || NewSource != Source || NewRate != Rate || Wanted != Model;
	Source = NewSource;
	Rate = NewRate;
	Model = Wanted;
}

void FA2FStream::Feed(const float* Samples, int32 Frames, int32 SampleRate, int32 Channels)
{
	if (!bIsOpen || Frames < 1 || Channels < 1)
	{
		return;
	}
	SetSource(a2f::AudioSource::kLine, SampleRate, nullptr);
	bIsHeardElsewhere = false;
	Mono.clear();
	a2f::AppendMono(Samples, static_cast<std::size_t>(Frames), Channels, Mono);
	if (!bIsStale && Pending.empty())
	{
		Character->Feed(Mono.data(), Mono.size());
		return;
	}
	// A session for another rate is made at the next frame, outside of anybody's call.
	Pending.push_back({SampleRate, false, Mono});
}

void FA2FStream::End()
{
	if (!Pending.empty())
	{
		Pending.back().bEnds = true;
	}
	else if (Character)
	{
		Character->Finish();
	}
}

void FA2FStream::Interrupt()
{
	Pending.clear();
	if (Character)
	{
		Character->Interrupt(UA2FSubsystem::NowUs());
	}
}

void FA2FStream::SayPending()
{
	const std::vector<FPiece> Pieces = std::move(Pending);
	Pending.clear();
	for (const FPiece& Piece : Pieces)
	{
		// Of lines of several rates in one frame the last one counts.
		if (Piece.Rate == RateNow() || Sink.IsValid() || Clock.IsValid())
		{
			Character->Feed(Piece.Samples.data(), Piece.Samples.size());
			if (Piece.bEnds)
			{
				Character->Finish();
			}
		}
	}
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
	TakeCaptured(NowUs);
	if (bIsStale)
	{
		Build();
	}
	SayPending();
	if (Queue && Voice.IsValid())
	{
		Queue->SetLatencyUs(Voice->LatencyUs());
	}
	// Live Link hands out a frame when the next one begins: what is pushed is that much ahead.
	const float AheadMs = Choice.mode == a2f::FaceMode::LiveLink ? 1000.f * FMath::Min(DeltaTime, 0.1f) : 0.f;
	const float LateMs = GetDefault<UA2FSettings>()->ExtraLatencyMs + Owner.AvOffsetMs - AheadMs;
	Character->SetAvOffsetUs(static_cast<int64>(LateMs * 1000.f));
	Character->Pause(Owner.GetWorld()->IsPaused());
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
