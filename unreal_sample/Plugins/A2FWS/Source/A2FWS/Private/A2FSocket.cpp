#include "A2FSocket.h"

#include "A2FSubsystem.h"
#include "A2FText.h"
#include "IWebSocket.h"
#include "WebSocketsModule.h"

namespace
{
/** Longest message that is put together of fragments: no server of ours sends more (4 MiB). */
constexpr int32 MessageBytesMost = 8 * 1024 * 1024;
/** Longer than any socket takes to open. */
constexpr int64 LateUs = 60000000;
}

FA2FSocket::~FA2FSocket()
{
	Retire();
	for (const TPair<TSharedPtr<IWebSocket>, int64>& Old : Late)
	{
		Old.Key->Close();
	}
}

void FA2FSocket::Connect(const std::string& Url, const char* Subprotocol)
{
	Retire();
	Fragments.Reset();
	PendingEnd.Reset();
	Socket = FWebSocketsModule::Get().CreateWebSocket(A2FText::Of(Url), FString(UTF8_TO_TCHAR(Subprotocol)));
	// All of them before Connect: what nobody is bound to then is never collected.
	Socket->OnConnected().AddSP(this, &FA2FSocket::HandleConnected);
	Socket->OnConnectionError().AddSP(this, &FA2FSocket::HandleConnectionError);
	Socket->OnClosed().AddSP(this, &FA2FSocket::HandleClosed);
	Socket->OnBinaryMessage().AddSP(this, &FA2FSocket::HandleBinary);
	TGuardValue<bool> Calling(bIsCalling, true);
	Socket->Connect();
}

void FA2FSocket::Send(const std::uint8_t* Frame, std::size_t Size)
{
	if (Socket.IsValid() && Socket->IsConnected())
	{
		Socket->Send(Frame, static_cast<SIZE_T>(Size), true);
	}
}

void FA2FSocket::Close(int Code, const std::string& Reason)
{
	if (!Socket.IsValid())
	{
		return;
	}
	const TSharedPtr<IWebSocket> Old = Socket;
	Retire();
	if (Old->IsConnected())
	{
		Old->Close(Code, A2FText::Of(Reason));
	}
	else
	{
		Late.Emplace(Old, UA2FSubsystem::NowUs() + LateUs);
	}
}

void FA2FSocket::CloseLate()
{
	const int64 NowUs = UA2FSubsystem::NowUs();
	for (int32 Index = Late.Num() - 1; Index >= 0; --Index)
	{
		const bool bIsOpen = Late[Index].Key->IsConnected();
		if (bIsOpen)
		{
			Late[Index].Key->Close();
		}
		if (bIsOpen || NowUs > Late[Index].Value)
		{
			Retired.Add(Late[Index].Key);
			Late.RemoveAt(Index);
		}
	}
}

void FA2FSocket::Retire()
{
	if (!Socket.IsValid())
	{
		return;
	}
	Socket->OnConnected().RemoveAll(this);
	Socket->OnConnectionError().RemoveAll(this);
	Socket->OnClosed().RemoveAll(this);
	Socket->OnBinaryMessage().RemoveAll(this);
	Retired.Add(MoveTemp(Socket));
	Socket.Reset();
}

void FA2FSocket::Pump()
{
	Retired.Reset();
	CloseLate();
	if (PendingEnd.IsSet())
	{
		const TPair<int32, FString> End = PendingEnd.GetValue();
		PendingEnd.Reset();
		Ended(End.Key, End.Value);
	}
}

void FA2FSocket::HandleConnected()
{
	if (Client != nullptr)
	{
		Client->Connected(UA2FSubsystem::NowUs());
	}
}

void FA2FSocket::HandleConnectionError(const FString& Error)
{
	// The engine's words ("Invalid Domain", "Connection failed") tell no code.
	Ended(a2f::kAbnormal, Error);
}

void FA2FSocket::HandleClosed(int32 Code, const FString& Reason, bool bWasClean)
{
	Ended(Code, Reason);
}

void FA2FSocket::Ended(int32 Code, const FString& Reason)
{
	if (bIsCalling)
	{
		PendingEnd.Emplace(TPair<int32, FString>(Code, Reason));
		return;
	}
	Retire();
	if (Client != nullptr)
	{
		Client->Disconnected(Code, A2FText::Of(Reason), UA2FSubsystem::NowUs());
	}
}

void FA2FSocket::HandleBinary(const void* Data, SIZE_T Size, bool bIsLastFragment)
{
	if (Client == nullptr)
	{
		return;
	}
	const uint8* Bytes = static_cast<const uint8*>(Data);
	if (Fragments.Num() == 0 && bIsLastFragment)
	{
		Client->Receive({Bytes, static_cast<std::size_t>(Size)}, UA2FSubsystem::NowUs());
		return;
	}
	if (Size > static_cast<SIZE_T>(MessageBytesMost - Fragments.Num()))
	{
		Fragments.Reset();
		Close(1009, "");
		Client->Disconnected(1009, "", UA2FSubsystem::NowUs());
		return;
	}
	Fragments.Append(Bytes, static_cast<int32>(Size));
	if (bIsLastFragment)
	{
		const TArray<uint8> Whole = MoveTemp(Fragments);
		Fragments.Reset();
		Client->Receive({Whole.GetData(), static_cast<std::size_t>(Whole.Num())}, UA2FSubsystem::NowUs());
	}
}
