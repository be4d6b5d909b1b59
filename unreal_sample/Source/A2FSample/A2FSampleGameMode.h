/** The sample's stage: a head, a light and a camera, put up in code. */
#pragma once

#include "CoreMinimal.h"
#include "GameFramework/GameModeBase.h"

#include "A2FSampleGameMode.generated.h"

class ACameraActor;

UCLASS()
class AA2FSampleGameMode : public AGameModeBase
{
	GENERATED_BODY()

public:
	AA2FSampleGameMode();

	virtual void StartPlay() override;
	virtual void PostLogin(APlayerController* NewPlayer) override;

private:
	void SetStage();

	UPROPERTY(Transient)
	TObjectPtr<ACameraActor> Camera;
};
