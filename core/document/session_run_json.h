#pragma once
/// One run of a session as JSON; session.cpp has the file around it.

#include "core/document/session.h"

namespace zipml {

nlohmann::json toJson(const SessionRun& run);
/// @throws InputError naming the key that is wrong.
SessionRun sessionRunFromJson(const nlohmann::json& object);

/// A column a key: ten times shorter than an object an epoch.
nlohmann::json columnsOf(std::span<const EpochRecord> states);
/// @throws InputError naming the column that is wrong.
std::vector<EpochRecord> epochsFromColumns(const nlohmann::json& columns);

} // namespace zipml
