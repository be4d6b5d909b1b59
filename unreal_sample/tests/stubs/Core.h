/**
 * Signatures of the module Core and CoreUObject that the glue uses, for a syntax check.
 *
 * Read in: dev.epicgames.com/documentation/en-us/unreal-engine/API (pages named at each part).
 * Nothing here works; `A2F_ENGINE` is 504 or 508. What differs between the two says so.
 */
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "Containers.h"

#define TEXT(Literal) u##Literal
#define A2FWS_API
#define INDEX_NONE (-1)
/** A shipping build for Windows, or one of the editor for another system. */
#ifdef A2F_SHIPPING
#define STATS 0
#define PLATFORM_WINDOWS 1
#define WITH_EDITOR 0
#else
#define STATS 1
#define PLATFORM_WINDOWS 0
#define WITH_EDITOR 1
#endif
#define UPARAM(...)
#define UCLASS(...)
#define USTRUCT(...)
#define UENUM(...)
#define UPROPERTY(...)
#define UFUNCTION(...)
#define LOCTEXT(Key, Literal) FText()
#define RF_Transient 0
#define NAME_None FName()

// API/Runtime/Core/Math: FMath, FQuat, FRotator, FColor
struct FMath {
  template <class T>
  static T Max(T a, T b);
  template <class T>
  static T Min(T a, T b);
  template <class T>
  static T Clamp(T value, T least, T most);
  static float Lerp(float a, float b, float share);
  static float Sin(float angle);
};
struct FVector {
  FVector() = default;
  FVector(double x, double y, double z) : X(x), Y(y), Z(z) {}
  double X = 0, Y = 0, Z = 0;
  static const FVector ZeroVector;
};
struct FVector2D {
  FVector2D(double x, double y);
};
struct FRotator {
  FRotator(double pitch, double yaw, double roll);
  double Pitch = 0, Yaw = 0, Roll = 0;
  static const FRotator ZeroRotator;
};
struct FQuat {
  FQuat(double x, double y, double z, double w);
  FRotator Rotator() const;
};
struct FColor {
  FColor(uint8 r, uint8 g, uint8 b, uint8 a = 255);
  static const FColor Green;
};
struct FLinearColor {
  FLinearColor(float r, float g, float b, float a = 1.F);
};
struct FMemory {
  static void* Memcpy(void* to, const void* from, SIZE_T size);
};
struct FGuid {};

// API/Runtime/Core/Logging: UE_LOG; API/Runtime/Core/Stats
#define DECLARE_LOG_CATEGORY_EXTERN(Name, Default, Compiled) extern int Name
#define DEFINE_LOG_CATEGORY(Name) int Name
inline void A2FStubLog(const TCHAR*) {}
template <class... Args>
void A2FStubLog(const TCHAR*, Args... args) {
  (static_cast<void>(args), ...);
}
#define UE_LOG(Category, Level, ...) A2FStubLog(__VA_ARGS__)
#define DECLARE_STATS_GROUP(Text, Group, Category) struct Group
#define DECLARE_CYCLE_STAT_EXTERN(Text, Name, Group, Api) extern int Name
#define DECLARE_DWORD_COUNTER_STAT_EXTERN(Text, Name, Group, Api) extern int Name
#define DECLARE_FLOAT_COUNTER_STAT_EXTERN(Text, Name, Group, Api) extern int Name
#define DEFINE_STAT(Name) int Name
#define SCOPE_CYCLE_COUNTER(Name) static_cast<void>(Name)
#define INC_DWORD_STAT(Name) static_cast<void>(Name)
#define INC_DWORD_STAT_BY(Name, Amount) static_cast<void>(Name + static_cast<int>(Amount))
#define SET_FLOAT_STAT(Name, Value) static_cast<void>(Name + static_cast<int>(Value))
#define RETURN_QUICK_DECLARE_CYCLE_STAT(Name, Group) return TStatId()
struct TStatId {};
// Runtime/Core/Public/Stats/Stats.h: whether a stat's group is shown on this thread
#define GET_STATID(Name) (static_cast<void>(Name), TStatId())
struct FThreadStats {
  static bool IsCollectingData(TStatId id);
};

// API/Runtime/Core/Misc: FPaths, FFileHelper, GConfig, FPlatformTime, FPlatformProcess, FProcHandle
struct FPaths {
  static FString Combine(const FString& a, const FString& b);
  static FString ProjectDir();
  static bool IsRelative(const FString& path);
  static FString ConvertRelativePathToFull(const FString& base, const FString& path);
  static bool FileExists(const FString& path);
};
struct FFileHelper {
  static bool LoadFileToArray(TArray<uint8>& result, const TCHAR* file, uint32 flags = 0);
};
class FConfigCacheIni {
 public:
  bool GetDouble(const TCHAR* section, const TCHAR* key, double& value, const FString& file);
  void SetDouble(const TCHAR* section, const TCHAR* key, double value, const FString& file);
};
extern FConfigCacheIni* GConfig;
extern FString GEngineIni;
struct FPlatformMisc {
  static FString GetEnvironmentVariable(const TCHAR* name);
};
struct FPlatformTime {
  static double Seconds();
};
struct FProcHandle {
  bool IsValid() const;
  void Reset();
};
/** API/Runtime/Core/GenericPlatform/FGenericPlatformProcess; the platforms have the same. */
struct FPlatformProcess {
  static bool CreatePipe(void*& read, void*& write, bool is_write_local = false);
  static void ClosePipe(void* read, void* write);
  static FString ReadPipe(void* read);
  static FProcHandle CreateProc(const TCHAR* url, const TCHAR* parameters, bool is_detached,
                                bool is_hidden, bool is_really_hidden, uint32* process_id,
                                int32 priority, const TCHAR* folder, void* pipe_write_child,
                                void* pipe_read_child = nullptr);
  static bool IsProcRunning(FProcHandle& handle);
  static void CloseProc(FProcHandle& handle);
  static void TerminateProc(FProcHandle& handle, bool kills_tree = false);
  static void Sleep(float seconds);
};

