#include "A2FVoiceComponent.h"

#include "A2FSubsystem.h"
#include "AudioDevice.h"
#include "Client/SoundQueue.h"
#include "Sound/SoundGenerator.h"

namespace
{
/** Frames that are asked for at once: a small part of what the mixer renders in one go. */
constexpr int32 FramesPerCall = 256;
/** Blocks that a procedural source renders ahead of the mixer. */
constexpr int32 BlocksAhead = 2;

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

UA2FVoiceComponent::UA2FVoiceComponent(const FObjectInitializer& ObjectInitializer) : Super(ObjectInitializer)
{
	NumChannels = 1;
	PreferredBufferLength = FramesPerCall;
	bAutoActivate = false;
	// A face freezes when its voice is culled.
	bAlwaysPlay = true;
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
	const double Source_s = static_cast<double>(FramesPerCall) * BlocksAhead / Queue->Rate();
	return static_cast<int64>((Device_s + Source_s) * 1e6);
}
