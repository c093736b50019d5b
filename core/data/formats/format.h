#pragma once
/// A file format is one file in this folder and one line in registry.cpp.

#include "core/data/formats/head.h"
#include "core/data/formats/row_parser.h"
#include "core/data/load.h"

#include <memory>
#include <span>

namespace zipml {

/// All that a format is given beside the file's first lines.
struct ParseRequest {
    const LoadOptions& options;
    const LoadContext& context; ///< with memoryLimitBytes set
};

struct Format {
    std::string_view name;
    /// Whether these first lines look like the format. Asked in the registry's order.
    bool (*sniff)(const std::vector<std::string>& head);
    /// Finds the layout and describes it in `loaded`. With a header there the first line is no row.
    std::unique_ptr<RowParser> (*open)(const Head& head, const ParseRequest& request, LoadedData& loaded);
};

/// Every format, the pickiest sniffer first.
std::span<const Format> formats();

extern const Format kLibsvmFormat;
extern const Format kCsvFormat;

} // namespace zipml
