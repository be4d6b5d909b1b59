#include "A2FVoiceComponent.h"

#include "A2FSubsystem.h"
#include "AudioDevice.h"
#include "Client/SoundQueue.h"
#include "HAL/IConsoleManager.h"
#include "Sound/SoundAttenuation.h"
#include "Sound/SoundClass.h"
#include "Sound/SoundConcurrency.h"
#include "Sound/SoundGenerator.h"
#include "Sound/SoundSubmix.h"

namespace
{
/** Frames that are asked for at once: a small part of what the mixer renders in one go. */
constexpr int32 FramesPerCall = 256;
/** Blocks that a procedural source renders ahead of the mixer, where it is not rendered at once. */
constexpr int32 BlocksAhead = 2;

/** Engines from 5.7 on can render procedural sources when the mixer asks, and do unless told otherwise. */
bool IsRenderedAhead()
{
	static IConsoleVariable* const Direct = IConsoleManager::Get().FindConsoleVariable(TEXT("au.DirectProceduralRendering"));
	return Direct == nullptr || Direct->GetInt() == 0;
}

/** Lives on the audio threads, and holds nothing that the garbage collector knows. */
class FA2FGenerator final : public ISoundGenerator
{
public:
	explicit FA2FGenerator(std::shared_ptr<a2f::SoundQueue> InQueue) : Queue(std::move(InQueue)) {}

	virtual int32 OnGenerateAudio(float* OutAudio, int32 NumSamples) override
	{
		Queue->Pull(OutAudio, static_cast<std::size_t>(NumSamples), UA2FSubsystem::NowUs());
		return NumSamples;
	}

	virtual int32 GetDesiredNumSamplesToRenderPerCallback() const override { return FramesPerCall; }

private:
	std::shared_ptr<a2f::SoundQueue> Queue;
};
}

bool FA2FVoiceRoute::operator==(const FA2FVoiceRoute& Other) const
{
	return Attenuation == Other.Attenuation && Class == Other.Class && Submix == Other.Submix &&
		Concurrency == Other.Concurrency && bIsSpatial == Other.bIsSpatial;
}

UA2FVoiceComponent::UA2FVoiceComponent(const FObjectInitializer& ObjectInitializer) : Super(ObjectInitializer)
{
	NumChannels = 1;
	PreferredBufferLength = FramesPerCall;
	bAutoActivate = false;
	// A face freezes when its voice is culled.
	bAlwaysPlay = true;
}

void UA2FVoiceComponent::SetRoute(const FA2FVoiceRoute& Route)
{
	// Start hands all of them to the audio component inside.
	bAllowSpatialization = Route.bIsSpatial;
	AttenuationSettings = Route.Attenuation.Get();
	SoundClass = Route.Class.Get();
	SoundSubmix = Route.Submix.Get();
	ConcurrencySet.Empty();
	if (USoundConcurrency* Concurrency = Route.Concurrency.Get())
	{
		ConcurrencySet.Add(Concurrency);
	}
}

bool UA2FVoiceComponent::Init(int32& SampleRate)
{
	if (Queue)
	{
		SampleRate = Queue->Rate();
	}
	NumChannels = 1;
	return Queue != nullptr;
}

ISoundGeneratorPtr UA2FVoiceComponent::CreateSoundGenerator(const FSoundGeneratorInitParams& InParams)
{
	return Queue ? ISoundGeneratorPtr(new FA2FGenerator(Queue)) : nullptr;
}

int64 UA2FVoiceComponent::LatencyUs() const
{
	const FAudioDevice* Device = GetAudioDevice();
	if (Device == nullptr || !Queue || Device->GetSampleRate() < 1.f)
	{
		return 0;
	}
	const double Device_s = static_cast<double>(Device->GetBufferLength()) * Device->GetNumBuffers() / Device->GetSampleRate();
	const double Source_s = IsRenderedAhead() ? static_cast<double>(FramesPerCall) * BlocksAhead / Queue->Rate() : 0.0;
	return static_cast<int64>((Device_s + Source_s) * 1e6);
}
