/** The head of the repository, read from engines/head.glb: no asset is needed for it. */
#pragma once

#include "CoreMinimal.h"
#include "GameFramework/Actor.h"

#include <vector>

#include "Head/HeadFile.h"

#include "FileHead.generated.h"

class UA2FStreamComponent;
class UProceduralMeshComponent;

UCLASS()
class AFileHead : public AActor
{
	GENERATED_BODY()

public:
	AFileHead();

	/** The file, where the project lies in its repository; empty: it does not. */
	static FString FindFile();

	virtual void BeginPlay() override;
	virtual void Tick(float DeltaTime) override;

private:
	void Build();
	void Show(int32 Index);

	UPROPERTY()
	TObjectPtr<UA2FStreamComponent> Stream;

	UPROPERTY(Transient)
	TArray<TObjectPtr<UProceduralMeshComponent>> Meshes;

	std::vector<head::Part> Parts;
	std::vector<float> Weights;
	std::vector<float> Posed;
	TArray<FVector> Positions;
	TArray<FName> Names;
	TArray<float> Values;
};
