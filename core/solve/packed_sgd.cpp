#include "core/solve/packed_sgd.h"

#include "core/kernels/float_kernels.h"
#include "core/kernels/random_words.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace zipml {
namespace {

constexpr std::size_t kBlockBytes = 128 << 10; ///< a part of the second-level cache
constexpr std::size_t kSpare = 16;             ///< sums that kernels may write behind the last slot

/// Model and residuals as 8-bit integers, exact sums.
struct Integers {
    using Weight = std::int8_t;
    using Sum = std::int32_t;
    using Kernels = TileKernels;
    static constexpr bool kRounds = true;
    static const Kernels& kernels(Isa isa, int width) { return tileKernels(isa, width); }
    /// Sums are exact, so a thread's share of a batch can be one chunk.
    static std::size_t chunks(std::size_t /*blocks*/, int threads) {
        return static_cast<std::size_t>(threads);
    }
    static double convert(const VectorKernels& loops, const double* v, double perUnit,
                          const std::uint16_t* draws, std::size_t n, Weight* out) {
        return static_cast<double>(loops.round(v, perUnit, draws, n, out));
    }
    static void addUp(const VectorKernels& loops, const Sum* sums, double scale, std::size_t n,
                      double* total) {
        loops.addScaled(sums, scale, n, total);
    }
};

/// Model and residuals as they are.
struct Floats {
    using Weight = float;
    using Sum = float;
    using Kernels = TileFloatKernels;
    static constexpr bool kRounds = false;
    static const Kernels& kernels(Isa isa, int width) { return tileFloatKernels(isa, width); }
    /// A fixed number, so that sums do not depend on the threads; as many of them can share a batch.
    static std::size_t chunks(std::size_t blocks, int /*threads*/) {
        return std::min<std::size_t>(blocks, 16);
    }
    static double convert(const VectorKernels& loops, const double* v, double /*perUnit*/,
                          const std::uint16_t* /*draws*/, std::size_t n, Weight* out) {
        return loops.toFloats(v, n, out);
    }
    static void addUp(const VectorKernels& loops, const Sum* sums, double scale, std::size_t n,
                      double* total) {
        loops.addScaledFloats(sums, scale, n, total);
    }
};

double inverse(double unit) {
    return unit > 0 ? 1 / unit : 0;
}

template <class Arithmetic>
class PackedSgd final : public MinibatchSgd {
  public:
    PackedSgd(std::unique_ptr<CodeReader> codes, std::span<const float> labels, std::size_t batch,
              const GradientMethod& method, ThreadTeam& team, Isa isa);

  protected:
    void enter(Range now, Range next) override { reader_->enter(tilesWith(now), tilesWith(next)); }
    void send(int thread, const Batch& batch) override;
    void addUp(int thread, const Batch& batch) override;

  private:
    using Weight = typename Arithmetic::Weight;
    using Sum = typename Arithmetic::Sum;

    /// y as the kernels have it: unit * values; and the rest of the inner product.
    struct Sent {
        double unit, sum; ///< sum of the values
        double offset;    ///< middle . x
    };
    /// The residuals and differences as the kernels have them: unit * values.
    struct Units {
        double residual = 0, difference = 0;
    };
    /// A part of the codes with the model in its slots.
    struct Part {
        CodePart codes;
        const typename Arithmetic::Kernels* kernels;
        std::vector<Weight> model;
    };
    /// Sums over some rows.
    struct Sums {
        std::vector<std::vector<Sum>> parts; ///< of code * residual, in the slots of each part
        std::vector<Sum> odd, heads;         ///< of odd bits, and of those whose coin shows heads

        void clear() {
            for (auto& part : parts)
                std::ranges::fill(part, Sum{0});
            std::ranges::fill(odd, Sum{0});
            std::ranges::fill(heads, Sum{0});
        }
    };
    /// What a thread adds up at a time: some blocks.
    struct Chunk {
        Sums sums;
        Sums own; ///< of one block with units of its own
    };
    /// Tiles that stay in the cache between the dot product and the gradient.
    ///
    /// Rows are rounded in units that are known before the batch is read: those of the epoch's batch before,
    /// with some room. A block whose rows do not fit has units of its own, and its sums are kept apart.
    struct Block {
        double mostResidual = 0, mostDifference = 0; ///< largest absolute values
        double residualSum = 0;                      ///< of the residuals as converted
        bool apart = false;
        Units units;                      ///< if apart
        std::vector<double> codes, signs; ///< if apart: one a feature, as finishGradient gathers them
    };

