#pragma once
/// One run of a session as JSON; session.cpp has the file around it.

#include "core/document/session.h"

namespace zipml {

nlohmann::json toJson(const SessionRun& run);
/// @throws InputError naming the key that is wrong.
SessionRun sessionRunFromJson(const nlohmann::json& object);

} // namespace zipml
