#include "core/data/row_sink.h"

#include "core/base/page_buffer.h"
#include "core/data/memory_limit.h"

#include <algorithm>

namespace zipml {
namespace {

/// Sparse rows without their labels.
struct SparseRows {
    std::vector<SparseValue> entries;
    std::vector<std::size_t> ends;
};

/// Writes rows [first, last) out in full, over zeros.
void spread(const std::vector<SparseValue>& entries, const std::vector<std::size_t>& ends, std::size_t first,
            std::size_t last, std::size_t features, float* values) {
    std::size_t entry = first == 0 ? 0 : ends[first - 1];
    for (std::size_t r = first; r < last; ++r, values += features)
        for (; entry < ends[r]; ++entry)
            values[entries[entry].feature] = entries[entry].value;
}

class DenseCollector final : public RowSink {
  public:
    using RowSink::RowSink;

  protected:
    void take(ParsedRows& rows, double share) override {
        Dataset& data = loaded_.data;
        const std::size_t values = rows.labels.size() * data.features; // a bad field may have cut a row short
        makeRoom(data.values, values, share, file_, context_.memoryLimitBytes);
        makeRoom(data.labels, rows.labels.size(), share, file_, context_.memoryLimitBytes);
        data.values.insert(data.values.end(), rows.values.begin(),
                           rows.values.begin() + static_cast<std::ptrdiff_t>(values));
        data.labels.insert(data.labels.end(), rows.labels.begin(), rows.labels.end());
    }
};

/// Keeps sparse rows until their width is known.
class SparseCollector final : public RowSink {
  public:
    using RowSink::RowSink;

    void finish(ThreadTeam& team) override {
        Dataset& data = loaded_.data;
        data.values.reserve(data.rows * data.features);
        adviseHugePages(data.values.data(), data.values.capacity() * sizeof(float));
        float* const values = data.values.data();
        firstRows_.push_back(data.rows);
        // New zeros cost as much as the entries. While some blocks are spread out, there come those for the
        // next ones: the vector grows within its room, so that nothing moves.
        const std::size_t step = 4 * static_cast<std::size_t>(team.threads());
        for (std::size_t spreadOut = 0, grown = 0; spreadOut < kept_.size();) {
            const std::size_t growing = std::min(grown + step, kept_.size());
            team.forEachChunk(1 + grown - spreadOut, [&](std::size_t chunk) {
                if (chunk == 0) {
                    data.values.resize(firstRows_[growing] * data.features);
                    return;
                }
                const std::size_t block = spreadOut + chunk - 1;
                const SparseRows rows = std::move(kept_[block]); // goes when it is spread out
                spread(rows.entries, rows.ends, 0, rows.ends.size(), data.features,
                       values + firstRows_[block] * data.features);
            });
            spreadOut = grown;
            grown = growing;
        }
    }

  protected:
    void take(ParsedRows& rows, double share) override {
        Dataset& data = loaded_.data;
        makeRoom(data.labels, rows.labels.size(), share, file_, context_.memoryLimitBytes);
        firstRows_.push_back(data.labels.size());
        data.labels.insert(data.labels.end(), rows.labels.begin(), rows.labels.end());
        keptBytes_ += static_cast<double>(rows.entries.capacity() * sizeof(SparseValue) +
                                          rows.ends.capacity() * sizeof(std::size_t));
        kept_.push_back({std::move(rows.entries), std::move(rows.ends)});
        // While the entries are spread out, they and the full rows are both in memory.
        requireMemory(file_,
                      static_cast<double>(data.features) *
                              (static_cast<double>(data.rows) * sizeof(float) + kBytesPerFeature) +
                          keptBytes_,
                      context_.memoryLimitBytes);
    }

  private:
    std::vector<SparseRows> kept_; ///< of a block each
    std::vector<std::size_t> firstRows_;
    double keptBytes_ = 0;
};

class DenseVisitor final : public RowSink {
  public:
    DenseVisitor(LoadedData& loaded, const LoadContext& context, const std::filesystem::path& file,
                 const std::function<void(const RowBlock&)>& visit)
        : RowSink(loaded, context, file), visit_(visit) {}

  protected:
    void take(ParsedRows& rows, double /*share*/) override {
        const std::size_t count = rows.labels.size();
        const std::size_t features = loaded_.data.features;
        if (count > 0)
            visit_({loaded_.data.rows - count,
                    count,
                    features,
                    {rows.values.data(), count * features},
                    rows.labels});
    }

  private:
    const std::function<void(const RowBlock&)>& visit_;
};

class SparseVisitor final : public RowSink {
  public:
    SparseVisitor(LoadedData& loaded, const LoadContext& context, const std::filesystem::path& file,
                  const std::function<void(const RowBlock&)>& visit)
        : RowSink(loaded, context, file), visit_(visit) {}

  protected:
    void take(ParsedRows& rows, double /*share*/) override {
        constexpr std::size_t kMostValues = 1 << 20; // wide rows may have few entries: text does not tell
        const std::size_t features = loaded_.data.features;
        const std::size_t count = rows.labels.size();
        const std::size_t before = loaded_.data.rows - count;
        const std::size_t step = std::max<std::size_t>(1, kMostValues / std::max<std::size_t>(features, 1));
        requireMemory(file_,
                      static_cast<double>(features) *
                          (static_cast<double>(std::min(step, count)) * sizeof(float) + kBytesPerFeature),
                      context_.memoryLimitBytes);
        for (std::size_t first = 0; first < count; first += step) {
            const std::size_t last = std::min(first + step, count);
            full_.assign((last - first) * features, 0.0F);
            spread(rows.entries, rows.ends, first, last, features, full_.data());
            visit_({before + first, last - first, features, full_,
                    std::span<const float>(rows.labels).subspan(first, last - first)});
        }
    }

  private:
    const std::function<void(const RowBlock&)>& visit_;
    std::vector<float> full_; ///< some rows with their zeros
};

} // namespace

void RowSink::add(ParsedRows& rows, double share) {
    Dataset& data = loaded_.data;
    data.rows += rows.labels.size();
    data.features = std::max(data.features, rows.width);
    take(rows, share);
    if (rows.bad)
        return; // and what is missing in front of it may be in no row
    if (context_.allowMissing)
        loaded_.missing.resize(data.features);
    for (const std::uint32_t feature : rows.missing)
        ++loaded_.missing[feature];
}

std::unique_ptr<RowSink> collectRows(LoadedData& loaded, const LoadContext& context,
                                     const std::filesystem::path& file, bool sparse) {
    if (sparse)
        return std::make_unique<SparseCollector>(loaded, context, file);
    return std::make_unique<DenseCollector>(loaded, context, file);
}

std::unique_ptr<RowSink> visitRows(LoadedData& loaded, const LoadContext& context,
                                   const std::filesystem::path& file, bool sparse,
                                   const std::function<void(const RowBlock&)>& visit) {
    if (sparse)
        return std::make_unique<SparseVisitor>(loaded, context, file, visit);
    return std::make_unique<DenseVisitor>(loaded, context, file, visit);
}

} // namespace zipml
