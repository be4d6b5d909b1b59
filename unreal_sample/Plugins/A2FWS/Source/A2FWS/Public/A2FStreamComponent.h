/** Drop it on a character: it speaks, and its face moves. */
#pragma once

#include "A2FTypes.h"
#include "Components/ActorComponent.h"
#include "CoreMinimal.h"
#include "Templates/PimplPtr.h"
#include "Templates/SubclassOf.h"

#include "A2FStreamComponent.generated.h"

class FA2FStream;
class IA2FClock;
class IA2FSink;
class UAudioComponent;
class UAnimInstance;
class USoundAttenuation;
class USoundClass;
class USoundConcurrency;
class USoundSubmixBase;
class USoundWave;

UCLASS(ClassGroup = (Audio), meta = (BlueprintSpawnableComponent, DisplayName = "A2F Stream"))
class A2FWS_API UA2FStreamComponent : public UActorComponent
{
	GENERATED_BODY()

public:
	UA2FStreamComponent();

	/** Another server than that of the project's settings; empty: that one. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	FString ServerUrl;

	/** Name of a rig, such as unreal/metahuman; empty: chosen by what the character is. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	FString Rig;

	/** Name of a model of the server; empty: its first. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	FString Model;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	EA2FFaceMode FaceMode = EA2FFaceMode::Auto;

	/** Poses per second that the server computes; between them faces are interpolated. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F", meta = (ClampMin = "10", ClampMax = "240"))
	int32 PosesPerSecond = 60;

	/** Others on the network may watch what is said here, under this name. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	FString SessionName;

	/** Show and play what somebody else says in the session of this name, instead of speaking. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	FString WatchName;

	/** Name of the Live Link subject; empty: that of the actor. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	FName SubjectName;

	/** Animation for the mesh `Face` of a MetaHuman, as ABP_MH_LiveLink; empty: it keeps its own. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	TSubclassOf<UAnimInstance> FaceAnimation;

	/** The server moves the head as well (raw MetaHuman controls only). */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	bool bMoveHead = false;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	EA2FIdleLife IdleLife = EA2FIdleLife::Alive;

	/** Any number of the character's own, lest all blink together; 0: from its name. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	int32 IdleSeed = 0;

	/** How much later sound is heard than the engine thinks, in milliseconds, for this character. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F", meta = (ClampMin = "-1000", ClampMax = "1000"))
	float AvOffsetMs = 0.f;

	/** Sample frames per second at which all is sent and heard; sound of other rates is converted. Read by Connect. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F|Voice", meta = (ClampMin = "8000", ClampMax = "192000"))
	int32 SoundRate = 48000;

	/** How the voice fades with distance and comes from the character's root; empty: as the wave has it that is said, else everywhere alike. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F|Voice")
	TObjectPtr<USoundAttenuation> VoiceAttenuation;

	/** The voice comes from where the character is, as its attenuation says. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F|Voice")
	bool bSpatializeVoice = true;

	/** Empty: that of the wave, else the project's. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F|Voice")
	TObjectPtr<USoundClass> VoiceClass;

	/** Empty: that of the wave, else the project's. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F|Voice")
	TObjectPtr<USoundSubmixBase> VoiceSubmix;

	/** Empty: that of the wave, else none. A face stands still while its voice is culled. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F|Voice")
	TObjectPtr<USoundConcurrency> VoiceConcurrency;

	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F|Voice", meta = (ClampMin = "0", ClampMax = "4"))
	float VoiceVolume = 1.f;

	/** Ask for no poses while no mesh of the character is drawn; its sound goes on. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	bool bRestWhenUnseen = false;

	/** Connect in BeginPlay. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	bool bAutoConnect = true;

	/** Say the bundled line as soon as it is connected: for a first look. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F")
	bool bSayBundledLine = true;

	/** Once after Connect: the session is open. Not again when a lost connection comes back. */
	UPROPERTY(BlueprintAssignable, Category = "A2F")
	FA2FConnected OnConnected;
	UPROPERTY(BlueprintAssignable, Category = "A2F")
	FA2FUtterance OnUtteranceStarted;
	UPROPERTY(BlueprintAssignable, Category = "A2F")
	FA2FUtterance OnUtteranceEnded;
	/** Every frame, while somebody is bound: the row that is shown, in the order of Get Curve Names. */
	UPROPERTY(BlueprintAssignable, Category = "A2F")
	FA2FPose OnPose;
	UPROPERTY(BlueprintAssignable, Category = "A2F")
	FA2FStatus OnStatus;
	UPROPERTY(BlueprintAssignable, Category = "A2F")
	FA2FError OnError;

