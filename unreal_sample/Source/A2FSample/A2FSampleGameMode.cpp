#include "A2FSampleGameMode.h"

#include "Camera/CameraActor.h"
#include "Engine/DirectionalLight.h"
#include "Engine/World.h"
#include "FileHead.h"
#include "GameFramework/PlayerController.h"
#include "TalkingHead.h"

AA2FSampleGameMode::AA2FSampleGameMode()
{
	DefaultPawnClass = nullptr;
}

void AA2FSampleGameMode::StartPlay()
{
	SetStage();
	Super::StartPlay();
}

void AA2FSampleGameMode::PostLogin(APlayerController* NewPlayer)
{
	// Players may come before and after the stage is set.
	SetStage();
	Super::PostLogin(NewPlayer);
	NewPlayer->bAutoManageActiveCameraTarget = false;
	NewPlayer->SetViewTargetWithBlend(Camera);
}

void AA2FSampleGameMode::SetStage()
{
	if (Camera != nullptr)
	{
		return;
	}
	UWorld* World = GetWorld();
	if (AFileHead::FindFile().IsEmpty())
	{
		World->SpawnActor<ATalkingHead>(FVector(0, 0, 0), FRotator(0, 0, 0));
	}
	else
	{
		World->SpawnActor<AFileHead>(FVector(0, 0, 0), FRotator(0, 0, 0));
	}
	World->SpawnActor<ADirectionalLight>(FVector(0, 0, 200), FRotator(-40, 160, 0));
	Camera = World->SpawnActor<ACameraActor>(FVector(70, 0, 4), FRotator(-2, 180, 0));
}
