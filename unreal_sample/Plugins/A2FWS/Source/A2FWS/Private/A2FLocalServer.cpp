#include "A2FLocalServer.h"

#include "A2FLog.h"
#include "A2FText.h"
#include "Client/Codes.h"
#include "HAL/PlatformMisc.h"
#include "Misc/Paths.h"

namespace
{
/** How long a server that is to end may take: two seconds, looked at every hundredth. */
constexpr int32 EndTurns = 200;
constexpr float EndTurnSeconds = 0.01f;

/** Whether there is such a program, as far as can be known: Windows looks for names itself. */
bool IsThere(const FString& File, bool bIsName)
{
#if PLATFORM_WINDOWS
	return bIsName || FPaths::FileExists(File) || FPaths::FileExists(File + TEXT(".exe"));
#else
	return FPaths::FileExists(File);
#endif
}

/** A program by its name: the other systems do not look for one along the path, as Windows does. */
FString FindProgram(const FString& Program)
{
#if !PLATFORM_WINDOWS
	TArray<FString> Folders;
	FPlatformMisc::GetEnvironmentVariable(TEXT("PATH")).ParseIntoArray(Folders, TEXT(":"));
	for (const FString& Folder : Folders)
	{
		const FString File = FPaths::Combine(Folder, Program);
		if (FPaths::FileExists(File))
		{
			return File;
		}
	}
#endif
	return Program;
}
}

FA2FLocalServer::~FA2FLocalServer()
{
	Stop();
}

void FA2FLocalServer::Start(const FString& Program, const FString& Arguments)
{
	const FString Asked = Program + TEXT(" ") + Arguments;
	if (Process.IsValid() || Asked == Failed)
	{
		return;
	}
	Command = Asked;
	Url.Reset();
	Said.Reset();
	if (Program.IsEmpty())
	{
		Fail(TEXT("no server answers, and none is named in the project's settings"));
		return;
	}
	const bool bIsName = !Program.Contains(TEXT("/")) && !Program.Contains(TEXT("\\"));
	const bool bIsRelative = !bIsName && FPaths::IsRelative(Program);
	const FString File = bIsName ? FindProgram(Program) : bIsRelative ? FPaths::ConvertRelativePathToFull(FPaths::ProjectDir(), Program) : Program;
	if (!IsThere(File, bIsName))
	{
		Fail(FString::Printf(TEXT("program not found: %s"), *File));
		return;
	}
	// The last argument keeps our end of its stdin from being inherited: else it never ended.
	if (!FPlatformProcess::CreatePipe(OutRead, OutWrite) || !FPlatformProcess::CreatePipe(InRead, InWrite, true))
	{
		Fail(TEXT("no pipes for a local server"));
		return;
	}
	const FString Parameters = TEXT("serve --port 0 --announce --exit-with-stdin ") + Arguments;
	Process = FPlatformProcess::CreateProc(*File, *Parameters, false, true, true, nullptr, 0, nullptr, OutWrite, InRead);
	if (!Process.IsValid())
	{
		Fail(FString::Printf(TEXT("no server answers, and %s cannot be started"), *File));
		return;
	}
	UE_LOG(LogA2F, Log, TEXT("started %s %s"), *File, *Parameters);
}

void FA2FLocalServer::Fail(const FString& Why)
{
	Problem = Why;
	Failed = Command;
	UE_LOG(LogA2F, Warning, TEXT("%s: see A2F-WS in the project's settings"), *Problem);
	ClosePipes();
}

void FA2FLocalServer::Poll()
{
	if (!Process.IsValid())
	{
		return;
	}
	Said += FPlatformProcess::ReadPipe(OutRead);
	int32 End = INDEX_NONE;
	while (Said.FindChar(TEXT('\n'), End))
	{
		const FString Line = Said.Left(End).TrimEnd();
		Said = Said.Mid(End + 1);
		const std::string Announced = a2f::AnnouncedUrl(A2FText::Of(Line));
		if (!Announced.empty())
		{
			Url = A2FText::Of(Announced);
			Problem.Reset();
		}
		UE_LOG(LogA2F, Log, TEXT("server: %s"), *Line);
	}
	if (!FPlatformProcess::IsProcRunning(Process))
	{
		Problem = TEXT("the local server has ended; the log has its last words");
		UE_LOG(LogA2F, Warning, TEXT("%s"), *Problem);
		// One that never got as far as its announcement would not the next time either.
		Failed = Url.IsEmpty() ? Command : FString();
		FPlatformProcess::CloseProc(Process);
		Process.Reset();
		ClosePipes();
		Url.Reset();
	}
}

void FA2FLocalServer::Stop()
{
	ClosePipes();
	if (Process.IsValid())
	{
		// On Linux CloseProc waits for a process that runs, for as long as it does.
		for (int32 Turn = 0; Turn < EndTurns && FPlatformProcess::IsProcRunning(Process); ++Turn)
		{
			FPlatformProcess::Sleep(EndTurnSeconds);
		}
		if (FPlatformProcess::IsProcRunning(Process))
		{
			FPlatformProcess::TerminateProc(Process, true);
		}
		FPlatformProcess::CloseProc(Process);
		Process.Reset();
	}
	Url.Reset();
	Failed.Reset();
}

void FA2FLocalServer::ClosePipes()
{
	FPlatformProcess::ClosePipe(InRead, InWrite);
	FPlatformProcess::ClosePipe(OutRead, OutWrite);
	InRead = InWrite = OutRead = OutWrite = nullptr;
}
