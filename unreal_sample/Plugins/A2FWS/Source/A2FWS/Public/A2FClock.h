/** Sound and clock of others: Wwise, FMOD, a voice chat. */
#pragma once

#include "CoreMinimal.h"

/** Tells how far the sound of a character has been heard. Called on the game's thread. */
class A2FWS_API IA2FClock
{
public:
	virtual ~IA2FClock() = default;

	/** Sample frames per second of what is counted. */
	virtual int32 GetSampleRate() const = 0;
	/** The sound may run, or has to stand where it is. */
	virtual void Run(bool bRuns) = 0;
	/**
	 * What was not heard yet is dropped: at an interrupt, and behind each line, whose sound is followed by
	 * up to half a second of silence. Whether dropped frames count as heard is for the clock to choose.
	 */
	virtual void Clear() = 0;
	/** Sample frames of speech that were heard since ever, device latency taken off; never less than before. */
	virtual int64 GetHeardFrames() = 0;
};

/** A clock that also takes the samples, mono, -1 ... 1. */
class A2FWS_API IA2FSink : public IA2FClock
{
public:
	/** Take samples to be heard behind those that were put; returns for how many there was room. */
	virtual int32 Put(const float* Samples, int32 Count) = 0;
};
