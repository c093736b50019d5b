#pragma once
/// A file format, text or binary, is one file in this folder and one line in formats.def.

#include "core/data/formats/row_source.h"
#include "core/data/load.h"

#include <memory>
#include <span>

namespace zipml {

/// What a format is recognised by.
struct FileStart {
    std::filesystem::path file;
    std::string bytes;  ///< the first ones, unpacked; at most 64 KB
    bool whole = false; ///< there are no others
};

/// What a format is opened with.
struct OpenRequest {
    std::filesystem::path file;
    const LoadOptions& options;
    const LoadContext& context; ///< with memoryLimitBytes set
    const Job& job;
};

struct Format {
    std::string_view name;  ///< as typed: "csv"
    std::string_view title; ///< as shown: "CSV or TSV"
    /// Whether the file looks like the format. Asked in the registry's order; the first one takes the file.
    bool (*matches)(const FileStart& start);
    /// @throws InputError where the file is no good file of the format.
    std::unique_ptr<RowSource> (*open)(const OpenRequest& request);
};

/// Every format, the pickiest first.
std::span<const Format> formats();

/// Adds one in front of the others, for programs that bring their own: at their start, before other threads.
void addFormat(const Format& format);

#define FORMAT(row) extern const Format row;
#include "core/data/formats/formats.def"
#undef FORMAT

/// Opens a file in the format that was chosen, or that its content shows.
/// @throws InputError also for formats that are known and not read, with how to convert them.
std::unique_ptr<RowSource> openSource(const OpenRequest& request);

} // namespace zipml