    [[nodiscard]] static TileRange tilesWith(Range rows) {
        return {rows.begin / kTileRows, TileLayout::tilesOf(rows.end)};
    }
    [[nodiscard]] bool hasCoins() const { return symmetrized_ || plain_; }
    [[nodiscard]] const Part& oddPart() const { return parts_.back(); }
    [[nodiscard]] std::size_t blocksOf(const Batch& batch) const;
    [[nodiscard]] Range chunksOf(int thread) const;
    [[nodiscard]] Range blocksOf(std::size_t chunk, const Batch& batch) const;
    [[nodiscard]] Range tilesOf(std::size_t block, const Batch& batch) const;
    [[nodiscard]] PartView view(std::size_t part, const Batch& batch, Range tiles) const;
    [[nodiscard]] std::size_t nextTile(const Batch& batch, Range tiles) const;
    [[nodiscard]] PartView headsView(Range tiles) const;
    /// total += scale * (codes . model), one a row
    void multiply(const Part& part, const PartView& view, Range tiles, double scale, double* total);
    /// The same for both bytes of the tables' entries.
    void multiplyTables(const PartView& view, Range tiles);
    void tossCoins(Range tiles, const Batch& batch);
    /// Two draws of 16 bits a random word, for columns from a multiple of 8 on.
    static void fillDraws(const RandomStream& stream, const Batch& batch, Range columns,
                          std::vector<std::uint16_t>& draws);
    [[nodiscard]] double modelUnit() const;
    [[nodiscard]] Sent sentModel() const;
    void runChunk(std::size_t chunk, const Batch& batch, const Sent& sent);
    void findResiduals(Block& block, Range tiles, const Batch& batch, const Sent& sent);
    double convertRows(const std::vector<double>& from, double unit, Range tiles, std::uint16_t copy,
                       const Batch& batch, std::vector<Weight>& to);
    /// @return the sum of the residuals as converted
    double addRows(Range tiles, const Batch& batch, const Units& units, Sums& sums);
    void gather(const CodePart& part, const std::vector<Sum>& sums, double scale, Range features,
                double* codes);
    /// codes += sums of code * residual, signs += those that only double sampling has; one a feature, without
    /// units.
    void gather(const Sums& sums, Range features, double* codes, double* signs);
    void finishGradient(int thread, const Batch& batch, const Sent& sent);
    [[nodiscard]] Units unitsFor(double mostResidual, double mostDifference) const;

    const std::unique_ptr<CodeReader> reader_;
    const bool mean_, symmetrized_, plain_; ///< the kind of double sampling, if it is one
    std::vector<double> slope_, middle_, squaredSlope_;
    double centre_; ///< of the codes
    std::vector<Part> parts_;
    const TableKernels* tableKernels_ = nullptr;
    LevelTables tables_{};

    LinearParameters sent_; ///< the model where it is rounded but not to integers
    std::vector<double> y_;
    std::vector<Weight> values_;                     ///< y as sent
    std::vector<double> mostY_;                      ///< largest |y| of each thread
    std::vector<double> featureOffset_, featureSum_; ///< of each chunk of features
    std::vector<std::uint16_t> modelDraws_;

    // One a row of the batch.
    std::vector<double> total_, difference_, residual_; ///< codes . y, d . x, r
    std::vector<Sum> products_, highProducts_;
    std::vector<Weight> residuals_, differences_, ones_;
    std::vector<std::uint16_t> rowDraws_;
    std::vector<unsigned char> heads_; ///< odd bits whose coin shows heads, in tiles of one part

