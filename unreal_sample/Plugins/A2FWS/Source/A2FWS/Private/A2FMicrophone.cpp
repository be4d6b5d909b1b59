#include "A2FMicrophone.h"

#include "A2FLog.h"

namespace
{
constexpr uint32 FramesWanted = 512;
}

bool FA2FMicrophone::Start(std::shared_ptr<a2f::Pipe> Pipe)
{
	Stop();
	Audio::FAudioCaptureDeviceParams Params;
	// Told by a thread of the capture's: it holds the pipe, never this.
	auto OnCapture = [Pipe = std::move(Pipe)](const void* Data, int32 Frames, int32 Channels, int32 Rate, double Time, bool bOverflow)
	{
		Pipe->Put(static_cast<const float*>(Data), static_cast<std::size_t>(FMath::Max(0, Frames)), Channels, Rate);
	};
	if (!Capture.OpenAudioCaptureStream(Params, MoveTemp(OnCapture), FramesWanted) || !Capture.StartStream())
	{
		UE_LOG(LogA2F, Warning, TEXT("no microphone can be opened: is it allowed for this program?"));
		Capture.AbortStream();
		return false;
	}
	SampleRate = Capture.GetSampleRate();
	return SampleRate > 0;
}

void FA2FMicrophone::Stop()
{
	SampleRate = 0;
	if (Capture.IsStreamOpen())
	{
		// Returns when no call of the callback is under way any more.
		Capture.AbortStream();
	}
}
