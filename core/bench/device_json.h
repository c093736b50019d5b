#pragma once
/// Reports as JSON, for what the lab remembers and for `--json`.

#include "core/bench/device_report.h"

#include <nlohmann/json_fwd.hpp>

namespace zipml {

nlohmann::json toJson(const DeviceReport& report);
/// @throws InputError where it is no report
DeviceReport deviceFromJson(const nlohmann::json& json);

} // namespace zipml
