/** A clock or a sink of somebody else, as the client's output has it. */
#pragma once

#include "A2FClock.h"
#include "Client/ForeignOutput.h"

/** Samples go nowhere, or to a sink; what was heard is what the clock tells. */
class FA2FForeign final : public a2f::Foreign
{
public:
	FA2FForeign(TSharedPtr<IA2FClock> InClock, TSharedPtr<IA2FSink> InSink) : Clock(InClock), Sink(InSink) {}

	virtual int Rate() const override { return Clock->GetSampleRate(); }

	virtual std::size_t Put(const float* Samples, std::size_t Count) override
	{
		const int32 Some = static_cast<int32>(Count);
		return static_cast<std::size_t>(Sink.IsValid() ? FMath::Clamp(Sink->Put(Samples, Some), 0, Some) : Some);
	}

	virtual void Run(bool bRuns) override { Clock->Run(bRuns); }
	virtual void Clear() override { Clock->Clear(); }
	virtual std::int64_t Heard() override { return Clock->GetHeardFrames(); }

private:
	TSharedPtr<IA2FClock> Clock;
	TSharedPtr<IA2FSink> Sink;
};
