#include "core/reproduce/experiment.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json_text.h"

#include <zlib.h>

namespace zipml {
namespace {

using nlohmann::json;

std::string cellOf(const json& value) {
    if (value.is_null())
        return {};
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    for (char& c : text)
        if (c == ',' || c == '\n')
            c = ';';
    return text;
}

std::string csvOf(const json& rows) {
    std::string csv;
    const auto append = [&](const json& row, auto&& part) {
        bool first = true;
        for (const auto& [key, value] : row.items()) {
            csv += (first ? "" : ",") + part(key, value);
            first = false;
        }
        csv += '\n';
    };
    if (!rows.empty())
        append(rows.front(), [](const std::string& key, const json&) { return key; });
    for (const json& row : rows)
        append(row, [](const std::string&, const json& value) { return cellOf(value); });
    return csv;
}

/// Tells rows that were edited or damaged: what is read of them differs from experiment to experiment.
std::string checksumOf(const json& rows) {
    const std::string text = jsonText(rows);
    const auto sum = ::crc32_z(0, reinterpret_cast<const unsigned char*>(text.data()), text.size());
    return std::to_string(sum);
}

/// The rows of an earlier call with these inputs; null where there are none, or they are damaged.
json keptRows(const std::filesystem::path& file, const json& inputs) {
    if (!std::filesystem::exists(file))
        return nullptr;
    const json kept = json::parse(readFile(file), nullptr, false);
    const auto is = [&](const char* key, const json& wanted) {
        return kept.is_object() && kept.contains(key) && kept[key] == wanted;
    };
    if (!is("version", ZIPML_VERSION) || !is("inputs", inputs) || !kept.contains("rows") ||
        !is("checksum", checksumOf(kept["rows"])))
        return nullptr;
    return kept["rows"];
}

} // namespace

std::filesystem::path Workplace::recordFolder(const std::string& experiment) const {
    auto folder = options_.out / kRecordsFolder / experiment;
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        throw RunError(folder.string() + ": cannot be made: " + failed.message());
    return folder;
}

json Workplace::measured(const std::string& experiment, const std::string& name, const json& inputs,
                         const std::function<json()>& measure) {
    const auto folder = recordFolder(experiment);
    const auto file = folder / (name + ".json");
    json rows = keptRows(file, inputs);
    if (!rows.is_null())
        return rows;
    if (control_.stopRequested())
        throw Cancelled();
    if (std::filesystem::exists(file))
        notes_.push_back(file.filename().string() +
                         " was of other inputs, other data or another version, so it was measured anew");
    rows = measure();
    const json record = {
        {"version", ZIPML_VERSION}, {"inputs", inputs}, {"rows", rows}, {"checksum", checksumOf(rows)}};
    writeFileAtomically(file, jsonText(record, 1) + "\n");
    writeFileAtomically(folder / (name + ".csv"), csvOf(rows));
    return rows;
}

} // namespace zipml
