#include "A2FSubsystem.h"

#include "A2FLocalServer.h"
#include "A2FLog.h"
#include "A2FModule.h"
#include "A2FSettings.h"
#include "A2FSocket.h"
#include "A2FStreamComponent.h"
#include "A2FText.h"
#include "Client/OwnServer.h"
#include "Engine/Engine.h"
#include "Engine/World.h"
#include "GameFramework/Actor.h"
#include "HAL/PlatformTime.h"

#include <memory>

/** One server, as this world knows it. */
struct FA2FConnection
{
	FString Url;
	TSharedRef<FA2FSocket> Socket = MakeShared<FA2FSocket>();
	std::unique_ptr<a2f::Client> Client;
	a2f::OwnServer Own;

	~FA2FConnection()
	{
		Socket->SetClient(nullptr);
		Client->Stop();
	}
};

class FA2FConnections
{
public:
	TArray<TUniquePtr<FA2FConnection>> All;
};

namespace
{
/** Room for the keys of on-screen messages of ours. */
constexpr uint64 DoctorKey = 0x41324600;
constexpr int32 LinesMost = 8;

void TickConnection(FA2FConnection& Connection, FA2FLocalServer& Server, int64 NowUs)
{
	Connection.Socket->Pump();
	Connection.Client->Tick(NowUs);
	const UA2FSettings* Settings = GetDefault<UA2FSettings>();
	if (Settings->bStartLocalServer && Connection.Own.Tick(*Connection.Client, A2FText::Of(Server.GetUrl()), NowUs))
	{
		Server.Start(Settings->LocalServerProgram, Settings->LocalServerArguments);
	}
}

/** @param ServerProblem why no server of the game's own runs; empty while none is wanted. */
void ShowDoctor(const TArray<UA2FStreamComponent*>& Components, const FString& ServerProblem)
{
	uint64 Key = DoctorKey;
	if (!ServerProblem.IsEmpty())
	{
		GEngine->AddOnScreenDebugMessage(Key++, 0.f, FColor::Green, TEXT("local server: ") + ServerProblem, false);
	}
	for (const UA2FStreamComponent* Component : Components)
	{
		const TArray<FString> Lines = Component->GetDoctorLines();
		for (int32 Index = 0; Index < FMath::Min(Lines.Num(), LinesMost); ++Index)
		{
			const FString Text = Index == 0 ? Component->GetOwner()->GetName() + TEXT(": ") + Lines[Index] : TEXT("    ") + Lines[Index];
			GEngine->AddOnScreenDebugMessage(Key++, 0.f, FColor::Green, Text, false);
		}
	}
}
}

void UA2FSubsystem::Initialize(FSubsystemCollectionBase& Collection)
{
	Super::Initialize(Collection);
	Connections = MakePimpl<FA2FConnections>();
}

void UA2FSubsystem::Deinitialize()
{
	// Characters first: they hold sessions of these connections.
	for (UA2FStreamComponent* Component : Components())
	{
		Component->Disconnect();
	}
	Streams.Reset();
	Connections.Reset();
	Super::Deinitialize();
}

a2f::Client* UA2FSubsystem::ClientOf(const FString& Url)
{
	for (const TUniquePtr<FA2FConnection>& Connection : Connections->All)
	{
		if (Connection->Url == Url)
		{
			// One that has given up tries again when somebody asks.
			Connection->Client->Start(NowUs());
			return Connection->Client.get();
		}
	}
	TUniquePtr<FA2FConnection> Connection = MakeUnique<FA2FConnection>();
	Connection->Url = Url;
	Connection->Client = std::make_unique<a2f::Client>(*Connection->Socket, A2FText::Of(Url), Introduce());
	Connection->Socket->SetClient(Connection->Client.get());
	a2f::Client* Client = Connection->Client.get();
	Connections->All.Add(MoveTemp(Connection));
	Client->Start(NowUs());
	return Client;
}

a2f::Introduction UA2FSubsystem::Introduce() const
{
	const UA2FSettings* Settings = GetDefault<UA2FSettings>();
	a2f::Introduction Who;
	Who.name = "a2f-ws-unreal/0.1.0";
	Who.password = A2FText::Of(Credentials.IsSet() ? Credentials.GetValue().Key : Settings->Password);
	Who.token = A2FText::Of(Credentials.IsSet() ? Credentials.GetValue().Value : Settings->Token);
	return Who;
}

void UA2FSubsystem::SetCredentials(const FString& Password, const FString& Token)
{
	Credentials.Emplace(TPair<FString, FString>(Password, Token));
	for (const TUniquePtr<FA2FConnection>& Connection : Connections->All)
	{
		Connection->Client->Introduce(Introduce());
	}
}

int64 UA2FSubsystem::NowUs()
{
	return static_cast<int64>(FPlatformTime::Seconds() * 1e6);
}

void UA2FSubsystem::Add(UA2FStreamComponent* Component)
{
	Streams.AddUnique(Component);
}

void UA2FSubsystem::Remove(UA2FStreamComponent* Component)
{
	Streams.Remove(Component);
}

TArray<UA2FStreamComponent*> UA2FSubsystem::Components() const
{
	TArray<UA2FStreamComponent*> All;
	for (const TWeakObjectPtr<UA2FStreamComponent>& Weak : Streams)
	{
		if (UA2FStreamComponent* Component = Weak.Get())
		{
			All.Add(Component);
		}
	}
	return All;
}

void UA2FSubsystem::Tick(float DeltaTime)
{
	Super::Tick(DeltaTime);
	SCOPE_CYCLE_COUNTER(STAT_A2FConnections);
	FA2FLocalServer& Server = FA2FModule::Get().GetLocalServer();
	Server.Poll();
	const int64 Now = NowUs();
	bool bIsReady = true;
	// By index: an event handler may connect to another server meanwhile.
	for (int32 Index = 0; Index < Connections->All.Num(); ++Index)
	{
		FA2FConnection& Connection = *Connections->All[Index];
		TickConnection(Connection, Server, Now);
		bIsReady = bIsReady && Connection.Client->State() == a2f::ClientState::kReady;
	}
	if (GetDefault<UA2FSettings>()->bShowDoctor && GEngine != nullptr)
	{
		ShowDoctor(Components(), bIsReady ? FString() : Server.GetProblem());
	}
}

TStatId UA2FSubsystem::GetStatId() const
{
	RETURN_QUICK_DECLARE_CYCLE_STAT(UA2FSubsystem, STATGROUP_A2F);
}

bool UA2FSubsystem::DoesSupportWorldType(const EWorldType::Type WorldType) const
{
	return WorldType == EWorldType::Game || WorldType == EWorldType::PIE;
}
