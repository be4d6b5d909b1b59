/** protocol/vectors: messages, other legal forms, frames to refuse. */
#pragma once

#include <string>

void CheckMessageVectors(const std::string& root);
