#include "core/model/import/read_model.h"

#include "core/base/error.h"
#include "core/base/file.h"

namespace zipml {

LinearModel readAnyModel(const std::filesystem::path& file) {
    const std::string text = readFile(file);
    if (text.starts_with("solver_type"))
        return modelFromLiblinear(text, file.string());
    const auto object = nlohmann::json::parse(text, nullptr, false);
    if (object.is_discarded())
        throw InputError(file.string() + ": is no model that is read; give what zipml train --model or "
                                         "liblinear-train wrote");
    return modelFromJson(object, file.string());
}

} // namespace zipml
