/** The plugin's runtime module. */
#pragma once

#include "A2FLocalServer.h"
#include "CoreMinimal.h"
#include "Modules/ModuleManager.h"

class FA2FModule final : public IModuleInterface
{
public:
	static FA2FModule& Get();

	FA2FLocalServer& GetLocalServer() { return LocalServer; }

	virtual void StartupModule() override;
	virtual void ShutdownModule() override;

private:
	FA2FLocalServer LocalServer;
};
