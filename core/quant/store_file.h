#pragma once
/// A packed sample store in a file (*.zq):
///
///     bytes 0-7    "ZIPML-ZQ"
///     bytes 8-15   length H of the header, little-endian
///     H bytes      header, JSON: version, rows, features, bits, copies, rounding, seed, levels (of each
///     table),
///                  grids (of each feature: [low, high, levels], or the number of its table), and what the
///                  caller adds
///     then         tables of levels (float64), labels (float32), correction (float32 a feature, if there is
///     one),
///                  codes (see tile_layout.h); each begins at a multiple of 64 bytes

#include "core/quant/sample_store.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace zipml {

struct StoreFile {
    SampleStore store;
    std::vector<float> labels;     ///< one a row
    std::vector<float> correction; ///< Dbar (method.md 3.7), one a feature, or empty
    nlohmann::json about;          ///< whatever the writer adds: the data's name, its scaling, the spec
};

/// Written aside and renamed. @return the file's bytes. @throws RunError.
std::uint64_t writeStore(const StoreFile& contents, const std::filesystem::path& file);
/// @throws InputError when the file is missing, damaged or from a newer version.
StoreFile readStore(const std::filesystem::path& file);

} // namespace zipml
