#include "core/solve/packed/packed_loss.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace zipml {
namespace {

constexpr std::size_t kDigits = 3;
constexpr double kBase = 254;                    ///< a digit is -127..127
constexpr std::size_t kChunkBytes = 128U << 10U; ///< of codes: they stay in the cache from digit to digit
constexpr std::size_t kMostTiles = 64;

/// What one chunk of rows adds up to.
struct Sums {
    double loss = 0;
    std::size_t right = 0;
};

class PackedLoss {
  public:
    PackedLoss(const CodeReader& codes, std::span<const float> labels, const Loss& loss,
               const LinearParameters& model, Isa isa)
        : codes_(codes), labels_(labels), loss_(loss), tables_(codes.tables()) {
        const std::size_t features = codes.slope().size();
        std::vector<double> weights(features);
        double largest = 0;
        offset_ = model.intercept;
        for (std::size_t f = 0; f < features; ++f) {
            const double x = model.weights[static_cast<Eigen::Index>(f)];
            weights[f] = codes.slope()[f] * x;
            offset_ += codes.middle()[f] * x;
            largest = std::max(largest, std::abs(weights[f]));
        }
        unit_ = largest > 0 ? largest / 127 : 1;
        for (const CodePart& part : codes.parts()) {
            Part& own = parts_.emplace_back(Part{part, nullptr, {}, {}});
            if (!tables_)
                own.kernels = &tileKernels(isa, part.part.width);
            for (auto& digits : own.model)
                digits.resize(part.slotCount());
        }
        if (tables_)
            tableKernels_ = &tableKernels(isa, codes.parts().front().part.width);
        for (std::size_t f = 0; f < features; ++f)
            setWeight(f, weights[f]);
        for (Part& part : parts_)
            if (part.kernels != nullptr && part.kernels->buildTables != nullptr)
                for (std::size_t digit = 0; digit < kDigits; ++digit) {
                    const std::size_t lines = part.codes.part.lines + 1;
                    part.tables[digit] = PageBuffer(lines * kModelTableBytes);
                    part.kernels->buildTables(lines, part.model[digit].data(), part.tables[digit].data());
                }
        const std::size_t tileBytes = std::max<std::size_t>(1, 2 * features * parts_.size());
        chunkTiles_ = std::clamp<std::size_t>(kChunkBytes / tileBytes, 1, kMostTiles);
    }

    [[nodiscard]] std::size_t chunkTiles() const { return chunkTiles_; }

    /// @param end at most chunkTiles() behind begin
    [[nodiscard]] Sums sumsOf(std::size_t begin, std::size_t end) const {
        std::array<double, kMostTiles * kTileRows> total{};
        CodeBlock block;
        codes_.read({begin, end}, block);
        for (std::size_t digit = 0; digit < kDigits; ++digit) {
            const double scale = unit_ / std::pow(kBase, static_cast<double>(digit));
            if (tables_)
                addTables(digit, scale, end - begin, block, total.data());
            else
                addParts(digit, scale, end - begin, block, total.data());
        }
        Sums sums;
        const std::size_t rows = std::min(end * kTileRows, labels_.size()) - begin * kTileRows;
        for (std::size_t row = 0; row < rows; ++row) {
            const double label = labels_[begin * kTileRows + row];
            const double value = total[row] + offset_;
            sums.loss += loss_.value(value, label);
            sums.right += (value >= 0) == (label >= 0) ? 1U : 0U;
        }
        return sums;
    }

  private:
    struct Part {
        CodePart codes;
        const TileKernels* kernels;
        std::array<std::vector<std::int8_t>, kDigits> model;
        std::array<PageBuffer, kDigits> tables; ///< of the model, if the kernels have any
    };

