#pragma once
/// A file format, text or binary, is one file in this folder and one line in registry.cpp.

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

extern const Format kMatFormat;
extern const Format kHdf5Format;
extern const Format kNpyFormat;
extern const Format kNpzFormat;
extern const Format kIdxFormat;
extern const Format kMatrixMarketFormat;
extern const Format kArffFormat;
extern const Format kLibsvmFormat;
extern const Format kCsvFormat;

/// Opens a file in the format that was chosen, or that its content shows.
/// @throws InputError also for formats that are known and not read, with how to convert them.
std::unique_ptr<RowSource> openSource(const OpenRequest& request);

} // namespace zipml
