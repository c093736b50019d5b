#pragma once
/// Opening the matrix of an HDF5 file, which MATLAB's files of version 7.3 are too.

#include "core/data/formats/format.h"

#include <string_view>

namespace zipml {

/// @param format the name that the source goes by
std::unique_ptr<RowSource> openHdf5Source(const OpenRequest& request, std::string_view format);

} // namespace zipml
