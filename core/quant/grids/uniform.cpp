#include "core/quant/grids/rows.h"

namespace zipml {

constinit const GridPlacement kUniformGrid{
    .name = "uniform",
    .title = "Uniform",
    .summary = "Equally spaced levels over each feature's range.",
};

} // namespace zipml
