/** The page A2F-WS under Project Settings, Plugins. */
#pragma once

#include "CoreMinimal.h"
#include "Engine/DeveloperSettings.h"

#include "A2FSettings.generated.h"

UCLASS(Config = Game, DefaultConfig, meta = (DisplayName = "A2F-WS"))
class A2FWS_API UA2FSettings : public UDeveloperSettings
{
	GENERATED_BODY()

public:
	/** Where the server is; `wss+insecure://` takes a self-signed certificate. */
	UPROPERTY(Config, EditAnywhere, Category = "Server")
	FString ServerUrl = TEXT("ws://127.0.0.1:8765");

	/** The server's password: proven, never sent. Do not ship one. */
	UPROPERTY(Config, EditAnywhere, Category = "Server")
	FString Password;

	/** A bearer token: sent as it is, so to wss:// only, or on this machine. Do not ship one. */
	UPROPERTY(Config, EditAnywhere, Category = "Server")
	FString Token;

	/** Start a server where none answers at an address on this machine; it ends with the game. */
	UPROPERTY(Config, EditAnywhere, Category = "Local server")
	bool bStartLocalServer = true;

	/** The program: a name on the path, or a file; relative ones start at the project's folder. */
	UPROPERTY(Config, EditAnywhere, Category = "Local server")
	FString LocalServerProgram = TEXT("a2f-ws");

	/** More arguments behind `serve --port 0 --announce --exit-with-stdin`. */
	UPROPERTY(Config, EditAnywhere, Category = "Local server")
	FString LocalServerArguments = TEXT("--log-level warning");

	/** Milliseconds between the mixer and the ear that the engine knows nothing of: drivers, Bluetooth. */
	UPROPERTY(Config, EditAnywhere, Category = "Sound", meta = (ClampMin = "-500", ClampMax = "500"))
	float ExtraLatencyMs = 0.f;

	/** Show the doctor on the screen. */
	UPROPERTY(Config, EditAnywhere, Category = "Debug")
	bool bShowDoctor = true;

	virtual FName GetCategoryName() const override { return TEXT("Plugins"); }
};