	UFUNCTION(BlueprintCallable, Category = "A2F")
	void Connect();

	UFUNCTION(BlueprintCallable, Category = "A2F")
	void Disconnect();

	/** Say a sound wave, behind what is said already. In the editor its samples go out at once; a cooked one is tapped while it plays. */
	UFUNCTION(BlueprintCallable, Category = "A2F", meta = (DisplayName = "Speak (Sound Wave)"))
	void Speak(USoundWave* Wave);

	/** Say a .wav file of 16 bits, such as the bundled line. */
	UFUNCTION(BlueprintCallable, Category = "A2F")
	bool SpeakFile(const FString& File);

	/** Say 16-bit samples as they come, as of a text-to-speech service; the first begin a line. */
	UFUNCTION(BlueprintCallable, Category = "A2F", meta = (DisplayName = "Feed PCM"))
	void FeedPcm(const TArray<uint8>& Bytes, int32 SampleRate = 24000, int32 Channels = 1);

	/** The same with floats, -1 ... 1, interleaved. */
	void FeedSamples(const float* Samples, int32 Frames, int32 SampleRate, int32 Channels);

	/** The line is complete. */
	UFUNCTION(BlueprintCallable, Category = "A2F")
	void End();

	/** Stop what is said and what waits: a player talks back. */
	UFUNCTION(BlueprintCallable, Category = "A2F")
	void Interrupt();

	/** Hear a voice of the game, voice chat included: the face follows it, until a wave or the microphone takes its place. Null ends it. */
	UFUNCTION(BlueprintCallable, Category = "A2F")
	void TapAudioComponent(UAudioComponent* Voice, EA2FTap Kind = EA2FTap::Delayed);

	/** The face follows the microphone, which nobody hears here. */
	UFUNCTION(BlueprintCallable, Category = "A2F")
	bool StartMicrophone();

	UFUNCTION(BlueprintCallable, Category = "A2F")
	void StopMicrophone();

	/** Play a clip (`a2f-ws bake`) with its .wav file; no server is needed. */
	UFUNCTION(BlueprintCallable, Category = "A2F")
	bool PlayClip(const FString& ClipFile, const FString& SoundFile);

	/** The whole emotion by name, 0 ... 1; a name that is absent is 0. */
	UFUNCTION(BlueprintCallable, Category = "A2F")
	void SetEmotion(const TMap<FString, float>& Values, float TransitionSeconds = 0.3f);

	/** A face parameter of the model, as lower_face_strength. */
	UFUNCTION(BlueprintCallable, Category = "A2F")
	void SetParameter(const FString& Name, float Value);

	/** Move one curve at a time, to check a character's set-up. */
	UFUNCTION(BlueprintCallable, Category = "A2F")
	void Sweep(float Seconds = 60.f);

	UFUNCTION(BlueprintPure, Category = "A2F")
	bool IsConnected() const;

	UFUNCTION(BlueprintPure, Category = "A2F")
	TArray<FName> GetCurveNames() const;

	/** What the doctor says of this character. */
	UFUNCTION(BlueprintPure, Category = "A2F")
	TArray<FString> GetDoctorLines() const;

	/** Let others play the sound; before Connect. Null: the engine plays it. */
	void SetSink(TSharedPtr<IA2FSink> Sink);
	/** Sound is played elsewhere, from the same samples; only its clock is here. Before Connect. */
	void SetClock(TSharedPtr<IA2FClock> Clock);

	/** Names and values that are shown now, copied for animation; on the game's thread, as NativeUpdateAnimation or PreUpdate are. */
	void CopyPose(TArray<FName>& OutNames, TArray<float>& OutValues) const;

	virtual void BeginPlay() override;
	virtual void EndPlay(const EEndPlayReason::Type Reason) override;
	virtual void TickComponent(float DeltaTime, ELevelTick TickType, FActorComponentTickFunction* ThisTickFunction) override;

private:
	friend class FA2FStream;
	TPimplPtr<FA2FStream> Stream;
};
