/** Kinds and events that blueprints see. */
#pragma once

#include "CoreMinimal.h"

#include "A2FTypes.generated.h"

/** How a face is moved. */
UENUM(BlueprintType)
enum class EA2FFaceMode : uint8
{
	/** MetaHumans by Live Link, meshes with morph targets by these, others by the node `A2F Pose`. */
	Auto,
	/** Morph targets of all meshes of the actor. */
	MorphTargets,
	/** A Live Link subject, for MetaHumans and for whatever takes one. */
	LiveLink,
	/** The animation node `A2F Pose` in an animation blueprint of yours. */
	AnimNode,
};

/** How much life there is beside speech. */
UENUM(BlueprintType)
enum class EA2FIdleLife : uint8
{
	Off,
	Blink,
	Alive,
};

/** What a tapped voice sounds like. */
UENUM(BlueprintType)
enum class EA2FTap : uint8
{
	/** It is silenced and heard again a little later, in time with the face. */
	Delayed,
	/** It is heard as ever; the face is late by the look-ahead of the model. */
	Direct,
};

DECLARE_DYNAMIC_MULTICAST_DELEGATE(FA2FConnected);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(FA2FUtterance, int32, Utterance);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(FA2FPose, const TArray<float>&, Values);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_TwoParams(FA2FStatus, const FString&, Code, const FString&, Message);
DECLARE_DYNAMIC_MULTICAST_DELEGATE_TwoParams(FA2FError, int32, Code, const FString&, Message);
