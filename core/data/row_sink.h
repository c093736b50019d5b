#pragma once
/// Where parsed rows go, block by block in the file's order: into a data set, or to a visitor.

#include "core/base/parallel.h"
#include "core/data/formats/row_parser.h"
#include "core/data/load.h"

#include <memory>

namespace zipml {

/// Counts rows, features and missing values in the LoadedData that it is made for.
class RowSink {
  public:
    RowSink(LoadedData& loaded, const LoadContext& context, const std::filesystem::path& file)
        : loaded_(loaded), context_(context), file_(file) {}
    RowSink(const RowSink&) = delete;
    RowSink& operator=(const RowSink&) = delete;
    virtual ~RowSink() = default;

    /// Takes the next rows; may take their memory along. @param share of the file read, 0 to 1
    /// @throws InputError when they do not fit the memory limit.
    void add(ParsedRows& rows, double share);
    /// To be called after the last rows.
    virtual void finish(ThreadTeam& /*team*/) {}

  protected:
    /// `loaded_` already counts these rows, but not what is missing in them.
    virtual void take(ParsedRows& rows, double share) = 0;

    LoadedData& loaded_;
    const LoadContext& context_;
    const std::filesystem::path& file_;
};

/// Fills loaded.data.
std::unique_ptr<RowSink> collectRows(LoadedData& loaded, const LoadContext& context,
                                     const std::filesystem::path& file, bool sparse);

/// Fills only the counts in loaded.data.
std::unique_ptr<RowSink> visitRows(LoadedData& loaded, const LoadContext& context,
                                   const std::filesystem::path& file, bool sparse,
                                   const std::function<void(const RowBlock&)>& visit);

} // namespace zipml
