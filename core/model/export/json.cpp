#include "core/model/export/writers.h"

namespace zipml::exported {

std::string json(const LinearModel& model, const ExportOptions& /*options*/) {
    return toJson(model).dump(2) + "\n";
}

} // namespace zipml::exported
