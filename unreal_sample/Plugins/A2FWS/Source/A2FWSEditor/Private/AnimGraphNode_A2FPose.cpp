#include "AnimGraphNode_A2FPose.h"

#define LOCTEXT_NAMESPACE "A2FWS"

FText UAnimGraphNode_A2FPose::GetNodeTitle(ENodeTitleType::Type TitleType) const
{
	return LOCTEXT("Title", "A2F Pose");
}

FText UAnimGraphNode_A2FPose::GetTooltipText() const
{
	return LOCTEXT("Tooltip", "Adds the curves that the actor's A2F Stream shows now.");
}

FString UAnimGraphNode_A2FPose::GetNodeCategory() const
{
	return TEXT("A2F");
}

#undef LOCTEXT_NAMESPACE
