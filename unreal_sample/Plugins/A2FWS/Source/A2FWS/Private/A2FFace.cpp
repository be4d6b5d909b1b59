#include "A2FFace.h"

#include "A2FLiveLinkSource.h"
#include "A2FLog.h"
#include "A2FText.h"
#include "Animation/AnimInstance.h"
#include "Animation/MorphTarget.h"
#include "Components/SkeletalMeshComponent.h"
#include "Engine/SkeletalMesh.h"
#include "GameFramework/Actor.h"
#include "LiveLinkTypes.h"
#include "UObject/UnrealType.h"

namespace
{
/** Names that Epic's characters have: the mesh, the variable and the function of their blueprints. */
const FName FaceName(TEXT("Face"));
const FName SubjectVariable(TEXT("LLink_Face_Subj"));
const FName SetupFunction(TEXT("LiveLinkSetup"));
/** The function of the engine's own `LiveLinkInstance`, which newer characters may have. */
const FName SubjectFunction(TEXT("SetSubject"));

/** The variable of an object that names a Live Link subject; null without. */
FStructProperty* FindSubjectVariable(const UObject* Object)
{
	FStructProperty* Property = Object != nullptr ? FindFProperty<FStructProperty>(Object->GetClass(), SubjectVariable) : nullptr;
	return Property != nullptr && Property->Struct == FLiveLinkSubjectName::StaticStruct() ? Property : nullptr;
}

/** The function of an object that takes nothing but a subject; null without. */
UFunction* FindSubjectFunction(const UObject* Object)
{
	UFunction* Function = Object != nullptr ? Object->FindFunction(SubjectFunction) : nullptr;
	return Function != nullptr && Function->NumParms == 1 && Function->ParmsSize == sizeof(FLiveLinkSubjectName) ? Function : nullptr;
}

bool TakesSubject(const UObject* Object)
{
	return FindSubjectVariable(Object) != nullptr || FindSubjectFunction(Object) != nullptr;
}

bool SetSubject(UObject* Object, FName Subject)
{
	if (UFunction* Function = FindSubjectFunction(Object))
	{
		FLiveLinkSubjectName Name = Subject;
		Object->ProcessEvent(Function, &Name);
		return true;
	}
	if (FStructProperty* Property = FindSubjectVariable(Object))
	{
		Property->ContainerPtrToValuePtr<FLiveLinkSubjectName>(Object)->Name = Subject;
		return true;
	}
	return false;
}

void AddMorphs(const USkeletalMeshComponent& Mesh, a2f::Names& Morphs, TSet<FName>& Known)
{
	const USkeletalMesh* Asset = Mesh.GetSkeletalMeshAsset();
	if (Asset == nullptr)
	{
		return;
	}
	for (const TObjectPtr<UMorphTarget>& Morph : Asset->GetMorphTargets())
	{
		bool bIsKnown = false;
		Known.Add(Morph->GetFName(), &bIsKnown);
		if (!bIsKnown)
		{
			Morphs.push_back(A2FText::Of(Morph->GetName()));
		}
	}
}
}

a2f::FaceChoice FA2FFace::Find(AActor& Actor, a2f::FaceMode Asked, const FString& Rig, UClass* Animation)
{
	Meshes.Reset();
	MetaHumanFace.Reset();
	a2f::FaceFacts Facts;
	Facts.mode = Asked;
	Facts.rig = A2FText::Of(Rig);
	TSet<FName> Known;
	TArray<USkeletalMeshComponent*> Found;
	Actor.GetComponents<USkeletalMeshComponent>(Found);
	for (USkeletalMeshComponent* Mesh : Found)
	{
		Meshes.Add(Mesh);
		AddMorphs(*Mesh, Facts.morphs, Known);
		if (Mesh->GetFName() == FaceName)
		{
			MetaHumanFace = Mesh;
			if (Animation != nullptr)
			{
				Mesh->SetAnimInstanceClass(Animation);
			}
		}
	}
	Facts.is_metahuman = MetaHumanFace.IsValid() && (TakesSubject(&Actor) || TakesSubject(MetaHumanFace->GetAnimInstance()));
	Choice = a2f::ChooseFace(Facts);
	return Choice;
}

void FA2FFace::Hook(AActor& Actor, FName InSubject, UActorComponent& Writer)
{
	for (const TWeakObjectPtr<USkeletalMeshComponent>& Mesh : Meshes)
	{
		if (Mesh.IsValid())
		{
			Mesh->AddTickPrerequisiteComponent(&Writer);
		}
	}
	if (Choice.mode != a2f::FaceMode::LiveLink)
	{
		return;
	}
	Source = FA2FLiveLinkSource::Get();
	Subject = Source.IsValid() ? FA2FLiveLinkSource::Claim(InSubject) : InSubject;
	if (!Source.IsValid())
	{
		UE_LOG(LogA2F, Warning, TEXT("%s: the plugin Live Link is not enabled"), *Actor.GetName());
	}
	bIsHooked = Source.IsValid() && (!MetaHumanFace.IsValid() || HookMetaHuman(Actor));
	if (Source.IsValid() && !bIsHooked)
	{
		UE_LOG(LogA2F, Warning, TEXT("%s: no variable %s: choose the subject %s in its animation by hand"),
			*Actor.GetName(), *SubjectVariable.ToString(), *Subject.ToString());
	}
}

