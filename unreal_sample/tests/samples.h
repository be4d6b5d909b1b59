/** One sound message of each kind. */
#pragma once

#include "Core/ClientProtocol.h"

/** An `opened` of so many curves without names. */
a2f::Opened OpenedOf(std::int32_t layout, std::size_t curves);

/** What a server sends, and what a client sends. */
std::vector<a2f::Message> Replies();
std::vector<a2f::Message> Requests();
