/** One voice of the game, as it is rendered. */
#pragma once

#include "AudioDevice.h"
#include "CoreMinimal.h"

#include <memory>

#include "Client/Pipe.h"

/** Told by the audio mixer's thread; holds nothing that the garbage collector knows. */
class FA2FTapListener final : public ISourceBufferListener
{
public:
	explicit FA2FTapListener(std::shared_ptr<a2f::Pipe> InPipe) : Pipe(std::move(InPipe)) {}

	virtual void OnNewBuffer(const FOnNewBufferParams& Params) override
	{
		if (Params.AudioData != nullptr && Params.NumChannels > 0)
		{
			const int32 Frames = Params.NumSamples / Params.NumChannels;
			Pipe->Put(Params.AudioData, static_cast<std::size_t>(FMath::Max(0, Frames)), Params.NumChannels, Params.SampleRate);
		}
	}

	virtual void OnSourceReleased(const int32 SourceId) override {}

private:
	std::shared_ptr<a2f::Pipe> Pipe;
};
