/** The node `A2F Pose` as the animation graph shows it. */
#pragma once

#include "AnimGraphNode_Base.h"
#include "AnimNode_A2FPose.h"
#include "CoreMinimal.h"

#include "AnimGraphNode_A2FPose.generated.h"

UCLASS()
class UAnimGraphNode_A2FPose : public UAnimGraphNode_Base
{
	GENERATED_BODY()

public:
	UPROPERTY(EditAnywhere, Category = "Settings")
	FAnimNode_A2FPose Node;

	virtual FText GetNodeTitle(ENodeTitleType::Type TitleType) const override;
	virtual FText GetTooltipText() const override;
	virtual FString GetNodeCategory() const override;
};
