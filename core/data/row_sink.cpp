#include "core/data/row_sink.h"

#include "core/base/page_buffer.h"
#include "core/data/memory_limit.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

/// Sparse rows without their labels.
struct SparseRows {
    std::vector<SparseValue> entries;
    std::vector<std::size_t> ends;
};

/// Writes rows [first, last) out in full, over what absent values are.
void spread(const std::vector<SparseValue>& entries, const std::vector<std::size_t>& ends, std::size_t first,
            std::size_t last, std::size_t features, std::size_t base, float* values) {
    std::size_t entry = first == 0 ? 0 : ends[first - 1];
    for (std::size_t r = first; r < last; ++r, values += features)
        for (; entry < ends[r]; ++entry)
            values[entries[entry].index - base] = entries[entry].value;
}

/// An absent value is 0, less the feature's offset.
void fillAbsent(const Schema& schema, std::size_t rows, float* values) {
    for (std::size_t r = 0; !schema.offsets.empty() && r < rows; ++r, values += schema.offsets.size())
        for (std::size_t f = 0; f < schema.offsets.size(); ++f)
            values[f] = static_cast<float>(0 - schema.offsets[f]);
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from, double share, const std::filesystem::path& file,
            std::uint64_t limit) {
    makeRoom(to, from.size(), share, file, limit);
    to.insert(to.end(), from.begin(), from.end());
}

/// Refuses early what will not fit at the file's end. Rows, and how well they compress, vary along a file: the
/// less of it was read, the more too much has to be.
/// @param bytes of the rows so far @param share of the file that they are
void requireMemoryForAll(const std::filesystem::path& file, double bytes, double share, std::uint64_t limit) {
    constexpr double kTells = 0.01, kTellsMore = 0.05, kTellsMost = 0.2;
    if (share < kTells)
        return;
    const double margin = share < kTellsMore ? 2 : share < kTellsMost ? 1.5 : 1.2;
    if (bytes / share > margin * static_cast<double>(limit))
        requireMemory(file, bytes / share, limit);
}

class DenseCollector final : public RowSink {
  public:
    using RowSink::RowSink;

  protected:
    void take(ParsedRows& rows, double share) override {
        Dataset& data = loaded_.data;
        requireMemoryForAll(file_,
                            static_cast<double>(data.rows) *
                                (static_cast<double>(data.features) * sizeof(float) + sizeof(double)),
                            share, context_.memoryLimitBytes);
        const std::size_t values = rows.rows() * data.features; // a bad field may have cut a row short
        makeRoom(data.values, values, share, file_, context_.memoryLimitBytes);
        data.values.insert(data.values.end(), rows.values.begin(),
                           rows.values.begin() + static_cast<std::ptrdiff_t>(values));
        append(data.exactLabels, rows.labels, share, file_, context_.memoryLimitBytes);
        append(data.weights, rows.weights, share, file_, context_.memoryLimitBytes);
    }
};

/// Keeps sparse rows until their width is known.
class SparseCollector final : public RowSink {
  public:
    using RowSink::RowSink;

    void finish(std::size_t base, const Schema& schema, ThreadTeam& team) override {
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
                float* const to = values + firstRows_[block] * data.features;
                fillAbsent(schema, rows.ends.size(), to);
                spread(rows.entries, rows.ends, 0, rows.ends.size(), data.features, base, to);
            });
            spreadOut = grown;
            grown = growing;
        }
    }

  protected:
    void take(ParsedRows& rows, double share) override {
        Dataset& data = loaded_.data;
        firstRows_.push_back(data.exactLabels.size());
        append(data.exactLabels, rows.labels, share, file_, context_.memoryLimitBytes);
        append(data.weights, rows.weights, share, file_, context_.memoryLimitBytes);
        keptBytes_ += static_cast<double>(rows.entries.capacity() * sizeof(SparseValue) +
                                          rows.ends.capacity() * sizeof(std::size_t));
        kept_.push_back({std::move(rows.entries), std::move(rows.ends)});
        // While the entries are spread out, they and the full rows are both in memory.
        const auto features = static_cast<double>(std::max(data.features, width_));
        const double bytes = features * static_cast<double>(data.rows) * sizeof(float) + keptBytes_;
        requireMemory(file_, bytes + features * kBytesPerFeature, context_.memoryLimitBytes);
        requireMemoryForAll(file_, bytes, share, context_.memoryLimitBytes);
    }

  private:
    std::vector<SparseRows> kept_; ///< of a block each
    std::vector<std::size_t> firstRows_;
    double keptBytes_ = 0;
};

