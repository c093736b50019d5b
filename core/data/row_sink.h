#pragma once
/// Where parsed rows go, block by block in the file's order: into a data set, or to a visitor.

#include "core/base/parallel.h"
#include "core/data/formats/parsed_rows.h"
#include "core/data/load.h"

#include <limits>
#include <memory>

namespace zipml {

struct LabelRange {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    bool whole = true;
};

/// Counts rows, features and missing values in the LoadedData that it is made for.
class RowSink {
  public:
    /// @param missing what becomes of rows with missing values
    RowSink(LoadedData& loaded, const LoadContext& context, const std::filesystem::path& file,
            const MissingPolicy& missing)
        : loaded_(loaded), context_(context), file_(file), missing_(missing) {}
    RowSink(const RowSink&) = delete;
    RowSink& operator=(const RowSink&) = delete;
    virtual ~RowSink() = default;

    /// Takes the next rows; may take their memory along. @param share of the file read, 0 to 1
    /// @throws InputError when they do not fit the memory limit.
    void add(ParsedRows& rows, double share);
    /// To be called after the last rows. @param base of sparse indices
    virtual void finish(std::size_t /*base*/, const Schema& /*schema*/, ThreadTeam& /*team*/) {}

    /// Whether rows have left it, and cannot be taken back.
    [[nodiscard]] virtual bool visits() const { return false; }
    /// Of all labels so far.
    [[nodiscard]] const LabelRange& labelRange() const { return labelRange_; }
    /// Of all rows so far, by feature; of sparse rows by index.
    [[nodiscard]] const std::vector<FeatureRange>& ranges() const { return ranges_; }
    /// Values that sparse rows have, by index.
    [[nodiscard]] const std::vector<std::uint64_t>& present() const { return present_; }
    /// One more than the greatest sparse index.
    [[nodiscard]] std::size_t width() const { return width_; }
    [[nodiscard]] bool zeroIndex() const { return zeroIndex_; }
    [[nodiscard]] std::size_t entriesDropped() const { return dropped_; }

  protected:
    virtual void take(ParsedRows& rows, double share) = 0;

    LoadedData& loaded_;
    const LoadContext& context_;
    const std::filesystem::path& file_;
    const MissingPolicy missing_;
    std::vector<FeatureRange> ranges_;
    std::vector<std::uint64_t> present_;
    std::size_t width_ = 0, dropped_ = 0;
    bool zeroIndex_ = false;
    LabelRange labelRange_;

  private:
    void settleMissing(ParsedRows& rows);
};

/// Fills loaded.data.
std::unique_ptr<RowSink> collectRows(LoadedData& loaded, const LoadContext& context,
                                     const std::filesystem::path& file, const MissingPolicy& missing,
                                     bool sparse);

/// Fills only the counts in loaded.data.
/// @param base of sparse indices
std::unique_ptr<RowSink> visitRows(LoadedData& loaded, const LoadContext& context,
                                   const std::filesystem::path& file, const MissingPolicy& missing,
                                   bool sparse, std::size_t base,
                                   const std::function<void(const RowBlock&)>& visit);

} // namespace zipml
