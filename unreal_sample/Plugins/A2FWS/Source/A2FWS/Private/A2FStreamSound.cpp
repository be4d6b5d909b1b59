#include "A2FStream.h"

#include "A2FOutputs.h"
#include "AudioDevice.h"
#include "Engine/World.h"
#include "GameFramework/Actor.h"
#include "Sound/SoundAttenuation.h"
#include "Sound/SoundClass.h"
#include "Sound/SoundConcurrency.h"
#include "Sound/SoundSubmix.h"
#include "Sound/SoundWave.h"

namespace
{
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

/** What is set counts before what is there. */
template <class T>
void Prefer(T* Set, TWeakObjectPtr<T>& Place)
{
	if (Set != nullptr)
	{
		Place = Set;
	}
}
}

void FA2FStream::RetireOutput()
{
	if (UA2FVoiceComponent* Old = Voice.Get())
	{
		Old->Stop();
		Old->DestroyComponent();
	}
	Voice.Reset();
	// A generator that still renders holds its own share of the queue.
	Queue.reset();
	if (Output)
	{
		Retired.push_back({std::move(Output), nullptr});
	}
}

void FA2FStream::BuildOutput()
{
	// One rate for whatever is said: no session is opened again for the rate of a line.
	const int32 Rate = FMath::Clamp(Owner.SoundRate, 8000, 192000);
	Route = RouteNow();
	const FAudioDevice* Device = Owner.GetWorld()->GetAudioDeviceRaw();
	if (Sink.IsValid() || Clock.IsValid())
	{
		Output = std::make_unique<a2f::ForeignOutput>(std::make_unique<FA2FForeign>(Sink.IsValid() ? TSharedPtr<IA2FClock>(Sink) : Clock, Sink));
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
	NewVoice->SetRoute(Route);
	NewVoice->SetupAttachment(Owner.GetOwner()->GetRootComponent());
	NewVoice->RegisterComponent();
	NewVoice->Start();
	Voice = NewVoice;
	Output = std::make_unique<FA2FQueueOutput>(Queue);
}

FA2FVoiceRoute FA2FStream::RouteNow() const
{
	FA2FVoiceRoute Wanted = RouteOfWave;
	Wanted.bIsSpatial = Owner.bSpatializeVoice;
	Prefer<USoundAttenuation>(Owner.VoiceAttenuation, Wanted.Attenuation);
	Prefer<USoundClass>(Owner.VoiceClass, Wanted.Class);
	Prefer<USoundSubmixBase>(Owner.VoiceSubmix, Wanted.Submix);
	Prefer<USoundConcurrency>(Owner.VoiceConcurrency, Wanted.Concurrency);
	return Wanted;
}

void FA2FStream::Reroute()
{
	if (!Voice.IsValid())
	{
		return;
	}
	Voice->SetVolumeMultiplier(Owner.VoiceVolume);
	// Never within a line.
	if (Character->IsBusy() || RouteNow() == Route)
	{
		return;
	}
	std::unique_ptr<a2f::Output> Old = std::move(Output);
	RetireOutput();
	BuildOutput();
	Character->Use(*Output);
	Retired.push_back({std::move(Old), nullptr});
}

void FA2FStream::NoteWave(const USoundWave& Wave)
{
	RouteOfWave = FA2FVoiceRoute();
	Prefer<USoundAttenuation>(Wave.AttenuationSettings, RouteOfWave.Attenuation);
	Prefer<USoundClass>(Wave.SoundClassObject, RouteOfWave.Class);
	Prefer<USoundSubmixBase>(Wave.SoundSubmixObject, RouteOfWave.Submix);
	for (USoundConcurrency* Concurrency : Wave.ConcurrencySet)
	{
		RouteOfWave.Concurrency = Concurrency;
	}
}
