/** What is behind an A2F Stream: sources, sound, session and face of one character. */
#pragma once

#include "A2FFace.h"
#include "A2FMicrophone.h"
#include "A2FStreamComponent.h"
#include "CoreMinimal.h"

#include <memory>
#include <vector>

#include "Client/Character.h"
#include "Client/Pipe.h"
#include "Client/SoundQueue.h"
#include "Client/Wav.h"

class UA2FVoiceComponent;

/** All on the game's thread. */
class FA2FStream final : public a2f::CharacterListener
{
public:
	explicit FA2FStream(UA2FStreamComponent& InOwner) : Owner(InOwner) {}
	virtual ~FA2FStream() override { Close(); }

	void Open();
	void Close();
	void Tick(float DeltaTime);

	void Feed(const float* Samples, int32 Frames, int32 SampleRate, int32 Channels);
	void End();
	void Interrupt();
	void SetSource(a2f::AudioSource Source, int32 SampleRate, const char* Model);
	bool StartMicrophone();
	void StopMicrophone();
	void Tap(UAudioComponent* Voice, EA2FTap Kind);
	void TapWhilePlayed(USoundWave* Wave);
	bool PlayClip(const TArray<uint8>& Content, const a2f::WavSound& Sound);
	void Sweep(float Seconds);

	a2f::Character* GetCharacter() { return Character.get(); }
	const FA2FFace& GetFace() const { return Face; }
	/** An animation has taken the pose. */
	void NoteTaken() { Face.NoteTaken(); }
	bool IsOpen() const { return Character && Character->IsOpen(); }
	a2f::Report GetReport() const;

	TSharedPtr<IA2FSink> Sink;
	TSharedPtr<IA2FClock> Clock;

private:
	/** Something to be said once there is a session for its rate. */
	struct FPiece
	{
		int32 Rate = 0;
		bool bEnds = false;
		std::vector<float> Samples;
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
	void TakeCaptured(int64 NowUs);
	void SayPending();
	void TellStats() const;
	int32 RateNow() const { return Output ? Output->Rate() : 0; }

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
	TWeakObjectPtr<UAudioComponent> Tapped;
	std::shared_ptr<a2f::Pipe> Pipe;
	std::vector<float> Captured;
	std::vector<float> Mono;
	std::vector<FPiece> Pending;
	/** What the session is, or is to be at the next frame. */
	a2f::AudioSource Source = a2f::AudioSource::kLine;
	int32 Rate = 48000;
	std::string Model;
	bool bIsOpen = false;
	bool bIsStale = false;
	bool bIsHeardElsewhere = false;
	bool bHasSpoken = false;
	bool bWasSeen = true;
};