// API/Runtime/Core/Delegates: events of the engine, and dynamic ones of blueprints
template <class... Args>
class TStubEvent {
 public:
  template <class User>
  void AddSP(User* user, void (User::*method)(Args...)) {
    static_assert(std::is_base_of_v<TSharedFromThis<User>, User>, "AddSP wants a shared object");
    static_cast<void>(user);
    static_cast<void>(method);
  }
  template <class Functor>
  void AddLambda(Functor functor) {
    std::function<void(Args...)> check(functor);
  }
  void RemoveAll(const void* user);
};
template <class... Args>
class TStubDynamic {
 public:
  bool IsBound() const;
  void Broadcast(Args... args) const;
};
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE(Name) using Name = TStubDynamic<>
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_OneParam(Name, T1, N1) using Name = TStubDynamic<T1>
#define DECLARE_DYNAMIC_MULTICAST_DELEGATE_TwoParams(Name, T1, N1, T2, N2) \
  using Name = TStubDynamic<T1, T2>

// API/Runtime/Core/Modules, Features, HAL/IConsoleManager; API/Runtime/Projects
class IModuleInterface {
 public:
  virtual ~IModuleInterface() = default;
  virtual void StartupModule() {}
  virtual void ShutdownModule() {}
};
class FDefaultModuleImpl : public IModuleInterface {};
class FDefaultGameModuleImpl : public IModuleInterface {};
class FModuleManager {
 public:
  static FModuleManager& Get();
  bool IsModuleLoaded(FName name) const;
  template <class T>
  static T& GetModuleChecked(FName name);
};
#define IMPLEMENT_MODULE(Class, Name) static_assert(std::is_base_of_v<IModuleInterface, Class>);
#define IMPLEMENT_PRIMARY_GAME_MODULE(Class, Name, Title) IMPLEMENT_MODULE(Class, Name)
class IModularFeatures {
 public:
  static IModularFeatures& Get();
  bool IsModularFeatureAvailable(const FName type);
  template <class T>
  T& GetModularFeature(const FName type);
};
class UWorld;
struct FConsoleCommandWithWorldAndArgsDelegate {
  static FConsoleCommandWithWorldAndArgsDelegate CreateStatic(void (*function)(const TArray<FString>&,
                                                                               UWorld*));
};
class IConsoleVariable {
 public:
  virtual ~IConsoleVariable() = default;
  virtual int32 GetInt() const = 0;
};
class IConsoleManager {
 public:
  static IConsoleManager& Get();
  virtual ~IConsoleManager() = default;
  virtual IConsoleVariable* FindConsoleVariable(const TCHAR* name, bool tracks_calls = true) const = 0;
};
struct FAutoConsoleCommandWithWorldAndArgs {
  FAutoConsoleCommandWithWorldAndArgs(const TCHAR* name, const TCHAR* help,
                                      const FConsoleCommandWithWorldAndArgsDelegate& command);
};
class IPlugin {
 public:
  FString GetBaseDir() const;
};
class IPluginManager {
 public:
  static IPluginManager& Get();
  TSharedPtr<IPlugin> FindPlugin(const FString& name);
};

// API/Runtime/CoreUObject: UObject, UClass, UFunction, FStructProperty, TWeakObjectPtr, TSubclassOf
class UScriptStruct {};
class UObject;
class UFunction {
 public:
  uint8 NumParms = 0;
  uint16 ParmsSize = 0;
};
class UClass {};
class UObject {
 public:
  virtual ~UObject() = default;
  UClass* GetClass() const;
  FName GetFName() const;
  FString GetName() const;
  UFunction* FindFunction(FName name) const;
  virtual void ProcessEvent(UFunction* function, void* parameters);
  UWorld* GetWorld() const;
};
template <class T>
using TObjectPtr = T*;
template <class T>
class TWeakObjectPtr {
 public:
  TWeakObjectPtr() = default;
  TWeakObjectPtr(T* object);
  bool IsValid() const;
  T* Get() const;
  T* operator->() const;
  void Reset();
  bool operator==(const TWeakObjectPtr& other) const;
};
template <class T>
class TSubclassOf {
 public:
  TSubclassOf() = default;
  TSubclassOf(UClass* type);
  UClass* Get() const;
};
class FStructProperty {
 public:
  UScriptStruct* Struct = nullptr;
  template <class T>
  T* ContainerPtrToValuePtr(void* container) const;
};
template <class T>
T* FindFProperty(const UClass* owner, FName name);
template <class T>
const T* GetDefault();
template <class T>
T* NewObject(UObject* outer, FName name = FName(), int flags = 0);
class FObjectInitializer {};
