#include "A2FLiveLinkSource.h"

#include "A2FText.h"
#include "Client/UniqueNames.h"
#include "Features/IModularFeatures.h"
#include "HAL/PlatformTime.h"
#include "ILiveLinkClient.h"
#include "LiveLinkSourceSettings.h"
#include "Roles/LiveLinkBasicRole.h"
#include "Roles/LiveLinkBasicTypes.h"

#define LOCTEXT_NAMESPACE "A2FWS"

namespace
{
TSharedPtr<FA2FLiveLinkSource> TheSource;
/** Outlives the source, which somebody may remove by hand. */
a2f::UniqueNames Subjects;

ILiveLinkClient* FindClient()
{
	IModularFeatures& Features = IModularFeatures::Get();
	if (!Features.IsModularFeatureAvailable(ILiveLinkClient::ModularFeatureName))
	{
		return nullptr;
	}
	return &Features.GetModularFeature<ILiveLinkClient>(ILiveLinkClient::ModularFeatureName);
}
}

TSharedPtr<FA2FLiveLinkSource> FA2FLiveLinkSource::Get()
{
	ILiveLinkClient* Client = FindClient();
	if (Client == nullptr)
	{
		return nullptr;
	}
	// Somebody may have removed it by hand.
	if (!TheSource.IsValid() || !Client->HasSourceBeenAdded(TheSource))
	{
		TheSource = MakeShared<FA2FLiveLinkSource>();
		Client->AddSource(TheSource);
	}
	return TheSource;
}

void FA2FLiveLinkSource::Remove()
{
	ILiveLinkClient* Client = FindClient();
	if (TheSource.IsValid() && Client != nullptr)
	{
		Client->RemoveSource(TheSource);
	}
	TheSource.Reset();
}

FName FA2FLiveLinkSource::Claim(FName Wanted)
{
	return FName(*A2FText::Of(Subjects.Claim(A2FText::Of(Wanted.ToString()))));
}

void FA2FLiveLinkSource::GiveBack(FName Name)
{
	Subjects.Release(A2FText::Of(Name.ToString()));
}

void FA2FLiveLinkSource::PushNames(FName Subject, const TArray<FName>& Names)
{
	if (Client == nullptr)
	{
		return;
	}
	FLiveLinkStaticDataStruct Data(FLiveLinkBaseStaticData::StaticStruct());
	Data.Cast<FLiveLinkBaseStaticData>()->PropertyNames = Names;
	Client->PushSubjectStaticData_AnyThread({Guid, Subject}, ULiveLinkBasicRole::StaticClass(), MoveTemp(Data));
}

void FA2FLiveLinkSource::PushValues(FName Subject, const float* Values, int32 Count, bool bMovesHead)
{
	if (Client == nullptr)
	{
		return;
	}
	FLiveLinkFrameDataStruct Data(FLiveLinkBaseFrameData::StaticStruct());
	FLiveLinkBaseFrameData& Frame = *Data.Cast<FLiveLinkBaseFrameData>();
	// The row is that of now already: a second buffer of times would only make it late.
	Frame.WorldTime = FLiveLinkWorldTime(FPlatformTime::Seconds());
	Frame.PropertyValues.Append(Values, Count);
	Frame.MetaData.StringMetaData.Add(TEXT("HeadPoseMode"), bMovesHead ? TEXT("2") : TEXT("0"));
	Client->PushSubjectFrameData_AnyThread({Guid, Subject}, MoveTemp(Data));
}

void FA2FLiveLinkSource::RemoveSubject(FName Subject)
{
	if (Client != nullptr)
	{
		Client->RemoveSubject_AnyThread({Guid, Subject});
	}
}

void FA2FLiveLinkSource::ReceiveClient(ILiveLinkClient* InClient, FGuid InSourceGuid)
{
	Client = InClient;
	Guid = InSourceGuid;
}

void FA2FLiveLinkSource::InitializeSettings(ULiveLinkSourceSettings* Settings)
{
	if (Settings != nullptr)
	{
		Settings->Mode = ELiveLinkSourceMode::Latest;
	}
}

bool FA2FLiveLinkSource::RequestSourceShutdown()
{
	Client = nullptr;
	return true;
}

FText FA2FLiveLinkSource::GetSourceType() const
{
	return LOCTEXT("SourceType", "A2F-WS");
}

FText FA2FLiveLinkSource::GetSourceMachineName() const
{
	return LOCTEXT("SourceMachine", "this game");
}

FText FA2FLiveLinkSource::GetSourceStatus() const
{
	return Client != nullptr ? LOCTEXT("Active", "Active") : LOCTEXT("Ended", "Ended");
}

#undef LOCTEXT_NAMESPACE
