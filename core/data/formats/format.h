#pragma once
/// A file format is one file in this folder and one line in registry.cpp.

#include "core/data/formats/lines.h"
#include "core/data/load.h"

#include <span>

namespace zipml {

/// All that a parser is given beside the lines.
struct ParseRequest {
    const LoadOptions& options;
    const LoadContext& context; ///< with memoryLimitBytes set
};

struct Format {
    std::string_view name;
    /// Whether these first lines look like the format. Asked in the registry's order.
    bool (*sniff)(const std::deque<std::string>& head);
    /// Fills all of LoadedData but the data set's name and the compression.
    LoadedData (*parse)(Lines& lines, const ParseRequest& request);
};

/// Every format, the pickiest sniffer first.
std::span<const Format> formats();

extern const Format kLibsvmFormat;
extern const Format kCsvFormat;

} // namespace zipml
