#include "AnimNode_A2FPose.h"

#include "A2FStreamComponent.h"
#include "Animation/AnimInstance.h"
#include "Animation/AnimInstanceProxy.h"
#include "GameFramework/Actor.h"

void FAnimNode_A2FPose::Initialize_AnyThread(const FAnimationInitializeContext& Context)
{
	FAnimNode_Base::Initialize_AnyThread(Context);
	BasePose.Initialize(Context);
}

void FAnimNode_A2FPose::CacheBones_AnyThread(const FAnimationCacheBonesContext& Context)
{
	BasePose.CacheBones(Context);
}

void FAnimNode_A2FPose::PreUpdate(const UAnimInstance* InAnimInstance)
{
	// On the game's thread, where components may be asked.
	const AActor* Owner = InAnimInstance != nullptr ? InAnimInstance->GetOwningActor() : nullptr;
	const UA2FStreamComponent* Stream = Owner != nullptr ? Owner->FindComponentByClass<UA2FStreamComponent>() : nullptr;
	if (Stream != nullptr)
	{
		Stream->CopyPose(Names, Values);
	}
	else
	{
		Names.Reset();
		Values.Reset();
	}
}

void FAnimNode_A2FPose::Update_AnyThread(const FAnimationUpdateContext& Context)
{
	GetEvaluateGraphExposedInputs().Execute(Context);
	BasePose.Update(Context);
}

void FAnimNode_A2FPose::Evaluate_AnyThread(FPoseContext& Output)
{
	BasePose.Evaluate(Output);
	const float Share = FMath::Clamp(Alpha, 0.f, 1.f);
	const int32 Count = FMath::Min(Names.Num(), Values.Num());
	for (int32 Index = 0; Index < Count; ++Index)
	{
		const float Before = Output.Curve.Get(Names[Index]);
		Output.Curve.Set(Names[Index], FMath::Lerp(Before, Values[Index], Share));
	}
}

void FAnimNode_A2FPose::GatherDebugData(FNodeDebugData& DebugData)
{
	DebugData.AddDebugItem(DebugData.GetNodeName(this));
	BasePose.GatherDebugData(DebugData);
}
