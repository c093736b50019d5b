#pragma once
/// Opening the matrix of a MATLAB file of version 5 or 4.

#include "core/data/formats/format.h"

namespace zipml {

std::unique_ptr<RowSource> openMatSource(const OpenRequest& request);

} // namespace zipml
