#include "core/reproduce/data_sets.h"

#include "core/base/error.h"
#include "core/reproduce/built_in_texts.h"
#include "core/reproduce/digit_files.h"

#include <algorithm>

namespace zipml {
namespace {

using nlohmann::json;

constexpr const char* kFileKeys[] = {"data", "test"};

ExperimentData dataFrom(const json& object) {
    ExperimentData set;
    set.name = object.at("name").get<std::string>();
    set.title = object.value("title", set.name);
    set.where = object.value("where", "");
    if (object.contains("digits")) {
        const json& digits = object["digits"];
        set.digits = {digits.at("folder").get<std::string>(), digits.at("negative").get<int>(),
                      digits.at("positive").get<int>()};
    }
    set.settings = object.value("settings", json::object());
    set.generated = set.settings.value("data", "").starts_with("synthetic:");
    specFromJson(set.settings); // throws where a setting is wrong
    return set;
}

std::vector<ExperimentData> parseTable() {
    const auto text = std::ranges::find(builtInTexts(), "data_sets", &BuiltInText::name);
    if (text == builtInTexts().end())
        throw InputError("data_sets: the table of data sets is not built in");
    try {
        std::vector<ExperimentData> sets;
        for (const json& object : json::parse(text->text))
            sets.push_back(dataFrom(object));
        return sets;
    } catch (const std::exception& error) {
        throw InputError(std::string("data_sets: ") + error.what());
    }
}

std::vector<std::filesystem::path> filesOf(const ExperimentData& set, const std::filesystem::path& folder) {
    if (set.digits)
        return digitFiles(folder / set.digits->folder);
    std::vector<std::filesystem::path> files;
    if (!set.generated)
        for (const char* key : kFileKeys)
            if (set.settings.contains(key))
                files.push_back(folder / set.settings[key].get<std::string>());
    return files;
}

} // namespace

const std::vector<ExperimentData>& experimentData() {
    static const std::vector<ExperimentData> sets = parseTable();
    return sets;
}

const ExperimentData& experimentData(std::string_view name) {
    const auto found = std::ranges::find(experimentData(), name, &ExperimentData::name);
    if (found == experimentData().end())
        throw InputError("'" + std::string(name) + "' is no data set of the experiments");
    return *found;
}

std::optional<json> locate(const ExperimentData& set, const std::filesystem::path& folder,
                           const std::filesystem::path& made) {
    for (const auto& file : filesOf(set, folder))
        if (!std::filesystem::exists(file))
            return {};
    json settings = set.settings;
    if (set.digits) {
        const auto files = cutDigits(folder / set.digits->folder, set.digits->negative, set.digits->positive,
                                     made / set.name);
        settings["data"] = files.train.string();
        settings["test"] = files.test.string();
    } else if (!set.generated) {
        for (const char* key : kFileKeys)
            if (settings.contains(key))
                settings[key] = (folder / settings[key].get<std::string>()).string();
    }
    return settings;
}

std::string missingText(const ExperimentData& set, const std::filesystem::path& folder) {
    std::string missing;
    for (const auto& file : filesOf(set, folder))
        if (!std::filesystem::exists(file))
            missing += (missing.empty() ? "" : ", ") + std::filesystem::relative(file, folder).string();
    return set.title + ": " + missing + " is not in " + folder.string() + "; get it from " + set.where;
}

} // namespace zipml
