#include "core/document/preset.h"

#include "core/base/error.h"

namespace zipml {

Preset parsePreset(const std::string& text, const std::string& name) {
    try {
        auto object = nlohmann::json::parse(text);
        if (!object.is_object() || !object.contains("summary") || !object["summary"].is_string())
            throw InputError("'summary' is missing");
        Preset preset{name, object["summary"].get<std::string>(), {}};
        object.erase("summary");
        if (!object.contains("runs")) // which a lesson's action may do without
            throw InputError("'runs' is missing");
        preset.action = parseAction(object);
        return preset;
    } catch (const nlohmann::json::exception& error) {
        throw InputError(name + ": " + error.what());
    } catch (const InputError& error) {
        throw InputError(name + ": " + error.what());
    }
}

} // namespace zipml
