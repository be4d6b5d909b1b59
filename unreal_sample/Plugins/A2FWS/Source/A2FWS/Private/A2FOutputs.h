/** The client's output on a clock or a sink of somebody else. */
#pragma once

#include "A2FClock.h"
#include "Client/Output.h"

/** Samples go nowhere, or to a sink; what was heard is what the clock tells. */
class FA2FForeignOutput final : public a2f::Output
{
public:
	FA2FForeignOutput(TSharedPtr<IA2FClock> InClock, TSharedPtr<IA2FSink> InSink) : Clock(InClock), Sink(InSink) {}

	virtual int Rate() const override { return FMath::Max(1, Clock->GetSampleRate()); }

	virtual std::size_t Put(const float* Samples, std::size_t Count) override
	{
		// No more than three seconds ahead, so that an interrupt is one.
		const int64 Room = FMath::Max<int64>(0, 3 * static_cast<int64>(Rate()) - (PutCount - Clock->GetHeardFrames()));
		const int32 Some = static_cast<int32>(FMath::Min<int64>(Room, static_cast<int64>(Count)));
		const int32 Taken = Sink.IsValid() ? FMath::Clamp(Sink->Put(Samples, Some), 0, Some) : Some;
		PutCount += Taken;
		return static_cast<std::size_t>(Taken);
	}

	virtual void Run(bool bRuns) override
	{
		if (bRuns != bIsRunning)
		{
			bIsRunning = bRuns;
			Clock->Run(bRuns);
		}
	}

	virtual void Clear() override { Clock->Clear(); }
	virtual std::int64_t PutFrames() const override { return PutCount; }

	virtual std::int64_t HeardFrames(std::int64_t now_us) override
	{
		Heard = FMath::Clamp<int64>(Clock->GetHeardFrames(), Heard, PutCount);
		return Heard;
	}

private:
	TSharedPtr<IA2FClock> Clock;
	TSharedPtr<IA2FSink> Sink;
	int64 PutCount = 0;
	int64 Heard = 0;
	bool bIsRunning = false;
};
