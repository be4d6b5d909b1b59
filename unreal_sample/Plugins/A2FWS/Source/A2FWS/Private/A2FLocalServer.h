/** A server of the game's own, on this machine. */
#pragma once

#include "CoreMinimal.h"
#include "HAL/PlatformProcess.h"

/** One for the process: it outlives worlds, and ends with the game, also when that crashes. */
class FA2FLocalServer
{
public:
	~FA2FLocalServer();

	/** Start it unless it runs, or the same has failed. */
	void Start(const FString& Program, const FString& Arguments);
	/** Read what it says. Once per frame. */
	void Poll();
	/** Let it end: its stdin is closed; one that does not within two seconds is ended. */
	void Stop();

	/** Where it is; empty until it says so. */
	const FString& GetUrl() const { return Url; }
	/** Why it does not run; empty while nothing is wrong. */
	const FString& GetProblem() const { return Problem; }

private:
	void Fail(const FString& Why);
	void ClosePipes();

	FProcHandle Process;
	void* OutRead = nullptr;
	void* OutWrite = nullptr;
	void* InRead = nullptr;
	void* InWrite = nullptr;
	FString Said;
	FString Url;
	FString Problem;
	/** What was started last, and what has failed: that is not tried again before the settings change. */
	FString Command;
	FString Failed;
};