class DenseVisitor final : public RowSink {
  public:
    DenseVisitor(LoadedData& loaded, const LoadContext& context, const std::filesystem::path& file,
                 const MissingPolicy& missing, const std::function<void(const RowBlock&)>& visit)
        : RowSink(loaded, context, file, missing), visit_(visit) {}
    [[nodiscard]] bool visits() const override { return true; }

  protected:
    void take(ParsedRows& rows, double /*share*/) override {
        const std::size_t count = rows.rows();
        const std::size_t features = loaded_.data.features;
        if (count > 0)
            visit_({loaded_.data.rows - count,
                    count,
                    features,
                    {rows.values.data(), count * features},
                    rows.labels,
                    rows.weights});
    }

  private:
    const std::function<void(const RowBlock&)>& visit_;
};

class SparseVisitor final : public RowSink {
  public:
    SparseVisitor(LoadedData& loaded, const LoadContext& context, const std::filesystem::path& file,
                  const MissingPolicy& missing, std::size_t base,
                  const std::function<void(const RowBlock&)>& visit)
        : RowSink(loaded, context, file, missing), visit_(visit), base_(base) {}
    [[nodiscard]] bool visits() const override { return true; }

  protected:
    void take(ParsedRows& rows, double /*share*/) override {
        if (zeroIndex_ && base_ > 0)
            return;                                  // all rows come again
        constexpr std::size_t kMostValues = 1 << 20; // wide rows may have few entries: text does not tell
        Dataset& data = loaded_.data;
        data.features = std::max(data.features, width_ - std::min(width_, base_));
        const std::size_t features = data.features;
        const std::size_t count = rows.rows();
        const std::size_t before = data.rows - count;
        const std::size_t step = std::max<std::size_t>(1, kMostValues / std::max<std::size_t>(features, 1));
        requireMemory(file_,
                      static_cast<double>(features) *
                          (static_cast<double>(std::min(step, count)) * sizeof(float) + kBytesPerFeature),
                      context_.memoryLimitBytes);
        for (std::size_t first = 0; first < count; first += step) {
            const std::size_t last = std::min(first + step, count);
            full_.assign((last - first) * features, 0.0F);
            fillAbsent(*data.schema, last - first, full_.data());
            spread(rows.entries, rows.ends, first, last, features, base_, full_.data());
            const auto part = [&](auto& all) {
                return std::span(all).subspan(first, all.empty() ? 0 : last - first);
            };
            visit_({before + first, last - first, features, full_, part(rows.labels),
                    rows.weights.empty() ? std::span<const float>() : part(rows.weights)});
        }
    }

  private:
    const std::function<void(const RowBlock&)>& visit_;
    const std::size_t base_;
    std::vector<float> full_; ///< some rows with their zeros
};

