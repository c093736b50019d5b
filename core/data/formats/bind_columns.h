#pragma once
/// Binding finds a schema's columns in a file: by name where both have names, in whatever order, else by
/// place.

#include "core/data/formats/row_source.h"
#include "core/data/load_options.h"

#include <filesystem>

namespace zipml {

struct BoundColumns {
    RowPlan plan;
    std::optional<std::size_t> label; ///< the file's column, from 0
    bool labelled = true;
    std::vector<std::string> notes;
};

/// @param further the schema is a training file's: the label may be absent, sparse rows may be wider
/// @throws InputError with the names that are missing or new.
BoundColumns bindColumns(const std::filesystem::path& file, const SourceShape& shape, const Schema& schema,
                         const LoadOptions& options, bool further);

} // namespace zipml
