#include "core/compare/run_names.h"

#include <algorithm>
#include <cctype>
#include <unordered_set>

namespace zipml {
namespace {

/// Words around a value, where they are not the setting's title in front.
struct Words {
    std::string_view key, before, behind;
};
constexpr Words kWords[] = {
    {"bits", "", " bits"},
    {"model_bits", "model ", " bits"},
    {"gradient_bits", "gradient ", " bits"},
    {"epochs", "", " epochs"},
    {"copies", "", " copies"},
    {"threads", "", " threads"},
    {"estimator", "", ""},
    {"loss", "", ""},
    {"grid", "", " levels"},
    {"scaling", "scaled ", ""},
    {"data", "on ", ""},
    {"device", "on ", ""},
    {"test", "tested on ", ""},
    {"store", "store ", ""},
    {"class_weights", "weights ", ""},
    {"split", "train share ", ""},
};

std::string lowered(std::string text) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

/// "a9a" of a path: legends have little room.
std::string fileOf(const std::string& source) {
    const auto slash = source.find_last_of('/');
    return slash == std::string::npos || slash + 1 == source.size() ? source : source.substr(slash + 1);
}

} // namespace

std::string phraseOf(const SpecKey& key, const SettingValue& value) {
    if (key.kind == SpecKey::Kind::YesNo)
        return (value.text == "yes" ? "" : "no ") + lowered(titleOfSetting(key.name));
    const bool file = key.name == "data" || key.name == "test";
    std::string text = file ? fileOf(value.text) : value.text;
    if (text.empty())
        return "no " + lowered(titleOfSetting(key.name));
    if (key.name.ends_with("bits") && value.number == VectorQuantizer::kOff)
        return key.name == "bits"
                   ? "not rounded"
                   : std::string(key.name == "model_bits" ? "model" : "gradient") + " not rounded";
    for (const Words& words : kWords)
        if (words.key == key.name) {
            std::string phrase = std::string(words.before) + text + std::string(words.behind);
            if (value.number == 1.0 && words.behind.ends_with('s'))
                phrase.pop_back();
            return phrase;
        }
    return lowered(titleOfSetting(key.name)) + " " + text;
}

std::string nameAmong(const RunSpec& spec, std::span<const NamedRun> others) {
    std::string name = displayName(spec);
    const std::vector<SettingValue> own = settingsOf(spec);
    const std::size_t nameKey = settingIndex("name");
    std::vector<bool> differs(own.size());
    std::unordered_set<std::string_view> taken;
    for (const NamedRun& other : others) {
        taken.insert(other.name);
        if (other.name != name && other.alone != name)
            continue;
        for (std::size_t key = 0; key < own.size(); ++key)
            if (key != nameKey && !differs[key] && own[key].used)
                differs[key] = own[key].text != (*other.settings)[key].text;
    }
    for (std::size_t key = 0; key < own.size(); ++key)
        if (differs[key])
            name += ", " + phraseOf(specKeys()[key], own[key]);
    std::string free = name;
    for (int repeat = 1; taken.contains(free); ++repeat)
        free = name + ", repeat " + std::to_string(repeat);
    return free;
}

} // namespace zipml
