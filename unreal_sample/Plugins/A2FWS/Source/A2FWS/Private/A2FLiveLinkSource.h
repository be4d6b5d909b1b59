/** One Live Link source for the process, with one subject for each character. */
#pragma once

#include "CoreMinimal.h"
#include "ILiveLinkSource.h"
#include "LiveLinkTypes.h"

class FA2FLiveLinkSource final : public ILiveLinkSource
{
public:
	/** The source, added to the client at the first call; null where there is no Live Link. */
	static TSharedPtr<FA2FLiveLinkSource> Get();
	/** Take it out again; at the module's end. */
	static void Remove();

	/** A name for a subject that no other character has: several worlds may have actors of one label. */
	static FName Claim(FName Wanted);
	/** The name may be had by others. */
	static void GiveBack(FName Name);

	/** Tell which curves a subject has. */
	void PushNames(FName Subject, const TArray<FName>& Names);
	/** Tell their values now. */
	void PushValues(FName Subject, const float* Values, int32 Count, bool bMovesHead);
	void RemoveSubject(FName Subject);

	virtual void ReceiveClient(ILiveLinkClient* InClient, FGuid InSourceGuid) override;
	virtual void InitializeSettings(ULiveLinkSourceSettings* Settings) override;
	virtual bool IsSourceStillValid() const override { return Client != nullptr; }
	virtual bool RequestSourceShutdown() override;
	virtual FText GetSourceType() const override;
	virtual FText GetSourceMachineName() const override;
	virtual FText GetSourceStatus() const override;

private:
	ILiveLinkClient* Client = nullptr;
	FGuid Guid;
};
