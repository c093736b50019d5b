#include "app/cli/spec_flags.h"

#include "core/base/error.h"
#include "core/lab/store_run.h"

#include <algorithm>

namespace zipml::cli {
namespace {

using nlohmann::json;

std::string helpOf(const SpecKey& key, const json& defaults) {
    const json& value = defaults[std::string(key.name)];
    const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
    return std::string(key.help) + (shown.empty() ? "" : " [" + shown + "]");
}

} // namespace

SpecFlags::SpecFlags(CLI::App& command, const std::vector<std::string>& only) {
    const json defaults = toJson(RunSpec{});
    for (const auto& key : specKeys()) {
        const bool offered =
            only.empty() ? key.name != "data" : std::ranges::find(only, key.name) != only.end();
        if (!offered)
            continue;
        auto given = std::make_unique<Given>();
        given->key = &key;
        const std::string flag = "--" + flagOf(key.name);
        if (key.kind == SpecKey::Kind::YesNo)
            given->option =
                command.add_flag(flag + ",!--no-" + flagOf(key.name), given->yes, helpOf(key, defaults));
        else
            given->option = command.add_option(flag, given->text, helpOf(key, defaults))
                                ->type_name(std::string(key.values));
        given->option->group("Settings of a run (keys of a spec, with '_' for '-')");
        given_.push_back(std::move(given));
    }
}

RunSpec SpecFlags::over(const RunSpec& base) const {
    json changes = json::object();
    for (const auto& given : given_)
        if (given->option->count() > 0)
            changes[std::string(given->key->name)] = given->key->kind == SpecKey::Kind::YesNo
                                                         ? json(given->yes)
                                                         : specValue(*given->key, given->text);
    return specFromJson(changes, base);
}

RunSpec specOf(const std::string& file) {
    if (file.ends_with(".json"))
        return readSpec(file);
    if (isStore(file))
        return specOfStore(file);
    RunSpec spec;
    spec.data.source = file;
    return spec;
}

} // namespace zipml::cli
