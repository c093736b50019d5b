#include "app/cli/key_flags.h"

namespace zipml::cli {
namespace {

using nlohmann::json;

std::string helpOf(const SpecKey& key, const json& defaults) {
    const json& value = defaults[std::string(key.name)];
    const std::string shown = value.is_string() ? value.get<std::string>() : value.dump();
    return std::string(key.help) + (shown.empty() ? "" : " [" + shown + "]");
}

} // namespace

KeyFlags::KeyFlags(Command& command, const std::vector<const SpecKey*>& keys, const json& defaults,
                   const std::string& group) {
    for (const SpecKey* key : keys) {
        auto given = std::make_unique<Given>();
        given->key = key;
        const std::string flag = "--" + flagOf(key->name);
        if (key->kind == SpecKey::Kind::YesNo)
            given->option =
                command.addFlag(flag + ",!--no-" + flagOf(key->name), given->yes, helpOf(*key, defaults));
        else
            given->option = command.addOption(flag, given->text, helpOf(*key, defaults))
                                ->typeName(std::string(key->values));
        given->option->group(group);
        given_.push_back(std::move(given));
    }
}

json KeyFlags::given() const {
    json values = json::object();
    for (const auto& given : given_)
        if (given->option->count() > 0)
            values[std::string(given->key->name)] = given->key->kind == SpecKey::Kind::YesNo
                                                        ? json(given->yes)
                                                        : specValue(*given->key, given->text);
    return values;
}

std::vector<const SpecKey*> pointersTo(std::span<const SpecKey> keys) {
    std::vector<const SpecKey*> pointers;
    for (const auto& key : keys)
        pointers.push_back(&key);
    return pointers;
}

} // namespace zipml::cli