    /// Its digits, and in the offset what the codes' centre makes of them.
    void setWeight(std::size_t feature, double weight) {
        double rest = weight / unit_;
        double scale = unit_;
        for (std::size_t digit = 0; digit < kDigits; ++digit) {
            const double rounded = std::nearbyint(rest);
            for (Part& part : parts_)
                part.model[digit][part.codes.slot(feature)] = static_cast<std::int8_t>(rounded);
            offset_ -= codes_.centre() * scale * rounded;
            rest = (rest - rounded) * kBase;
            scale /= kBase;
        }
    }

    void addParts(std::size_t digit, double scale, std::size_t tiles, const CodeBlock& block,
                  double* total) const {
        std::array<std::int32_t, kMostTiles * kTileRows> products;
        const std::size_t rows = tiles * kTileRows;
        FetchCursor nothing;
        for (std::size_t p = 0; p < parts_.size(); ++p) {
            std::fill_n(products.begin(), rows, 0);
            parts_[p].kernels->dot(block.views[p], tiles,
                                   {parts_[p].model[digit].data(), parts_[p].tables[digit].data()},
                                   products.data(), nothing);
            for (std::size_t row = 0; row < rows; ++row)
                total[row] += scale * parts_[p].codes.scale * products[row];
        }
    }

    void addTables(std::size_t digit, double scale, std::size_t tiles, const CodeBlock& block,
                   double* total) const {
        std::array<std::int32_t, kMostTiles * kTileRows> low, high;
        const std::size_t rows = tiles * kTileRows;
        FetchCursor nothing;
        std::fill_n(low.begin(), rows, 0);
        std::fill_n(high.begin(), rows, 0);
        tableKernels_->dot(block.views[0], tiles, *tables_, parts_[0].model[digit].data(), low.data(),
                           high.data(), nothing);
        for (std::size_t row = 0; row < rows; ++row)
            total[row] += scale * (parts_[0].codes.scale * low[row] + parts_[1].codes.scale * high[row]);
    }

    const CodeReader& codes_;
    std::span<const float> labels_;
    const Loss& loss_;
    std::optional<LevelTables> tables_;
    const TableKernels* tableKernels_ = nullptr;
    std::vector<Part> parts_;
    double unit_ = 1, offset_ = 0;
    std::size_t chunkTiles_ = 1;
};

/// At the same score for all rows.
Evaluation evaluate(std::span<const float> labels, const Loss& loss, double score) {
    Sums sums;
    for (const float label : labels) {
        sums.loss += loss.value(score, label);
        sums.right += (score >= 0) == (label >= 0) ? 1U : 0U;
    }
    const auto rows = static_cast<double>(labels.size());
    return {sums.loss / rows, static_cast<double>(sums.right) / rows};
}

} // namespace

Evaluation evaluatePacked(CodeReader& codes, std::span<const float> labels, const Loss& loss,
                          const LinearParameters& model, std::size_t windowTiles, ThreadTeam& team, Isa isa,
                          const Job& job) {
    if (model.weights.isZero(0)) // all scores are the intercept, whatever the codes
        return evaluate(labels, loss, model.intercept);
    const PackedLoss packed(codes, labels, loss, model, isa);
    const std::size_t tiles = TileLayout::tilesOf(labels.size());
    const std::size_t step = packed.chunkTiles();
    Sums all;
    for (std::size_t begin = 0; begin < tiles; begin += windowTiles) {
        const std::size_t end = std::min(tiles, begin + windowTiles);
        codes.enter({begin, end}, {end, std::min(tiles, end + windowTiles)});
        std::vector<Sums> parts((end - begin + step - 1) / step);
        team.forEachChunk(parts.size(), [&](std::size_t chunk) {
            job.checkpoint();
            const std::size_t first = begin + chunk * step;
            parts[chunk] = packed.sumsOf(first, std::min(end, first + step));
        });
        for (const Sums& part : parts) {
            all.loss += part.loss;
            all.right += part.right;
        }
    }
    if (windowTiles < tiles)
        codes.enter({}, {}); // leaves its memory to the next epoch
    const auto rows = static_cast<double>(labels.size());
    return {all.loss / rows, static_cast<double>(all.right) / rows};
}

} // namespace zipml