    std::size_t blockTiles_ = 4;
    std::vector<Chunk> chunks_;
    std::vector<Block> blocks_;         ///< of the batch
    Units units_{1, 1};                 ///< of all blocks that are not apart
    Units nextUnits_;                   ///< of the next batch
    std::vector<double> codes_, signs_; ///< gathered sums, one a feature
};

template <class Arithmetic>
PackedSgd<Arithmetic>::PackedSgd(std::unique_ptr<CodeReader> codes, std::span<const float> labels,
                                 std::size_t batch, const GradientMethod& method, ThreadTeam& team, Isa isa)
    : MinibatchSgd(codes->slope().size(), labels, batch, method, team, isa), reader_(std::move(codes)),
      mean_(method.estimator->kind == EstimatorKind::DoubleMean),
      symmetrized_(method.estimator->kind == EstimatorKind::Double),
      plain_(reader_->copies() == 2 && !mean_ && !symmetrized_), slope_(reader_->slope()),
      middle_(reader_->middle()), centre_(reader_->centre()) {
    for (const CodePart& part : reader_->parts())
        parts_.push_back(
            {part, &Arithmetic::kernels(isa_, part.part.width), std::vector<Weight>(part.slots())});
    if constexpr (Arithmetic::kRounds)
        if (const auto tables = reader_->tables()) {
            tables_ = *tables;
            tableKernels_ = &tableKernels(isa_, parts_.front().codes.part.width);
        }
    for (const double slope : slope_)
        squaredSlope_.push_back(slope * slope);
    const std::size_t featureChunks = (features() + kFeaturesPerChunk - 1) / kFeaturesPerChunk;
    for (auto* each : {&featureOffset_, &featureSum_})
        each->resize(featureChunks);
    mostY_.resize(static_cast<std::size_t>(threads()));
    for (auto* each : {&y_, &codes_, &signs_})
        each->resize(features());
    values_.resize(features());
    modelDraws_.resize(features() + kSpare);

    const std::size_t tiles = TileLayout::tilesOf(std::min(batch, labels.size()));
    const std::size_t rows = tiles * kTileRows;
    for (auto* each : {&total_, &difference_, &residual_})
        each->resize(rows);
    for (auto* each : {&residuals_, &differences_})
        each->resize(rows);
    ones_.assign(rows, Weight{1});
    products_.resize(rows);
    highProducts_.resize(rows);
    rowDraws_.resize(rows);
    if (hasCoins())
        heads_.resize(tiles * 2 * features() + kLineBytes);
    std::size_t bits = 0;
    for (const Part& part : parts_)
        bits += static_cast<std::size_t>(part.codes.part.width);
    const std::size_t fitting = kBlockBytes / (kTileRows / 8 * features() * bits) / 4 * 4;
    blockTiles_ = std::clamp<std::size_t>(fitting, 4, std::max<std::size_t>(4, (tiles + 1) / 2));
    blocks_.resize((tiles + blockTiles_ - 1) / blockTiles_);
    chunks_.resize(Arithmetic::chunks(blocks_.size(), threads()));
    for (Chunk& chunk : chunks_)
        for (Sums* sums : {&chunk.sums, &chunk.own}) {
            for (const Part& part : parts_)
                sums->parts.emplace_back(part.codes.slots() + kSpare);
            if (mean_ || symmetrized_)
                sums->odd.resize(oddPart().codes.slots() + kSpare);
            if (hasCoins())
                sums->heads.resize(oddPart().codes.slots() + kSpare);
        }
}

template <class Arithmetic>
std::size_t PackedSgd<Arithmetic>::blocksOf(const Batch& batch) const {
    return (TileLayout::tilesOf(batch.rows) + blockTiles_ - 1) / blockTiles_;
}

template <class Arithmetic>
auto PackedSgd<Arithmetic>::chunksOf(int thread) const -> Range {
    const auto at = [&](int border) {
        return chunks_.size() * static_cast<std::size_t>(border) / static_cast<std::size_t>(threads());
    };
    return {at(thread), at(thread + 1)};
}

template <class Arithmetic>
auto PackedSgd<Arithmetic>::blocksOf(std::size_t chunk, const Batch& batch) const -> Range {
    const std::size_t blocks = blocksOf(batch);
    return {blocks * chunk / chunks_.size(), blocks * (chunk + 1) / chunks_.size()};
}

template <class Arithmetic>
auto PackedSgd<Arithmetic>::tilesOf(std::size_t block, const Batch& batch) const -> Range {
    return {block * blockTiles_, std::min((block + 1) * blockTiles_, TileLayout::tilesOf(batch.rows))};
}

template <class Arithmetic>
PartView PackedSgd<Arithmetic>::view(std::size_t part, const Batch& batch, Range tiles) const {
    return reader_->view(part, batch.first / kTileRows, tiles.begin, nextTile(batch, tiles));
}

/// Where to fetch ahead, as if it were the next batch's first tile: the next block, or the next batch's
/// beginning.
template <class Arithmetic>
std::size_t PackedSgd<Arithmetic>::nextTile(const Batch& batch, Range tiles) const {
    const bool last = tiles.end >= TileLayout::tilesOf(batch.rows);
    return last ? batch.nextFirst / kTileRows - tiles.begin : batch.first / kTileRows + blockTiles_;
}

template <class Arithmetic>
PartView PackedSgd<Arithmetic>::headsView(Range tiles) const {
    const TilePart& part = oddPart().codes.part;
    return {heads_.data() + tiles.begin * 2 * features(), 2 * features(), part.lines,
            features() - part.lines * part.lineFeatures()};
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::send(int thread, const Batch& batch) {
    const double* weights = model().weights.data();
    if (!Arithmetic::kRounds && method().model.on()) {
        meet(); // the model is complete
        if (thread == 0) {
            sent_ = model();
            method().model.round(sent_.weights, stream(Purpose::ModelRounding), batch.index);
        }
        meet();
        weights = sent_.weights.data();
    }
    const Range range = featuresOf(thread);
    mostY_[static_cast<std::size_t>(thread)] = loops().products(
        slope_.data() + range.begin, weights + range.begin, range.size(), y_.data() + range.begin);
    for (std::size_t begin = range.begin; begin < range.end; begin += kFeaturesPerChunk)
        featureOffset_[begin / kFeaturesPerChunk] = loops().dot(
            middle_.data() + begin, weights + begin, std::min(kFeaturesPerChunk, range.end - begin));
    double unit = 1;
    if constexpr (Arithmetic::kRounds) {
        fillDraws(stream(Purpose::ModelRounding), batch, range, modelDraws_);
        meet();
        unit = modelUnit();
        if (thread == 0)
            units_ = batch.index == 0 ? Units{} : nextUnits_; // nobody reads it between these two meetings
    }
    for (std::size_t begin = range.begin; begin < range.end; begin += kFeaturesPerChunk)
        featureSum_[begin / kFeaturesPerChunk] =
            Arithmetic::convert(loops(), y_.data() + begin, inverse(unit), modelDraws_.data() + begin,
                                std::min(kFeaturesPerChunk, range.end - begin), values_.data() + begin);
    for (Part& part : parts_) {
        const std::size_t whole = part.codes.whole();
        if (range.begin < whole)
            std::copy(values_.begin() + static_cast<std::ptrdiff_t>(range.begin),
                      values_.begin() + static_cast<std::ptrdiff_t>(std::min(range.end, whole)),
                      part.model.begin() + static_cast<std::ptrdiff_t>(range.begin));
        for (std::size_t f = std::max(range.begin, whole); f < range.end; ++f)
            part.model[part.codes.slot(f)] = values_[f];
    }
    meet();
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::fillDraws(const RandomStream& stream, const Batch& batch, Range columns,
                                      std::vector<std::uint16_t>& draws) {
    std::uint32_t words[1024];
    for (std::size_t begin = columns.begin; begin < columns.end; begin += 2 * std::size(words)) {
        const std::size_t count = std::min(2 * std::size(words), columns.end - begin);
        fillRandomWords(stream, batch.index, static_cast<std::uint32_t>(begin / 8),
                        std::span(words).first((count + 1) / 2));
        std::memcpy(draws.data() + begin, words, count * sizeof(std::uint16_t));
    }
}

template <class Arithmetic>
double PackedSgd<Arithmetic>::modelUnit() const {
    return Arithmetic::kRounds ? std::ranges::max(mostY_) / (std::exp2(method().model.bits - 1) - 1) : 1;
}

template <class Arithmetic>
auto PackedSgd<Arithmetic>::sentModel() const -> Sent {
    return {modelUnit(), std::accumulate(featureSum_.begin(), featureSum_.end(), 0.0),
            std::accumulate(featureOffset_.begin(), featureOffset_.end(), 0.0)};
}

template <class Arithmetic>
auto PackedSgd<Arithmetic>::unitsFor(double mostResidual, double mostDifference) const -> Units {
    constexpr double kSteps = 127;
    return {mostResidual / kSteps, mostDifference / kSteps};
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::multiply(const Part& part, const PartView& view, Range tiles, double scale,
                                     double* total) {
    const std::size_t first = tiles.begin * kTileRows;
    const std::size_t rows = tiles.size() * kTileRows;
    std::fill_n(products_.data() + first, rows, Sum{0});
    part.kernels->dot(view, tiles.size(), part.model.data(), products_.data() + first);
    Arithmetic::addUp(loops(), products_.data() + first, scale, rows, total + first);
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::multiplyTables(const PartView& view, Range tiles) {
    if constexpr (Arithmetic::kRounds) {
        const std::size_t first = tiles.begin * kTileRows;
        const std::size_t rows = tiles.size() * kTileRows;
        Sum* low = products_.data() + first;
        Sum* high = highProducts_.data() + first;
        std::fill_n(low, rows, 0);
        std::fill_n(high, rows, 0);
        tableKernels_->dot(view, tiles.size(), tables_, parts_[0].model.data(), low, high);
        Arithmetic::addUp(loops(), low, parts_[0].codes.scale, rows, total_.data() + first);
        Arithmetic::addUp(loops(), high, parts_[1].codes.scale, rows, total_.data() + first);
    }
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::tossCoins(Range tiles, const Batch& batch) {
    const std::size_t bytes = 2 * features();
    const RandomStream coins(reader_->seed(), Purpose::CopyOrder, plan().epoch);
    for (std::size_t tile = tiles.begin; tile < tiles.end; ++tile) {
        const std::size_t index = batch.first / kTileRows + tile;
        unsigned char* heads = heads_.data() + tile * bytes;
        fillCoins(coins, index, {heads, bytes});
        loops().keepBits(reader_->odd(index), bytes, heads);
    }
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::runChunk(std::size_t index, const Batch& batch, const Sent& sent) {
    Chunk& chunk = chunks_[index];
    chunk.sums.clear();
    const Range range = blocksOf(index, batch);
    for (std::size_t b = range.begin; b < range.end; ++b) {
        Block& block = blocks_[b];
        const Range tiles = tilesOf(b, batch);
        findResiduals(block, tiles, batch, sent);
        const Units wanted = unitsFor(block.mostResidual, block.mostDifference);
        block.apart = Arithmetic::kRounds &&
                      (wanted.residual > units_.residual || wanted.difference > units_.difference);
        if (!block.apart) {
            block.residualSum = addRows(tiles, batch, units_, chunk.sums);
            continue;
        }
        block.units = wanted;
        chunk.own.clear();
        block.residualSum = addRows(tiles, batch, wanted, chunk.own);
        block.codes.assign(features(), 0.0);
        block.signs.assign(features(), 0.0);
        gather(chunk.own, {0, features()}, block.codes.data(), block.signs.data());
    }
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::findResiduals(Block& block, Range tiles, const Batch& batch, const Sent& sent) {
    const std::size_t first = tiles.begin * kTileRows;
    const std::size_t end = std::min(tiles.end * kTileRows, batch.rows); // the last tile may not be full
    reader_->prepare(batch.first / kTileRows, tiles.begin, tiles.end);
    std::fill_n(total_.data() + first, tiles.size() * kTileRows, 0.0);
    if (tableKernels_ != nullptr)
        multiplyTables(view(0, batch, tiles), tiles);
    else
        for (std::size_t p = 0; p < parts_.size(); ++p)
            multiply(parts_[p], view(p, batch, tiles), tiles, parts_[p].codes.scale, total_.data());
    if (hasCoins()) {
        tossCoins(tiles, batch);
        std::fill_n(difference_.data() + first, tiles.size() * kTileRows, 0.0);
        multiply(oddPart(), view(parts_.size() - 1, batch, tiles), tiles, -1, difference_.data());
        multiply(oddPart(), headsView(tiles), tiles, 2, difference_.data());
        block.mostDifference = 0;
        for (std::size_t row = first; row < end; ++row) {
            if (plain_)
                total_[row] -= difference_[row];
            block.mostDifference = std::max(block.mostDifference, std::abs(difference_[row]));
        }
    }
    block.mostResidual = loops().residuals(
        total_.data() + first, sent.unit, model().intercept + sent.offset - sent.unit * centre_ * sent.sum,
        labels().data() + batch.first + first, end - first, residual_.data() + first);
    std::fill_n(residual_.data() + end, tiles.end * kTileRows - end, 0.0);
}

/// @return the sum of the converted values
template <class Arithmetic>
double PackedSgd<Arithmetic>::convertRows(const std::vector<double>& from, double unit, Range tiles,
                                          std::uint16_t copy, const Batch& batch, std::vector<Weight>& to) {
    const std::size_t first = tiles.begin * kTileRows;
    const std::size_t rows = tiles.size() * kTileRows;
    if constexpr (Arithmetic::kRounds)
        fillDraws(stream(Purpose::ResidualRounding, copy), batch, {first, first + rows}, rowDraws_);
    return Arithmetic::convert(loops(), from.data() + first, inverse(unit), rowDraws_.data() + first, rows,
                               to.data() + first);
}

template <class Arithmetic>
double PackedSgd<Arithmetic>::addRows(Range tiles, const Batch& batch, const Units& units, Sums& sums) {
    const std::size_t first = tiles.begin * kTileRows;
    const double residualSum = convertRows(residual_, units.residual, tiles, 0, batch, residuals_);
    const Weight* residuals = residuals_.data() + first;
    if constexpr (Arithmetic::kRounds)
        if (tableKernels_ != nullptr) {
            tableKernels_->add(view(0, batch, tiles), tiles.size(), tables_, residuals, sums.parts[0].data(),
                               sums.parts[1].data());
            return residualSum;
        }
    for (std::size_t p = 0; p < parts_.size(); ++p)
        parts_[p].kernels->add(view(p, batch, tiles), tiles.size(), residuals, sums.parts[p].data());
    PartView odd = view(parts_.size() - 1, batch, tiles);
    odd.ahead = 0; // was fetched above
    const auto addOdd = [&](const PartView& bits, const Weight* factors, std::vector<Sum>& to) {
        oddPart().kernels->add(bits, tiles.size(), factors, to.data());
    };
    if (mean_)
        addOdd(odd, ones_.data() + first, sums.odd);
    if (plain_)
        addOdd(headsView(tiles), residuals, sums.heads);
    if (symmetrized_) {
        convertRows(difference_, units.difference, tiles, 1, batch, differences_);
        addOdd(odd, differences_.data() + first, sums.odd);
        addOdd(headsView(tiles), differences_.data() + first, sums.heads);
    }
    return residualSum;
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::gather(const CodePart& part, const std::vector<Sum>& sums, double scale,
                                   Range range, double* codes) {
    const std::size_t whole = part.whole();
    if (range.begin < whole)
        Arithmetic::addUp(loops(), sums.data() + range.begin, scale, std::min(range.end, whole) - range.begin,
                          codes + range.begin);
    for (std::size_t f = std::max(range.begin, whole); f < range.end; ++f)
        codes[f] += scale * static_cast<double>(sums[part.slot(f)]);
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::gather(const Sums& sums, Range range, double* codes, double* signs) {
    for (std::size_t p = 0; p < parts_.size(); ++p)
        gather(parts_[p].codes, sums.parts[p], parts_[p].codes.scale, range, codes);
    const CodePart& odd = oddPart().codes;
    if (mean_)
        gather(odd, sums.odd, 1, range, signs);
    if (plain_) { // d counts like a code: +-1 where the code is odd
        gather(odd, sums.parts.back(), -1, range, codes);
        gather(odd, sums.heads, 2, range, codes);
    }
    if (symmetrized_) {
        gather(odd, sums.odd, -1, range, signs);
        gather(odd, sums.heads, 2, range, signs);
    }
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::finishGradient(int thread, const Batch& batch, const Sent& sent) {
    const Range range = featuresOf(thread);
    double* codes = codes_.data() + range.begin;
    double* signs = signs_.data() + range.begin;
    const bool hasSigns = mean_ || symmetrized_;
    std::fill_n(codes, range.size(), 0.0);
    if (hasSigns)
        std::fill_n(signs, range.size(), 0.0);
    for (const Chunk& chunk : chunks_)
        gather(chunk.sums, range, codes_.data(), signs_.data());
    double* out = gradient() + range.begin;
    double most = 0, mostDifference = 0, intercept = 0;
    // A block's sums of code * r and of r, without the unit.
    const auto addSums = [&](const double* blockCodes, double residualSum, double unit, bool first) {
        loops().gradient(blockCodes, centre_ * residualSum, unit, slope_.data() + range.begin,
                         middle_.data() + range.begin, unit * residualSum, range.size(), first ? out : codes);
        if (!first)
            loops().subtractScaled(codes, -1, range.size(), out);
        intercept += unit * residualSum;
    };
    const auto addSigns = [&](const double* blockSigns, double differenceUnit) {
        if (symmetrized_)
            loops().subtractProducts(blockSigns, slope_.data() + range.begin, differenceUnit * sent.unit,
                                     range.size(), out);
    };
    double residualSum = 0;
    for (std::size_t b = 0; b < blocksOf(batch); ++b) {
        most = std::max(most, blocks_[b].mostResidual);
        mostDifference = std::max(mostDifference, blocks_[b].mostDifference);
        if (!blocks_[b].apart)
            residualSum += blocks_[b].residualSum;
    }
    addSums(codes, residualSum, units_.residual, true);
    addSigns(signs, units_.difference);
    for (std::size_t b = 0; b < blocksOf(batch); ++b) {
        const Block& block = blocks_[b];
        if (!block.apart)
            continue;
        addSums(block.codes.data() + range.begin, block.residualSum, block.units.residual, false);
        addSigns(block.signs.data() + range.begin, block.units.difference);
        if (mean_)
            loops().subtractScaled(block.signs.data() + range.begin, -1, range.size(), signs);
    }
    if (mean_) {
        loops().products(signs, squaredSlope_.data() + range.begin, range.size(), codes);
        loops().subtractProducts(codes, model().weights.data() + range.begin, 1, range.size(), out);
    }
    correct(range, batch.rows);
    if (thread != 0)
        return;
    interceptGradient_ = intercept;
    if constexpr (Arithmetic::kRounds) // a little room, so that few blocks are apart
        nextUnits_ = unitsFor(1.25 * most, 1.25 * mostDifference);
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::addUp(int thread, const Batch& batch) {
    const Range mine = chunksOf(thread);
    const Sent sent = sentModel();
    for (std::size_t chunk = mine.begin; chunk < mine.end; ++chunk)
        runChunk(chunk, batch, sent);
    meet();
    finishGradient(thread, batch, sent);
}

} // namespace

std::string whyNotPacked(std::span<const Grid> grids, int bits, std::size_t rows,
                         const GradientMethod& method, std::size_t batch) {
    const auto tabled = [](const Grid& grid) { return !grid.isUniform(); };
    if (std::ranges::any_of(grids, tabled)) {
        if (!method.integer)
            return "levels that are not uniform need integer arithmetic";
        if (bits != 1 && bits != 2 && bits != 4)
            return "levels that are not uniform need 1, 2 or 4 bits";
        if (method.copies > 1)
            return "levels that are not uniform need an estimator of one rounding";
    }
    if (method.copies > 2)
        return "there are more than two roundings of a value";
    if (bits > 8)
        return "a level's index has more than 8 bits";
    if (batch % kTileRows != 0 && batch < rows)
        return "the batch is no multiple of 16 rows";
    if (grids.size() > kMostExactTerms || std::min(batch, rows) > kMostExactTerms)
        return "there are more than 65,536 features or rows a batch";
    if (method.integer && (method.model.bits < 2 || method.model.bits > 8))
        return "8-bit integers hold a model of 2 to 8 bits";
    return {};
}

std::string packedKernels(StoreKind store, const GradientMethod& method, Isa isa) {
    return std::string(store == StoreKind::AnyPrecision ? "bit planes, " : "packed, ") +
           (method.integer ? "8-bit integers, " : "float32, ") + std::string(nameOf(isa));
}

std::unique_ptr<MinibatchSgd> makePackedSgd(std::unique_ptr<CodeReader> codes, std::span<const float> labels,
                                            std::size_t batch, const GradientMethod& method, ThreadTeam& team,
                                            Isa isa) {
    if (method.integer)
        return std::make_unique<PackedSgd<Integers>>(std::move(codes), labels, batch, method, team, isa);
    return std::make_unique<PackedSgd<Floats>>(std::move(codes), labels, batch, method, team, isa);
}

} // namespace zipml
