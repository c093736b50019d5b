#pragma once
/// What reads the files of HDF5 and MATLAB, a part of the program (core/base/part.h): libhdf5 brings along
/// all of libcurl. For core/data/formats alone.

#include "core/data/formats/format.h"

#include <string_view>

namespace zipml {

struct MatrixPart {
    std::unique_ptr<RowSource> (*openHdf5)(const OpenRequest& request, std::string_view format);
    std::unique_ptr<RowSource> (*openMat)(const OpenRequest& request);
};
/// What the part's library exports, a MatrixPart.
inline constexpr const char* kMatrixPart = "zipmlMatrixPart";

} // namespace zipml
