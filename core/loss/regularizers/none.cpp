#include "core/loss/regularizers/rows.h"

namespace zipml {

constinit const RegularizerRow kNoRegularizer{
    .name = "none",
    .title = "None",
    .summary = "The loss alone.",
    .form = "none, with nothing after it",
    .known = true,
    .onDevices = true,
};

} // namespace zipml
