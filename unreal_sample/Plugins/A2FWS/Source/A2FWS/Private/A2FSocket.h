/** The client's wire over the engine's WebSocket. */
#pragma once

#include "CoreMinimal.h"
#include "Templates/SharedPointer.h"

#include "Client/Client.h"

class IWebSocket;

/** All of it on the game's thread, where the engine tells what came. */
class FA2FSocket : public a2f::Wire, public TSharedFromThis<FA2FSocket>
{
public:
	virtual ~FA2FSocket() override;

	/** Who is told; null: nobody any more. */
	void SetClient(a2f::Client* InClient) { Client = InClient; }
	/** Tell what came while it could not be told, and let go of old sockets. Once per frame. */
	void Pump();

	virtual void Connect(const std::string& Url, const char* Subprotocol) override;
	virtual void Send(const std::uint8_t* Frame, std::size_t Size) override;
	virtual void Close(int Code, const std::string& Reason) override;

private:
	void Retire();
	void CloseLate();
	void HandleConnected();
	void HandleConnectionError(const FString& Error);
	void HandleClosed(int32 Code, const FString& Reason, bool bWasClean);
	void HandleBinary(const void* Data, SIZE_T Size, bool bIsLastFragment);
	void Ended(int32 Code, const FString& Reason);

	a2f::Client* Client = nullptr;
	TSharedPtr<IWebSocket> Socket;
	/** Sockets that may still be in one of their own calls. */
	TArray<TSharedPtr<IWebSocket>> Retired;
	/** What has come of a message that is not whole yet. */
	TArray<uint8> Fragments;
	/** Sockets that were given up while they were being opened, and until when they are watched: what opens is closed. */
	TArray<TPair<TSharedPtr<IWebSocket>, int64>> Late;
	TOptional<TPair<int32, FString>> PendingEnd;
	bool bIsCalling = false;
};
