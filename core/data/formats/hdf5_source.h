#pragma once
/// Opening the matrix of an HDF5 file, which MATLAB's files of version 7.3 are too.

#include "core/data/formats/format.h"

#include <string_view>

namespace zipml {

/// Whether the bytes begin like HDF5, behind a user block or not.
bool looksLikeHdf5(std::string_view bytes);

/// @param format the name that the source goes by
std::unique_ptr<RowSource> openHdf5Source(const OpenRequest& request, std::string_view format);

} // namespace zipml
