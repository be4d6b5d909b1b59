/** Animation node `A2F Pose`: the curves of the actor's A2F Stream, in your own animation blueprint. */
#pragma once

#include "Animation/AnimNodeBase.h"
#include "CoreMinimal.h"

#include "AnimNode_A2FPose.generated.h"

USTRUCT(BlueprintInternalUseOnly)
struct A2FWS_API FAnimNode_A2FPose : public FAnimNode_Base
{
	GENERATED_BODY()

	/** What the face's curves are added to. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "Links")
	FPoseLink BasePose;

	/** 0: the pose as it is. 1: with the face's curves. */
	UPROPERTY(EditAnywhere, BlueprintReadWrite, Category = "A2F", meta = (PinShownByDefault))
	float Alpha = 1.f;

	virtual void Initialize_AnyThread(const FAnimationInitializeContext& Context) override;
	virtual void CacheBones_AnyThread(const FAnimationCacheBonesContext& Context) override;
	virtual void Update_AnyThread(const FAnimationUpdateContext& Context) override;
	virtual void Evaluate_AnyThread(FPoseContext& Output) override;
	virtual void GatherDebugData(FNodeDebugData& DebugData) override;
	virtual bool HasPreUpdate() const override { return true; }
	virtual void PreUpdate(const UAnimInstance* InAnimInstance) override;

private:
	TArray<FName> Names;
	TArray<float> Values;
};
