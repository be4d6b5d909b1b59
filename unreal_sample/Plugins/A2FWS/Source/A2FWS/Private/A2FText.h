/** Texts of the engine and of the client. */
#pragma once

#include "CoreMinimal.h"

#include <string>

namespace A2FText
{
inline FString Of(const std::string& Text)
{
	return FString(UTF8_TO_TCHAR(Text.c_str()));
}

inline std::string Of(const FString& Text)
{
	return std::string(TCHAR_TO_UTF8(*Text));
}
}
