/** The default microphone. */
#pragma once

#include "AudioCaptureCore.h"
#include "CoreMinimal.h"

#include <memory>

#include "Client/Pipe.h"

class FA2FMicrophone
{
public:
	~FA2FMicrophone() { Stop(); }

	/** False: there is none, or it is denied. What it hears comes through the pipe. */
	bool Start(std::shared_ptr<a2f::Pipe> Pipe);
	void Stop();

	/** Sample frames per second; 0 while it is not open. */
	int32 GetSampleRate() const { return SampleRate; }

private:
	Audio::FAudioCapture Capture;
	int32 SampleRate = 0;
};
