/**
 * Signatures of the modules WebSockets and LiveLinkInterface that the glue uses, for a syntax check.
 *
 * Read in: dev.epicgames.com/documentation/en-us/unreal-engine/API/Runtime/WebSockets and
 * /LiveLinkInterface, at 5.4 and 5.8.
 */
#pragma once

#include "Engine.h"

// API/Runtime/WebSockets/IWebSocket, FWebSocketsModule
class IWebSocket {
 public:
  virtual ~IWebSocket() = default;
  virtual void Connect() = 0;
  virtual void Close(int32 code = 1000, const FString& reason = FString()) = 0;
  virtual bool IsConnected() = 0;
  virtual void Send(const FString& data) = 0;
  virtual void Send(const void* data, SIZE_T size, bool is_binary = false) = 0;
  virtual void SetTextMessageMemoryLimit(uint64 limit) = 0;
  virtual TStubEvent<>& OnConnected() = 0;
  virtual TStubEvent<const FString&>& OnConnectionError() = 0;
  virtual TStubEvent<int32, const FString&, bool>& OnClosed() = 0;
  virtual TStubEvent<const FString&>& OnMessage() = 0;
  virtual TStubEvent<const void*, SIZE_T, bool>& OnBinaryMessage() = 0;
  virtual TStubEvent<const void*, SIZE_T, SIZE_T>& OnRawMessage() = 0;
  virtual TStubEvent<const FString&>& OnMessageSent() = 0;
};
class FWebSocketsModule : public IModuleInterface {
 public:
  static FWebSocketsModule& Get();
  TSharedRef<IWebSocket> CreateWebSocket(const FString& url, const TArray<FString>& protocols,
                                         const TMap<FString, FString>& headers = {});
  TSharedRef<IWebSocket> CreateWebSocket(const FString& url, const FString& protocol = FString(),
                                         const TMap<FString, FString>& headers = {});
};

// API/Runtime/LiveLinkInterface: types and roles
struct FLiveLinkSubjectName {
  FName Name;
  FLiveLinkSubjectName() = default;
  FLiveLinkSubjectName(FName name) : Name(name) {}
  static UScriptStruct* StaticStruct();
};
struct FLiveLinkSubjectKey {
  FLiveLinkSubjectKey(FGuid source, FLiveLinkSubjectName name);
};
struct FLiveLinkWorldTime {
  explicit FLiveLinkWorldTime(double time);
};
struct FLiveLinkMetaData {
  TMap<FName, FString> StringMetaData;
};
struct FLiveLinkBaseStaticData {
  TArray<FName> PropertyNames;
  static UScriptStruct* StaticStruct();
};
struct FLiveLinkBaseFrameData {
  FLiveLinkWorldTime WorldTime;
  FLiveLinkMetaData MetaData;
  TArray<float> PropertyValues;
  static UScriptStruct* StaticStruct();
};
struct FLiveLinkStaticDataStruct {
  explicit FLiveLinkStaticDataStruct(const UScriptStruct* type);
  template <class T>
  T* Cast();
};
struct FLiveLinkFrameDataStruct {
  explicit FLiveLinkFrameDataStruct(const UScriptStruct* type);
  template <class T>
  T* Cast();
};
class ULiveLinkRole : public UObject {};
class ULiveLinkBasicRole : public ULiveLinkRole {
 public:
  static UClass* StaticClass();
};
enum class ELiveLinkSourceMode : uint8 { Latest, EngineTime, Timecode };
class ULiveLinkSourceSettings : public UObject {
 public:
  ELiveLinkSourceMode Mode = ELiveLinkSourceMode::EngineTime;
};

// API/Runtime/LiveLinkInterface/ILiveLinkSource, ILiveLinkClient
class ILiveLinkClient;
class ILiveLinkSource {
 public:
  virtual ~ILiveLinkSource() = default;
  virtual void ReceiveClient(ILiveLinkClient* client, FGuid source) = 0;
  virtual void InitializeSettings(ULiveLinkSourceSettings*) {}
  virtual void Update() {}
  virtual bool IsSourceStillValid() const = 0;
  virtual bool RequestSourceShutdown() = 0;
  virtual FText GetSourceType() const = 0;
  virtual FText GetSourceMachineName() const = 0;
  virtual FText GetSourceStatus() const = 0;
};
class ILiveLinkClient {
 public:
  static FName ModularFeatureName;
  virtual ~ILiveLinkClient() = default;
  virtual FGuid AddSource(TSharedPtr<ILiveLinkSource> source) = 0;
  virtual void RemoveSource(TSharedPtr<ILiveLinkSource> source) = 0;
  virtual bool HasSourceBeenAdded(TSharedPtr<ILiveLinkSource> source) const = 0;
  virtual void PushSubjectStaticData_AnyThread(const FLiveLinkSubjectKey& key,
                                               TSubclassOf<ULiveLinkRole> role,
                                               FLiveLinkStaticDataStruct&& data) = 0;
  virtual void PushSubjectFrameData_AnyThread(const FLiveLinkSubjectKey& key,
                                              FLiveLinkFrameDataStruct&& data) = 0;
  virtual void RemoveSubject_AnyThread(const FLiveLinkSubjectKey& key) = 0;
};
