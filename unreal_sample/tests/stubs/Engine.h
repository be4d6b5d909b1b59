/**
 * Signatures of the module Engine and its neighbours that the glue uses, for a syntax check.
 *
 * Read in: dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine and the pages
 * named at each part.
 */
#pragma once

#include "Core.h"

class AActor;
class FAudioDevice;
class UActorComponent;

// API/Runtime/Engine/Engine: UWorld, EWorldType, UEngine
namespace EWorldType {
enum Type { None, Game, Editor, PIE };
}
struct FActorSpawnParameters {};
class UWorld : public UObject {
 public:
  template <class T>
  static T* GetSubsystem(const UWorld* world);
  FAudioDevice* GetAudioDeviceRaw() const;
  bool IsPaused() const;
  double GetTimeSeconds() const;
  template <class T>
  T* SpawnActor(const FVector& location, const FRotator& rotation,
                const FActorSpawnParameters& parameters = FActorSpawnParameters());
};
class UEngine : public UObject {
 public:
  void AddOnScreenDebugMessage(uint64 key, float seconds, FColor color, const FString& text,
                               bool is_newer_on_top = true, const FVector2D& scale = FVector2D(1, 1));
};
extern UEngine* GEngine;

// API/Runtime/Engine/Components: UActorComponent, USceneComponent; API/Runtime/Engine/GameFramework
namespace EEndPlayReason {
enum Type { Destroyed, LevelTransition, EndPlayInEditor, RemovedFromWorld, Quit };
}
enum ELevelTick { LEVELTICK_All };
enum ETickingGroup { TG_PrePhysics };
struct FActorComponentTickFunction {
  bool bCanEverTick = false;
  bool bTickEvenWhenPaused = false;
  ETickingGroup TickGroup = TG_PrePhysics;
};
enum ENetMode { NM_Standalone, NM_DedicatedServer, NM_ListenServer, NM_Client };
class UActorComponent : public UObject {
 public:
  bool IsNetMode(ENetMode mode) const;
  virtual void SetComponentTickEnabled(bool is_enabled);
  FActorComponentTickFunction PrimaryComponentTick;
  bool bAutoActivate = false;
  AActor* GetOwner() const;
  void RegisterComponent();
  virtual void DestroyComponent(bool promotes_children = false);
  void AddTickPrerequisiteComponent(UActorComponent* other);
  virtual void BeginPlay() {}
  virtual void EndPlay(const EEndPlayReason::Type) {}
  virtual void TickComponent(float, ELevelTick, FActorComponentTickFunction*) {}
};
class USceneComponent : public UActorComponent {
 public:
  void SetupAttachment(USceneComponent* parent);
  void SetRelativeRotation(FRotator rotation);
  void SetRelativeLocation(FVector location);
  void SetRelativeScale3D(FVector scale);
};
class AActor : public UObject {
 public:
  struct FActorTickFunction {
    bool bCanEverTick = false;
    bool bTickEvenWhenPaused = false;
  } PrimaryActorTick;
  USceneComponent* GetRootComponent() const;
  bool SetRootComponent(USceneComponent* root);
  FString GetActorNameOrLabel() const;
  void AddTickPrerequisiteComponent(UActorComponent* other);
  template <class T>
  void GetComponents(TArray<T*>& found, bool includes_children = false) const;
  template <class T>
  T* FindComponentByClass() const;
  template <class T>
  T* CreateDefaultSubobject(FName name);
  virtual void BeginPlay() {}
  virtual void Tick(float) {}
};
class APawn : public AActor {};
class APlayerController : public AActor {
 public:
  bool bAutoManageActiveCameraTarget = true;
  virtual void SetViewTargetWithBlend(AActor* target, float seconds = 0);
};
class ACameraActor : public AActor {};
class ADirectionalLight : public AActor {};
class AGameModeBase : public AActor {
 public:
  TSubclassOf<APawn> DefaultPawnClass;
  virtual void StartPlay() {}
  virtual void PostLogin(APlayerController*) {}
};

// API/Runtime/Engine/Subsystems: UTickableWorldSubsystem
class FSubsystemCollectionBase {};
class UTickableWorldSubsystem : public UObject {
 public:
  virtual void Initialize(FSubsystemCollectionBase&) {}
  virtual void Deinitialize() {}
  virtual void Tick(float) {}
  virtual TStatId GetStatId() const = 0;
  virtual bool IsTickableWhenPaused() const { return false; }

 protected:
  virtual bool DoesSupportWorldType(const EWorldType::Type) const { return true; }
};

// API/Runtime/DeveloperSettings/UDeveloperSettings
class UDeveloperSettings : public UObject {
 public:
  virtual FName GetCategoryName() const { return FName(); }
};

// API/Runtime/Engine/Animation: UMorphTarget; Engine/USkeletalMesh; Components/USkeletalMeshComponent
class UMorphTarget : public UObject {};
class UAnimInstance : public UObject {
 public:
  AActor* GetOwningActor() const;
};
class USkeletalMesh : public UObject {
 public:
  const TArray<TObjectPtr<UMorphTarget>>& GetMorphTargets() const;
  UMorphTarget* FindMorphTarget(FName name) const;
};
class USkeletalMeshComponent : public USceneComponent {
 public:
  USkeletalMesh* GetSkeletalMeshAsset() const;
  UAnimInstance* GetAnimInstance() const;
  void SetAnimInstanceClass(UClass* type);
  void SetMorphTarget(FName name, float value, bool removes_zero = true);
  bool WasRecentlyRendered(float seconds = 0.2F) const;
};

// API/Plugins/ProceduralMeshComponent: UProceduralMeshComponent, FProcMeshTangent
struct FProcMeshTangent {};
class UMaterialInterface : public UObject {};
class UProceduralMeshComponent : public USceneComponent {
 public:
  void CreateMeshSection_LinearColor(int32 section, const TArray<FVector>& vertices,
                                     const TArray<int32>& triangles, const TArray<FVector>& normals,
                                     const TArray<FVector2D>& uv0,
                                     const TArray<FLinearColor>& colors,
                                     const TArray<FProcMeshTangent>& tangents, bool has_collision,
                                     bool is_srgb = false);
  void UpdateMeshSection_LinearColor(int32 section, const TArray<FVector>& vertices,
                                     const TArray<FVector>& normals, const TArray<FVector2D>& uv0,
                                     const TArray<FLinearColor>& colors,
                                     const TArray<FProcMeshTangent>& tangents, bool is_srgb = true);
  void SetMaterial(int32 section, UMaterialInterface* material);
};
class UMaterial : public UMaterialInterface {
 public:
  static UMaterial* GetDefaultMaterial(int domain);
};
template <class T>
T* LoadObject(UObject* outer, const TCHAR* name);
