/** Plays the very samples that are sent. */
#pragma once

#include "Components/SynthComponent.h"
#include "CoreMinimal.h"

#include <memory>

#include "A2FVoiceComponent.generated.h"

namespace a2f
{
class SoundQueue;
}

class USoundAttenuation;
class USoundClass;
class USoundConcurrency;
class USoundSubmixBase;

/** Where a voice is heard: nothing set is a plain sound of the engine's defaults. */
struct FA2FVoiceRoute
{
	TWeakObjectPtr<USoundAttenuation> Attenuation;
	TWeakObjectPtr<USoundClass> Class;
	TWeakObjectPtr<USoundSubmixBase> Submix;
	TWeakObjectPtr<USoundConcurrency> Concurrency;
	bool bIsSpatial = true;

	bool operator==(const FA2FVoiceRoute& Other) const;
};

UCLASS(NotBlueprintable)
class UA2FVoiceComponent : public USynthComponent
{
	GENERATED_BODY()

public:
	UA2FVoiceComponent(const FObjectInitializer& ObjectInitializer);

	/** What to play, mono at its own rate; before Start. */
	void SetQueue(std::shared_ptr<a2f::SoundQueue> InQueue) { Queue = std::move(InQueue); }

	/** Where it is heard; before Start. */
	void SetRoute(const FA2FVoiceRoute& Route);

	/** Between the render of a sample and the ear, as far as the engine knows, microseconds. */
	int64 LatencyUs() const;

	virtual bool Init(int32& SampleRate) override;
	virtual ISoundGeneratorPtr CreateSoundGenerator(const FSoundGeneratorInitParams& InParams) override;

private:
	std::shared_ptr<a2f::SoundQueue> Queue;
};
