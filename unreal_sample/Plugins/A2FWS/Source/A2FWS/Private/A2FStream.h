/** What is behind an A2F Stream: sources, sound, session and face of one character. */
#pragma once

#include "A2FFace.h"
#include "A2FMicrophone.h"
#include "A2FStreamComponent.h"
#include "A2FVoiceComponent.h"
#include "CoreMinimal.h"

#include <memory>
#include <vector>

#include "Client/Character.h"
#include "Client/PcmCarry.h"
#include "Client/Pipe.h"
#include "Client/Script.h"
#include "Client/SoundQueue.h"
#include "Client/Wav.h"
#include "Client/Wishes.h"

/** All on the game's thread. */
class FA2FStream final : public a2f::CharacterListener
{
public:
	explicit FA2FStream(UA2FStreamComponent& InOwner) : Owner(InOwner) {}
	virtual ~FA2FStream() override { Close(); }

	void Open();
	void Close();
	void Tick(float DeltaTime);

	/** What is fed and played is handed over at the next tick, outside of anybody's call. */
	void Feed(const float* Samples, int32 Frames, int32 SampleRate, int32 Channels);
	void FeedPcm(const uint8* Bytes, int32 Size, int32 SampleRate, int32 Channels);
	void End();
	void Interrupt();
	bool StartMicrophone();
	void StopMicrophone();
	void Tap(UAudioComponent* Voice, EA2FTap Kind);
	void TapWhilePlayed(USoundWave* Wave);
	/** Where the voice is to be heard is for a wave to say, where the component does not. */
	void NoteWave(const USoundWave& Wave);
	bool PlayClip(const TArray<uint8>& Content, const a2f::WavSound& Sound);
	void Sweep(float Seconds);
	void Feel(a2f::Values Values, int64 TransitionUs);
	void SetParam(const std::string& Name, double Value);

	const FA2FFace& GetFace() const { return Face; }
	/** An animation has taken the pose. */
	void NoteTaken() { Face.NoteTaken(); }
	bool IsOpen() const { return Character && Character->IsOpen(); }
	a2f::Report GetReport() const;

	TSharedPtr<IA2FSink> Sink;
	TSharedPtr<IA2FClock> Clock;

private:
	/** A wave that is played to be captured, or waits for its turn. */
	struct FPlayer
	{
		int Wave = 0;
		TWeakObjectPtr<UAudioComponent> Component;
	};

	/** What is not used any more, until no call of it can be under way. */
	struct FRetired
	{
		std::unique_ptr<a2f::Output> Output;
		std::unique_ptr<a2f::Character> Character;
	};

	virtual void OnRows() override;
	virtual void OnConnected() override;
	virtual void OnLineBegun(std::int32_t U) override;
	virtual void OnLineEnded(std::int32_t U) override;
	virtual void OnStatus(const std::string& Code, const std::string& Message) override;
	virtual void OnError(int Code, const std::string& Message) override;
	virtual void OnEnded(int Code, const std::string& Reason) override;

	void Build();
	void BuildOutput();
	void Retire();
	void RetireOutput();
	void SetSource(a2f::AudioSource NewSource, const std::string& NewModel);
	FA2FVoiceRoute RouteNow() const;
	void Reroute();
	int32 RateNow() const { return Output ? Output->Rate() : 0; }
	/** Sound that was captured and not taken yet. */
	void TakeCaptured(int64 NowUs);
	void LetGo();
	void StopPlayers();
	void PlayNext();
	void WaveEnded(int Wave);
	void Say(float DeltaTime, int64 NowUs);
	void TellStats() const;

	UA2FStreamComponent& Owner;
	FA2FFace Face;
	a2f::FaceChoice Choice;
	a2f::Client* Client = nullptr;
	TWeakObjectPtr<UA2FVoiceComponent> Voice;
	std::shared_ptr<a2f::SoundQueue> Queue;
	std::unique_ptr<a2f::Output> Output;
	std::unique_ptr<a2f::Character> Character;
	std::vector<FRetired> Retired;
	FA2FMicrophone Microphone;
	/** Somebody's voice that is listened to; what captures it, or the wave that is played, fills the pipe. */
	TWeakObjectPtr<UAudioComponent> Tapped;
	std::vector<FPlayer> Players;
	std::shared_ptr<a2f::Pipe> Pipe;
	std::vector<float> Captured;
	std::vector<float> Floats;
	a2f::PcmCarry Carry;
	a2f::Script Script;
	a2f::Wishes Wishes;
	/** Where the voice is heard now, and what the newest wave has to say about it. */
	FA2FVoiceRoute Route;
	FA2FVoiceRoute RouteOfWave;
	/** What the session is, or is to be at the next frame. */
	a2f::AudioSource Source = a2f::AudioSource::kLine;
	std::string Model;
	bool bIsOpen = false;
	bool bIsStale = false;
	bool bIsHeardElsewhere = false;
	bool bHasToldConnected = false;
	bool bHasSpoken = false;
	bool bWasSeen = true;
};
