/** The connections of a world: one for each server, shared by all characters. */
#pragma once

#include "CoreMinimal.h"
#include "Subsystems/WorldSubsystem.h"
#include "Templates/PimplPtr.h"

#include "A2FSubsystem.generated.h"

class FA2FConnections;
class UA2FStreamComponent;
namespace a2f
{
class Client;
struct Introduction;
}

UCLASS()
class A2FWS_API UA2FSubsystem : public UTickableWorldSubsystem
{
	GENERATED_BODY()

public:
	/** The connection to a server, made at the first call. Valid until the world goes. */
	a2f::Client* ClientOf(const FString& Url);

	/**
	 * Password or token of the player, in place of those in the settings; taken at the next connect.
	 * A password is proven, never sent; a token is sent. Empty: without.
	 */
	UFUNCTION(BlueprintCallable, Category = "A2F-WS")
	void SetCredentials(const FString& Password, const FString& Token);

	/** Steady, microseconds: the clock of everything here. */
	static int64 NowUs();

	void Add(UA2FStreamComponent* Component);
	void Remove(UA2FStreamComponent* Component);
	/** Characters of this world that have the component. */
	TArray<UA2FStreamComponent*> Components() const;

	virtual void Initialize(FSubsystemCollectionBase& Collection) override;
	virtual void Deinitialize() override;
	virtual void Tick(float DeltaTime) override;
	virtual bool IsTickableWhenPaused() const override { return true; }
	virtual TStatId GetStatId() const override;

protected:
	virtual bool DoesSupportWorldType(const EWorldType::Type WorldType) const override;

private:
	a2f::Introduction Introduce() const;

	TPimplPtr<FA2FConnections> Connections;
	TOptional<TPair<FString, FString>> Credentials;

	UPROPERTY(Transient)
	TArray<TWeakObjectPtr<UA2FStreamComponent>> Streams;
};
