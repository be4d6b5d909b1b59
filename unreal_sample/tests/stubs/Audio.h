/**
 * Signatures of the audio modules that the glue uses, for a syntax check.
 *
 * Read in: dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/AudioMixer,
 * /Engine/Components/UAudioComponent, /Engine/Sound and /AudioCaptureCore, at 5.4 and 5.8.
 */
#pragma once

#include "Engine.h"

// API/Runtime/Engine/FAudioDevice, ISourceBufferListener (declared in AudioDevice.h)
class FAudioDevice {
 public:
  float GetSampleRate() const;
  int32 GetBufferLength() const;
  int32 GetNumBuffers() const;
  virtual double GetInterpolatedAudioClock() const;
};
class ISourceBufferListener {
 public:
  virtual ~ISourceBufferListener() = default;
  struct FOnNewBufferParams {
    const float* AudioData = nullptr;
    int32 SourceId = INDEX_NONE;
    int32 NumSamples = 0;
    int32 NumChannels = 0;
    int32 SampleRate = 0;
  };
  virtual void OnNewBuffer(const FOnNewBufferParams&) = 0;
  virtual void OnSourceReleased(const int32 source) = 0;
};
using FSharedISourceBufferListenerPtr = TSharedPtr<ISourceBufferListener, ESPMode::ThreadSafe>;

// API/Runtime/Engine/Sound: USoundBase, USoundWave; Components/UAudioComponent
struct FSoundAttenuationSettings {
  uint8 bAttenuate : 1;
  uint8 bSpatialize : 1;
};
class USoundAttenuation : public UObject {};
class USoundClass : public UObject {};
class USoundConcurrency : public UObject {};
class USoundSubmixBase : public UObject {};
class USoundBase : public UObject {
 public:
  TObjectPtr<USoundClass> SoundClassObject;
  TObjectPtr<USoundSubmixBase> SoundSubmixObject;
  TObjectPtr<USoundAttenuation> AttenuationSettings;
  TSet<TObjectPtr<USoundConcurrency>> ConcurrencySet;
};
class USoundWave : public USoundBase {
 public:
#if WITH_EDITOR
  bool GetImportedSoundWaveData(TArray<uint8>& pcm, uint32& rate, uint16& channels) const;
#endif
};
class UAudioComponent : public USceneComponent {
 public:
  uint8 bAutoDestroy : 1;
  uint8 bAllowSpatialization : 1;
  uint8 bOverrideAttenuation : 1;
  FSoundAttenuationSettings AttenuationOverrides;
  void SetSound(USoundBase* sound);
  virtual void Play(float from = 0.F);
  virtual void Stop();
  virtual bool IsPlaying() const;
  void SetSourceBufferListener(const FSharedISourceBufferListenerPtr& listener, bool zeroes_after);
  TStubEvent<UAudioComponent*> OnAudioFinishedNative;
};

// API/Runtime/Engine/Sound/FSoundGeneratorInitParams, ISoundGenerator
struct FSoundGeneratorInitParams {
  uint32 AudioDeviceID = 0;
  uint64 AudioComponentId = 0;
  float SampleRate = 0.F;
  int32 AudioMixerNumOutputFrames = 0;
  int32 NumChannels = 0;
  int32 NumFramesPerCallback = 0;
  uint64 InstanceID = 0;
  bool bIsPreviewSound = false;
  FString GraphName;
#if A2F_ENGINE >= 508
  float StartTime = 0.F;
#endif
};
class ISoundGenerator {
 public:
  virtual ~ISoundGenerator() = default;
  virtual int32 OnGenerateAudio(float* out, int32 samples) = 0;
  virtual int32 GetDesiredNumSamplesToRenderPerCallback() const { return 1024; }
  virtual void OnBeginGenerate() {}
  virtual void OnEndGenerate() {}
  virtual bool IsFinished() const { return false; }
#if A2F_ENGINE >= 508
  virtual float GetRelativeRenderCost() const { return 1.F; }
#endif
};
using ISoundGeneratorPtr = TSharedPtr<ISoundGenerator, ESPMode::ThreadSafe>;

// API/Runtime/AudioMixer/Components/USynthComponent
class USynthComponent : public USceneComponent {
 public:
  USynthComponent(const FObjectInitializer&);
  void Start();
  void Stop();
  bool IsPlaying() const;
  void SetVolumeMultiplier(float multiplier);
  uint8 bAllowSpatialization : 1;
  uint8 bAlwaysPlay : 1;
  TObjectPtr<USoundAttenuation> AttenuationSettings;
  TSet<TObjectPtr<USoundConcurrency>> ConcurrencySet;
  TObjectPtr<USoundClass> SoundClass;
  TObjectPtr<USoundSubmixBase> SoundSubmix;

 protected:
  virtual bool Init(int32&) { return true; }
  virtual ISoundGeneratorPtr CreateSoundGenerator(const FSoundGeneratorInitParams&) {
    return nullptr;
  }
  FAudioDevice* GetAudioDevice() const;
  int32 NumChannels = 2;
  int32 PreferredBufferLength = 0;
};

// API/Runtime/AudioCaptureCore/FAudioCapture; OpenCaptureStream is deprecated since 5.3
namespace Audio {
struct FAudioCaptureDeviceParams {};
using FOnAudioCaptureFunction =
    TFunction<void(const void* audio, int32 frames, int32 channels, int32 rate, double time,
                   bool has_overflowed)>;
class FAudioCapture {
 public:
  bool OpenAudioCaptureStream(const FAudioCaptureDeviceParams& parameters,
                              FOnAudioCaptureFunction on_capture, uint32 frames);
  bool StartStream();
  bool AbortStream();
  int32 GetSampleRate() const;
  bool IsStreamOpen() const;
};
}  // namespace Audio