/// Takes the rows out that are not kept.
void keepRows(ParsedRows& rows, std::size_t features, const std::vector<bool>& keep) {
    ParsedRows kept;
    for (std::size_t r = 0; r < keep.size(); ++r) {
        if (!keep[r])
            continue;
        kept.labels.push_back(rows.labels[r]);
        if (!rows.weights.empty())
            kept.weights.push_back(rows.weights[r]);
        if (rows.ends.empty()) {
            const auto begin = rows.values.begin() + static_cast<std::ptrdiff_t>(r * features);
            kept.values.insert(kept.values.end(), begin, begin + static_cast<std::ptrdiff_t>(features));
        } else {
            const auto begin = static_cast<std::ptrdiff_t>(r == 0 ? 0 : rows.ends[r - 1]);
            kept.entries.insert(kept.entries.end(), rows.entries.begin() + begin,
                                rows.entries.begin() + static_cast<std::ptrdiff_t>(rows.ends[r]));
            kept.ends.push_back(kept.entries.size());
        }
    }
    rows.labels = std::move(kept.labels);
    rows.weights = std::move(kept.weights);
    rows.values = std::move(kept.values);
    rows.entries = std::move(kept.entries);
    rows.ends = std::move(kept.ends);
}

} // namespace

void RowSink::settleMissing(ParsedRows& rows) {
    const std::size_t features = loaded_.data.features;
    std::vector<bool> keep(rows.rows(), true);
    const bool sparse = !rows.ends.empty();
    const auto constant = static_cast<float>(missing_.constant);
    for (std::size_t r = 0; r < keep.size(); ++r) {
        keep[r] = !std::isnan(rows.labels[r]);
        const auto visit = [&](float& value, std::size_t feature) {
            if (!std::isnan(value))
                return;
            if (loaded_.missing.size() <= feature)
                loaded_.missing.resize(feature + 1);
            ++loaded_.missing[feature];
            keep[r] = keep[r] && missing_.kind != MissingPolicy::Kind::Drop;
            if (missing_.kind == MissingPolicy::Kind::Constant)
                value = constant - static_cast<float>(loaded_.data.offset(feature));
        };
        if (sparse)
            for (std::size_t e = r == 0 ? 0 : rows.ends[r - 1]; e < rows.ends[r]; ++e)
                visit(rows.entries[e].value, rows.entries[e].index);
        else
            for (std::size_t f = 0; f < features; ++f)
                visit(rows.values[r * features + f], f);
    }
    if (std::ranges::count(keep, false) == 0)
        return;
    loaded_.rowsDropped += static_cast<std::size_t>(std::ranges::count(keep, false));
    keepRows(rows, features, keep);
}

void RowSink::add(ParsedRows& rows, double share) {
    Dataset& data = loaded_.data;
    width_ = std::max(width_, rows.width);
    zeroIndex_ = zeroIndex_ || rows.zeroIndex;
    dropped_ += rows.dropped;
    if (ranges_.size() < rows.ranges.size()) {
        ranges_.resize(rows.ranges.size());
        present_.resize(rows.present.size());
    }
    for (std::size_t f = 0; f < rows.ranges.size(); ++f)
        ranges_[f].join(rows.ranges[f]);
    for (std::size_t f = 0; f < rows.present.size(); ++f)
        present_[f] += rows.present[f];
    if (missing_.kind != MissingPolicy::Kind::Refuse)
        settleMissing(rows);
    for (const double label : rows.labels) {
        labelRange_.low = std::min(labelRange_.low, label);
        labelRange_.high = std::max(labelRange_.high, label);
        labelRange_.whole = labelRange_.whole && label == std::nearbyint(label);
    }
    data.rows += rows.rows();
    take(rows, share);
}

std::unique_ptr<RowSink> collectRows(LoadedData& loaded, const LoadContext& context,
                                     const std::filesystem::path& file, const MissingPolicy& missing,
                                     bool sparse) {
    if (sparse)
        return std::make_unique<SparseCollector>(loaded, context, file, missing);
    return std::make_unique<DenseCollector>(loaded, context, file, missing);
}

std::unique_ptr<RowSink> visitRows(LoadedData& loaded, const LoadContext& context,
                                   const std::filesystem::path& file, const MissingPolicy& missing,
                                   bool sparse, std::size_t base,
                                   const std::function<void(const RowBlock&)>& visit) {
    if (sparse)
        return std::make_unique<SparseVisitor>(loaded, context, file, missing, base, visit);
    return std::make_unique<DenseVisitor>(loaded, context, file, missing, visit);
}

} // namespace zipml
