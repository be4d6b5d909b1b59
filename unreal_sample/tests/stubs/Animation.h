/**
 * Signatures of the animation modules that the glue uses, for a syntax check.
 *
 * Read in: dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/Engine/Animation
 * (FAnimNode_Base, FPoseLink, FPoseContext, FBlendedCurve) and /API/Editor/AnimGraph
 * (UAnimGraphNode_Base), at 5.4 and 5.8. Curves go by name since 5.3.
 */
#pragma once

#include "Engine.h"

struct FAnimationInitializeContext {};
struct FAnimationCacheBonesContext {};
struct FAnimationUpdateContext {};
struct FBlendedCurve {
  float Get(FName name) const;
  void Set(FName name, float value);
};
struct FPoseContext {
  FBlendedCurve Curve;
};
struct FNodeDebugData {
  void AddDebugItem(FString text, bool is_pose_source = false);
  template <class Node>
  FString GetNodeName(Node* node);
};
struct FPoseLink {
  void Initialize(const FAnimationInitializeContext& context);
  void CacheBones(const FAnimationCacheBonesContext& context);
  void Update(const FAnimationUpdateContext& context);
  void Evaluate(FPoseContext& output);
  void GatherDebugData(FNodeDebugData& data);
};
struct FExposedValueHandler {
  void Execute(const FAnimationUpdateContext& context) const;
};
struct FAnimNode_Base {
  virtual ~FAnimNode_Base() = default;
  virtual void Initialize_AnyThread(const FAnimationInitializeContext&) {}
  virtual void CacheBones_AnyThread(const FAnimationCacheBonesContext&) {}
  virtual void Update_AnyThread(const FAnimationUpdateContext&) {}
  virtual void Evaluate_AnyThread(FPoseContext&) {}
  virtual void GatherDebugData(FNodeDebugData&) {}
  virtual bool HasPreUpdate() const { return false; }
  virtual void PreUpdate(const UAnimInstance*) {}

 protected:
  const FExposedValueHandler& GetEvaluateGraphExposedInputs() const;
};

namespace ENodeTitleType {
enum Type { FullTitle, ListView };
}
class UAnimGraphNode_Base : public UObject {
 public:
  virtual FText GetNodeTitle(ENodeTitleType::Type) const { return FText(); }
  virtual FText GetTooltipText() const { return FText(); }
  virtual FString GetNodeCategory() const { return FString(); }
};
