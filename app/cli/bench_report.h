#pragma once
/// What zipml bench measured, as JSON and as aligned tables.

#include "core/bench/convergence.h"
#include "core/bench/throughput.h"

#include <nlohmann/json.hpp>

namespace zipml::cli {

nlohmann::json toJson(const ThroughputResult& result);
void printThroughput(const ThroughputResult& result);

nlohmann::json toJson(const ConvergenceTable& table, const ConvergenceOptions& options);
void printConvergence(const ConvergenceTable& table, const ConvergenceOptions& options);

} // namespace zipml::cli
