/** A head of boxes: no asset, and every curve that speech needs can be seen on it. */
#pragma once

#include "CoreMinimal.h"
#include "GameFramework/Actor.h"

#include "TalkingHead.generated.h"

class UA2FStreamComponent;
class UProceduralMeshComponent;

UCLASS()
class ATalkingHead : public AActor
{
	GENERATED_BODY()

public:
	ATalkingHead();

	virtual void BeginPlay() override;
	virtual void Tick(float DeltaTime) override;

private:
	/** A box of the face, moved and stretched by curves. */
	struct FPart
	{
		UProceduralMeshComponent* Mesh = nullptr;
		FVector Place;
		FVector Size;
	};

	UProceduralMeshComponent* AddBox(FName Name, const FVector& Size, const FLinearColor& Color);
	void Show(int32 Part, const FVector& Shift, const FVector& Scale);
	float Curve(const TCHAR* Name) const;

	UPROPERTY()
	TObjectPtr<UA2FStreamComponent> Stream;

	TArray<FPart> Parts;
	TArray<FName> Names;
	TArray<float> Values;
};
