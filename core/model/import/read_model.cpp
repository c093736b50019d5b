#include "core/model/import/read_model.h"

#include "core/base/error.h"
#include "core/base/file.h"

namespace zipml {

LinearModel readAnyModel(const std::filesystem::path& file) {
    const std::string text = readFile(file);
    if (text.starts_with("solver_type"))
        return modelFromLiblinear(text, file.string());
    return readModel(file);
}

} // namespace zipml
