#include "core/base/json_text.h"
#include "core/model/export/format.h"

namespace zipml::exported {

static std::string json(const LinearModel& model, const ExportOptions& /*options*/) {
    return jsonText(toJson(model), 2) + "\n";
}

} // namespace zipml::exported

namespace zipml {

constinit const ModelFormat kJsonExport{
    .name = "json",
    .extension = "json",
    .title = "ZipML model",
    .summary = "The model with its scaling and names, as zipml predict reads it "
               "(resources/schema/model.schema.json).",
    .manyClasses = true,
    .doubles = true,
    .write = exported::json,
};

} // namespace zipml
