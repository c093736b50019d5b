#include "core/reproduce/data_sets.h"

#include "core/base/error.h"
#include "core/data/source_name.h"
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
    set.otherForms = object.value("or", set.otherForms);
    set.fetch = object.value("fetch", "");
    specFromJson(set.settings); // throws where a setting is wrong
    for (const json& form : set.otherForms)
        specFromJson(form);
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

using Paths = std::vector<std::filesystem::path>;

Paths filesOf(const ExperimentData& set, const json& form, const std::filesystem::path& folder) {
    if (set.digits)
        return digitFiles(folder / set.digits->folder);
    Paths files;
    if (!set.generated)
        for (const char* key : kFileKeys)
            if (form.contains(key))
                files.push_back(folder / form[key].get<std::string>());
    return files;
}

/// The form whose files are there; null where there is none.
const json* formThatIsHere(const ExperimentData& set, const std::filesystem::path& folder) {
    const auto here = [&](const json& form) {
        return std::ranges::all_of(filesOf(set, form, folder), [](const std::filesystem::path& file) {
            std::error_code ignored;
            return std::filesystem::exists(file, ignored);
        });
    };
    if (here(set.settings))
        return &set.settings;
    const auto other = std::ranges::find_if(set.otherForms, here);
    return other == set.otherForms.end() ? nullptr : &*other;
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
    const json* form = formThatIsHere(set, folder);
    if (form == nullptr)
        return {};
    json settings = *form;
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

bool isHere(const ExperimentData& set, const std::filesystem::path& folder) {
    return formThatIsHere(set, folder) != nullptr;
}

std::string missingText(const ExperimentData& set, const std::filesystem::path& folder) {
    std::string missing;
    for (const auto& file : filesOf(set, set.settings, folder))
        if (!std::filesystem::exists(file))
            missing += (missing.empty() ? "" : ", ") + std::filesystem::relative(file, folder).string();
    return set.title + ": " + missing + " is not in the folder of the data, " + sourceName(folder.string()) +
           "; get it from " + set.where +
           (set.fetch.empty() ? "" : ", or with 'zipml fetch " + set.fetch + " -o DIR'");
}

} // namespace zipml
