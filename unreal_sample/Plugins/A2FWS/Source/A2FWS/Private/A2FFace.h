/** The face of an actor: found, hooked up, moved. */
#pragma once

#include "CoreMinimal.h"

#include "Client/FaceChoice.h"
#include "Core/Messages.h"

class AActor;
class FA2FLiveLinkSource;
class USkeletalMeshComponent;
class UActorComponent;

/** All on the game's thread; the meshes are held weakly. */
class FA2FFace
{
public:
	~FA2FFace() { Release(); }

	/**
	 * Look at an actor, and say what a session is to be opened with.
	 *
	 * @param Animation for its mesh `Face`, in place of what that has; may be null.
	 */
	a2f::FaceChoice Find(AActor& Actor, a2f::FaceMode Asked, const FString& Rig, UClass* Animation);
	/** Hook it up: the animation of a MetaHuman, and that meshes are animated after `Writer`. */
	void Hook(AActor& Actor, FName InSubject, UActorComponent& Writer);
	/** Rows consist of these curves from now on. */
	void SetNames(const a2f::Names& InNames);
	/** Show a row; without effect before `SetNames`. */
	void Write(const float* Row, std::size_t Size, bool bMoveHead);
	void Release();

	const TArray<FName>& GetNames() const { return Names; }
	const TArray<float>& GetValues() const { return Values; }
	/** Curves that something on this actor takes. */
	int32 GetMatched() const;
	/** An animation has asked for names and values. */
	void NoteTaken() { bIsTaken = true; }
	/** Whether a mesh of it was drawn of late. */
	bool IsSeen() const;

private:
	struct FTarget
	{
		TWeakObjectPtr<USkeletalMeshComponent> Mesh;
		FName Name;
		int32 Index = 0;
	};

	bool HookMetaHuman(AActor& Actor);
	void WriteHead(const float* Row, std::size_t Size);

	a2f::FaceChoice Choice;
	TArray<TWeakObjectPtr<USkeletalMeshComponent>> Meshes;
	TWeakObjectPtr<USkeletalMeshComponent> MetaHumanFace;
	TSharedPtr<FA2FLiveLinkSource> Source;
	FName Subject;
	TArray<FName> Names;
	TArray<float> Values;
	TArray<FTarget> Targets;
	int32 Matched = 0;
	bool bIsHooked = true;
	bool bIsTaken = false;
};
