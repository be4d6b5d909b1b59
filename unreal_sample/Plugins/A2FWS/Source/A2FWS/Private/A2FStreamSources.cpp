#include "A2FStream.h"

#include "A2FLog.h"
#include "A2FSubsystem.h"
#include "A2FText.h"
#include "Core/Clip.h"
#include "GameFramework/Actor.h"

bool FA2FStream::PlayClip(const TArray<uint8>& Content, const a2f::WavSound& Sound)
{
	a2f::Clip Clip;
	a2f::Fault Fault;
	if (!Clip.Load({Content.GetData(), static_cast<std::size_t>(Content.Num())}, Fault))
	{
		UE_LOG(LogA2F, Warning, TEXT("the clip is none, or damaged: %s"), *A2FText::Of(Fault.message));
		return false;
	}
	if (!bIsOpen)
	{
		Open();
	}
	if (!Character)
	{
		return false;
	}
	a2f::Resampler Resampler;
	std::vector<float> Samples;
	Resampler.Start(Sound.rate, RateNow());
	Resampler.Push(Sound.samples.data(), Sound.samples.size(), Samples);
	Resampler.Finish(Samples);
	Character->PlayClip(Clip, Samples.data(), Samples.size());
	return true;
}

void FA2FStream::Sweep(float Seconds)
{
	if (!bIsOpen)
	{
		return;
	}
	const int32 Rate = RateNow();
	const std::vector<float> Silence(static_cast<std::size_t>(FMath::Clamp(Seconds, 1.f, 600.f) * Rate), 0.f);
	Feed(Silence.data(), static_cast<int32>(Silence.size()), Rate, 1);
	End();
	// Said at the next frame, in a session with this model.
	SetSource(a2f::AudioSource::kLine, "sweep");
}

void FA2FStream::Feel(a2f::Values Values, int64 TransitionUs)
{
	Wishes.Feel(Values);
	if (Character)
	{
		Character->Feel(std::move(Values), TransitionUs);
	}
}

void FA2FStream::SetParam(const std::string& Name, double Value)
{
	Wishes.SetParam(Name, Value);
	if (Character)
	{
		Character->SetParam(Name, Value);
	}
}

void FA2FStream::OnRows()
{
	Face.SetNames(Character->Curves());
}

void FA2FStream::OnConnected()
{
	if (bHasToldConnected)
	{
		// The server has settled something again, or another session took over.
		return;
	}
	bHasToldConnected = true;
	const bool bSays = Owner.bSayBundledLine && Owner.WatchName.IsEmpty() && !bHasSpoken;
	bHasSpoken = true;
	Owner.OnConnected.Broadcast();
	if (bSays)
	{
		Owner.SpeakFile(FString());
	}
}

void FA2FStream::OnLineBegun(std::int32_t U)
{
	Owner.OnUtteranceStarted.Broadcast(U);
}

void FA2FStream::OnLineEnded(std::int32_t U)
{
	Owner.OnUtteranceEnded.Broadcast(U);
}

void FA2FStream::OnStatus(const std::string& Code, const std::string& Message)
{
	Owner.OnStatus.Broadcast(A2FText::Of(Code), A2FText::Of(Message));
}

void FA2FStream::OnError(int Code, const std::string& Message)
{
	UE_LOG(LogA2F, Warning, TEXT("%s: %d %s"), *Owner.GetOwner()->GetName(), Code, *A2FText::Of(Message));
	Owner.OnError.Broadcast(Code, A2FText::Of(Message));
}

void FA2FStream::OnEnded(int Code, const std::string& Reason)
{
	OnError(Code, Reason);
}

a2f::Report FA2FStream::GetReport() const
{
	if (!Character)
	{
		a2f::Report Report;
		Report.problem = "not connected";
		return Report;
	}
	a2f::Report Report = Character->Doing();
	Report.matched = Face.GetMatched();
	Report.has_audio = !Queue || Queue->IsPulled(UA2FSubsystem::NowUs());
	Report.underruns = Queue ? Queue->Underruns() : 0;
	return Report;
}

void FA2FStream::TellStats() const
{
#if STATS
	if (!FThreadStats::IsCollectingData(GET_STATID(STAT_A2FCharacters)))
	{
		// Nobody looks.
		return;
	}
	const a2f::Report Report = Character->Doing();
	INC_DWORD_STAT(STAT_A2FCharacters);
	SET_FLOAT_STAT(STAT_A2FRoundTrip, Report.round_trip_us / 1000.f);
	SET_FLOAT_STAT(STAT_A2FLookAhead, Report.look_ahead_us / 1000.f);
	SET_FLOAT_STAT(STAT_A2FSkew, Report.skew_us / 1000.f);
	INC_DWORD_STAT_BY(STAT_A2FStalls, Report.stalls);
	INC_DWORD_STAT_BY(STAT_A2FUnderruns, Queue ? Queue->Underruns() : 0);
	INC_DWORD_STAT_BY(STAT_A2FDropped, static_cast<uint32>(Report.dropped));
#endif
}
