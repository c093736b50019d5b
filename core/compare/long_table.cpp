#include "core/compare/long_table.h"

#include <nlohmann/json.hpp>

namespace zipml {
namespace {

std::string csvCell(const std::string& text) {
    if (text.find_first_of(",\"\n\r") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

void append(std::string& csv, const std::string& run, const EpochRecord& state) {
    const nlohmann::json values = toJson(state);
    const double at = state.position();
    const auto whole = static_cast<long long>(at);
    const nlohmann::json epoch =
        at == static_cast<double>(whole) ? nlohmann::json(whole) : nlohmann::json(at);
    const std::string begin = run + "," + epoch.dump() + ",";
    for (const auto& [quantity, value] : values.items())
        if (value.is_number() && quantity != "epoch")
            csv += begin + quantity + "," + value.dump() + "\n";
}

} // namespace

std::string longTable(std::span<const TabledRun> runs) {
    std::string csv = "run,epoch,quantity,value\n";
    for (const TabledRun& run : runs) {
        const std::string name = csvCell(run.name);
        append(csv, name, *run.initial);
        for (const EpochRecord& epoch : run.epochs)
            append(csv, name, epoch);
    }
    return csv;
}

} // namespace zipml