bool FA2FFace::HookMetaHuman(AActor& Actor)
{
	bool bIsSet = SetSubject(&Actor, Subject);
	if (UFunction* Setup = Actor.FindFunction(SetupFunction))
	{
		// The blueprint's own set-up takes the subject over from the actor; it has no parameters.
		if (Setup->NumParms == 0)
		{
			Actor.ProcessEvent(Setup, nullptr);
		}
	}
	return SetSubject(MetaHumanFace->GetAnimInstance(), Subject) || bIsSet;
}

void FA2FFace::SetNames(const a2f::Names& InNames)
{
	Names.Reset();
	Targets.Reset();
	for (const std::string& Name : InNames)
	{
		Names.Add(FName(*A2FText::Of(Name)));
	}
	Values.Init(0.f, Names.Num());
	if (Source.IsValid())
	{
		Source->PushNames(Subject, Names);
	}
	if (Choice.mode != a2f::FaceMode::Morphs)
	{
		return;
	}
	Matched = 0;
	for (int32 Index = 0; Index < Names.Num(); ++Index)
	{
		const int32 Before = Targets.Num();
		for (const TWeakObjectPtr<USkeletalMeshComponent>& Mesh : Meshes)
		{
			const USkeletalMesh* Asset = Mesh.IsValid() ? Mesh->GetSkeletalMeshAsset() : nullptr;
			if (Asset != nullptr && Asset->FindMorphTarget(Names[Index]) != nullptr)
			{
				Targets.Add({Mesh, Names[Index], Index});
			}
		}
		Matched += Targets.Num() > Before ? 1 : 0;
	}
}

void FA2FFace::Write(const float* Row, std::size_t Size, bool bMoveHead)
{
	if (Names.Num() == 0 || Size < static_cast<std::size_t>(Names.Num()))
	{
		return;
	}
	FMemory::Memcpy(Values.GetData(), Row, static_cast<SIZE_T>(Names.Num()) * sizeof(float));
	if (bMoveHead)
	{
		WriteHead(Row, Size);
	}
	for (const FTarget& Target : Targets)
	{
		if (USkeletalMeshComponent* Mesh = Target.Mesh.Get())
		{
			Mesh->SetMorphTarget(Target.Name, Values[Target.Index], false);
		}
	}
	if (Source.IsValid())
	{
		Source->PushValues(Subject, Values.GetData(), Values.Num(), bMoveHead);
	}
}

void FA2FFace::WriteHead(const float* Row, std::size_t Size)
{
	// The seven floats behind the curves: the transform `head`, in the axes of the rig.
	const std::size_t At = static_cast<std::size_t>(Names.Num());
	const int32 Switch = Names.IndexOfByKey(FName(TEXT("HeadControlSwitch")));
	const int32 Roll = Names.IndexOfByKey(FName(TEXT("HeadRoll")));
	const int32 Pitch = Names.IndexOfByKey(FName(TEXT("HeadPitch")));
	const int32 Yaw = Names.IndexOfByKey(FName(TEXT("HeadYaw")));
	if (Size < At + 7 || Switch == INDEX_NONE || Roll == INDEX_NONE || Pitch == INDEX_NONE || Yaw == INDEX_NONE)
	{
		return;
	}
	const FRotator Turn = FQuat(Row[At], Row[At + 1], Row[At + 2], Row[At + 3]).Rotator();
	Values[Switch] = 1.f;
	Values[Roll] = static_cast<float>(Turn.Roll);
	Values[Pitch] = static_cast<float>(Turn.Pitch);
	Values[Yaw] = static_cast<float>(Turn.Yaw);
}

int32 FA2FFace::GetMatched() const
{
	switch (Choice.mode)
	{
	case a2f::FaceMode::Morphs: return Matched;
	case a2f::FaceMode::LiveLink: return bIsHooked ? Names.Num() : 0;
	default: return bIsTaken ? Names.Num() : 0;
	}
}

bool FA2FFace::IsSeen() const
{
	for (const TWeakObjectPtr<USkeletalMeshComponent>& Mesh : Meshes)
	{
		if (Mesh.IsValid() && Mesh->WasRecentlyRendered(2.f))
		{
			return true;
		}
	}
	return Meshes.Num() == 0;
}

void FA2FFace::Release()
{
	if (Source.IsValid())
	{
		Source->RemoveSubject(Subject);
		FA2FLiveLinkSource::GiveBack(Subject);
		Source.Reset();
	}
	for (const FTarget& Target : Targets)
	{
		if (USkeletalMeshComponent* Mesh = Target.Mesh.Get())
		{
			Mesh->SetMorphTarget(Target.Name, 0.f, true);
		}
	}
	Targets.Reset();
	Names.Reset();
}
