#include "core/solve/packed_sgd.h"

#include "core/kernels/random_words.h"
#include "core/solve/batch_blocks.h"
#include "core/solve/odd_counts.h"
#include "core/solve/odd_heads.h"
#include "core/solve/packed_arithmetic.h"
#include "core/solve/packed_sums.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

namespace zipml {
namespace {

Pairs pairsOf(EstimatorKind kind, int copies) {
    if (kind == EstimatorKind::DoubleMean)
        return Pairs::Mean;
    if (kind == EstimatorKind::Double)
        return Pairs::Symmetrized;
    return copies == 2 ? Pairs::Plain : Pairs::None;
}

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
    using Sums = PackedSums<Arithmetic>;

    /// y as the kernels have it: unit * values; and the rest of the inner product.
    struct Sent {
        double unit, sum; ///< sum of the values
        double offset;    ///< middle . x
        bool knowsOdd;    ///< the batch's counts of odd codes are there
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
        PageBuffer tables;         ///< of the model (TileKernels::buildTables), if there are any
        std::vector<Sum> products; ///< codes . model, one a row of the batch
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
        TileRange tiles;                             ///< of the batch
        double mostResidual = 0, mostDifference = 0; ///< largest absolute values
        double residualSum = 0;                      ///< of the residuals as converted
        bool apart = false;
        Units units;                      ///< if apart
        std::vector<double> codes, signs; ///< if apart: one a feature, as finishGradient gathers them
    };

    [[nodiscard]] static TileRange tilesWith(Range rows) {
        return {rows.begin / kTileRows, TileLayout::tilesOf(rows.end)};
    }
    [[nodiscard]] bool hasCoins() const { return pairs_ == Pairs::Symmetrized || pairs_ == Pairs::Plain; }
    [[nodiscard]] const Part& oddPart() const { return parts_.back(); }
    /// Two draws of 16 bits a random word, for columns from a multiple of 8 on.
    static void fillDraws(const RandomStream& stream, const Batch& batch, Range columns,
                          std::vector<std::uint16_t>& draws);
    [[nodiscard]] double modelUnit() const;
    /// The model as the gradient is taken at it, for what is subtracted with it.
    [[nodiscard]] const double* sentWeights() const {
        return (method().model.on() ? sent_ : model()).weights.data();
    }
    [[nodiscard]] Sent sentModel(const Batch& batch) const;
    void runChunk(int thread, std::size_t chunk, const Batch& batch, const Sent& sent);
    void findResiduals(Block& block, CodeBlock& codes, const Batch& batch, const Sent& sent,
                       FetchCursor& fetch);
    /// Makes the scores of some rows the slopes of a loss that is not quadratic.
    void findSlopes(Block& block, const Batch& batch, const Sent& sent, Range rows);
    double convertRows(const std::vector<float>& from, double unit, TileRange tiles,
                       const std::vector<std::uint16_t>& draws, std::vector<Weight>& to);
    /// @return the sum of the residuals as converted
    double addRows(TileRange tiles, const CodeBlock& codes, const Units& units, Sums& sums,
                   FetchCursor& fetch);
    void finishGradient(int thread, const Batch& batch, const Sent& sent);
    [[nodiscard]] Units unitsFor(double mostResidual, double mostDifference) const;

    const std::unique_ptr<CodeReader> reader_;
    const Pairs pairs_;
    const bool quadratic_; ///< the loss: residuals are its slopes
    std::vector<double> slope_, middle_, squaredSlope_, perSlope_;
    double centre_; ///< of the codes
    OddCounts oddCounts_;
    std::optional<OddHeads> heads_;
    std::vector<Part> parts_;
    bool hasModelTables_ = false;
    const TableKernels* tableKernels_ = nullptr;
    LevelTables tables_{};

    LinearParameters sent_; ///< the model where it is rounded; of integers, what y stands for
    std::vector<double> y_;
    std::vector<Weight> values_;                     ///< y as sent
    std::vector<double> mostY_;                      ///< largest |y| of each thread
    std::vector<double> featureOffset_, featureSum_; ///< of each chunk of features
    std::vector<std::uint16_t> modelDraws_;

    // One a row of the batch.
    std::vector<float> difference_,
        residual_; ///< d . x, r; for other losses than least squares see findSlopes
    std::vector<Sum> headsProducts_;
    std::vector<Weight> residuals_, differences_, ones_;
    std::vector<std::uint16_t> rowDraws_[2]; ///< for residuals and differences

    const BatchBlocks division_;
    std::vector<CodeBlock> codeBlocks_; ///< of each thread
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
      pairs_(pairsOf(method.estimator->kind, reader_->copies())), quadratic_(method.loss.isQuadratic()),
      slope_(reader_->slope()), middle_(reader_->middle()), centre_(reader_->centre()),
      oddCounts_(features(), labels.size(), batch),
      division_(*reader_, TileLayout::tilesOf(std::min(batch, labels.size())), threads(),
                &Arithmetic::chunks) {
    for (const CodePart& part : reader_->parts())
        parts_.push_back({part,
                          &Arithmetic::kernels(isa_, part.part.width),
                          std::vector<Weight>(part.slotCount()),
                          {},
                          {}});
    if constexpr (Arithmetic::kRounds)
        if (const auto tables = reader_->tables()) {
            tables_ = *tables;
            tableKernels_ = &tableKernels(isa_, parts_.front().codes.part.width);
        }
    if constexpr (Arithmetic::kRounds)
        for (Part& part : parts_)
            if (tableKernels_ == nullptr && part.kernels->buildTables != nullptr) {
                part.tables = PageBuffer((part.codes.part.lines + 1) * kModelTableBytes);
                hasModelTables_ = true;
            }
    for (const double slope : slope_) {
        squaredSlope_.push_back(slope * slope);
        perSlope_.push_back(inverse(slope));
    }
    const std::size_t featureChunks = (features() + kFeaturesPerChunk - 1) / kFeaturesPerChunk;
    for (auto* each : {&featureOffset_, &featureSum_})
        each->resize(featureChunks);
    mostY_.resize(static_cast<std::size_t>(threads()));
    for (auto* each : {&y_, &codes_, &signs_})
        each->resize(features());
    values_.resize(features());
    sent_ = LinearParameters::zero(static_cast<Eigen::Index>(features()));
    modelDraws_.resize(features() + kSpareSums);

    const std::size_t tiles = TileLayout::tilesOf(std::min(batch, labels.size()));
    const std::size_t rows = tiles * kTileRows;
    for (auto* each : {&difference_, &residual_})
        each->resize(rows);
    for (Part& part : parts_)
        part.products.resize(rows);
    for (auto* each : {&residuals_, &differences_})
        each->resize(rows);
    ones_.assign(rows, Weight{1});
    for (auto& draws : rowDraws_)
        draws.resize(rows);
    if (hasCoins()) {
        headsProducts_.resize(rows);
        heads_.emplace(tiles, features(), oddPart().codes.part);
    }
    codeBlocks_.resize(static_cast<std::size_t>(threads()));
    blocks_.resize(division_.most());
    for (std::size_t chunk = 0; chunk < division_.chunks(); ++chunk)
        chunks_.push_back({Sums(reader_->parts(), pairs_), Sums(reader_->parts(), pairs_)});
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::send(int thread, const Batch& batch) {
    const double* weights = model().weights.data();
    if (pairs_ == Pairs::Mean && thread == 0 && batch.index == 0)
        oddCounts_.follow(reader_->version());
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
    if (Arithmetic::kRounds && (pairs_ == Pairs::Mean || method().estimator->corrected())) {
        double* sent = sent_.weights.data();
        for (std::size_t f = range.begin; f < range.end; ++f)
            sent[f] = unit * static_cast<double>(values_[f]) * perSlope_[f];
    }
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
    if constexpr (Arithmetic::kRounds) {
        if (thread == 0)
            for (Part& part : parts_)
                if (part.tables.size() > 0)
                    part.kernels->buildTables(part.codes.part.lines + 1, part.model.data(),
                                              part.tables.data());
        if (hasModelTables_)
            meet();
    }
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
auto PackedSgd<Arithmetic>::sentModel(const Batch& batch) const -> Sent {
    return {modelUnit(), std::accumulate(featureSum_.begin(), featureSum_.end(), 0.0),
            std::accumulate(featureOffset_.begin(), featureOffset_.end(), 0.0),
            oddCounts_.knows(batch.first)};
}

template <class Arithmetic>
auto PackedSgd<Arithmetic>::unitsFor(double mostResidual, double mostDifference) const -> Units {
    constexpr double kSteps = 127;
    return {mostResidual / kSteps, mostDifference / kSteps};
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::runChunk(int thread, std::size_t index, const Batch& batch, const Sent& sent) {
    Chunk& chunk = chunks_[index];
    chunk.sums.clear();
    chunk.sums.countsOdd = chunk.own.countsOdd = pairs_ == Pairs::Mean && !sent.knowsOdd;
    CodeBlock& codes = codeBlocks_[static_cast<std::size_t>(thread)];
    const auto range = division_.blocksOfChunk(index, batch.rows);
    const auto mine = division_.blocksOfThread(thread, batch.rows);
    if (range.size() == 0)
        return;
    if constexpr (Arithmetic::kRounds) {
        const auto [begin, end] = division_.rowsOf(range, batch.rows);
        fillDraws(stream(Purpose::ResidualRounding, 0), batch, {begin, end}, rowDraws_[0]);
        if (pairs_ == Pairs::Symmetrized)
            fillDraws(stream(Purpose::ResidualRounding, 1), batch, {begin, end}, rowDraws_[1]);
    }
    for (std::size_t b = range.begin; b < range.end; ++b) {
        Block& block = blocks_[b];
        block.tiles = division_.tilesOf(b, batch.rows);
        const FetchList next =
            division_.nextPlaces(*reader_, b, mine, batch.first / kTileRows, batch.nextFirst / kTileRows);
        FetchCursor fetch = next.cursor();
        findResiduals(block, codes, batch, sent, fetch);
        const Units wanted = unitsFor(block.mostResidual, block.mostDifference);
        block.apart = Arithmetic::kRounds &&
                      (wanted.residual > units_.residual || wanted.difference > units_.difference);
        if (!block.apart) {
            block.residualSum = addRows(block.tiles, codes, units_, chunk.sums, fetch);
            continue;
        }
        block.units = wanted;
        chunk.own.clear();
        block.residualSum = addRows(block.tiles, codes, wanted, chunk.own, fetch);
        block.codes.assign(features(), 0.0);
        block.signs.assign(features(), 0.0);
        chunk.own.gather(loops(), 0, features(), block.codes.data(), block.signs.data());
    }
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::findResiduals(Block& block, CodeBlock& codes, const Batch& batch,
                                          const Sent& sent, FetchCursor& fetch) {
    const TileRange tiles = block.tiles;
    const std::size_t first = tiles.begin * kTileRows;
    const std::size_t end = std::min(tiles.end * kTileRows, batch.rows); // the last tile may not be full
    const TileRange stored{batch.first / kTileRows + tiles.begin, batch.first / kTileRows + tiles.end};
    for (Part& part : parts_)
        std::fill_n(part.products.data() + first, tiles.size() * kTileRows, Sum{0});
    if (tableKernels_ == nullptr) {
        Arithmetic::readAndDot(*reader_, stored, parts_, first, codes, fetch);
    } else if constexpr (Arithmetic::kRounds) {
        reader_->read(stored, codes);
        tableKernels_->dot(codes.views[0], tiles.size(), tables_, parts_[0].model.data(),
                           parts_[0].products.data() + first, parts_[1].products.data() + first, fetch);
    }
    std::array<Term<Sum>, kMostParts + 1> terms;
    std::size_t count = 0;
    for (const Part& part : parts_)
        terms[count++] = {part.products.data() + first, sent.unit * part.codes.scale};
    if (hasCoins()) {
        heads_->toss(*reader_, {reader_->seed(), Purpose::CopyOrder, plan().epoch}, loops(),
                     batch.first / kTileRows, tiles);
        std::fill_n(headsProducts_.data() + first, tiles.size() * kTileRows, Sum{0});
        Arithmetic::dot(oddPart(), heads_->view(tiles.begin), tiles.size(), headsProducts_.data() + first,
                        fetch);
        // d = 2 heads - odd
        const Sum* odd = oddPart().products.data() + first;
        const Sum* heads = headsProducts_.data() + first;
        if (pairs_ == Pairs::Symmetrized) {
            const Term<Sum> difference[] = {{odd, -1}, {heads, 2}};
            block.mostDifference =
                Arithmetic::combine(loops(), difference, 0, nullptr, end - first, difference_.data() + first);
        } else {
            terms[count - 1].scale += sent.unit;
            terms[count++] = {heads, -2 * sent.unit};
        }
    }
    block.mostResidual = Arithmetic::combine(loops(), std::span(terms).first(count),
                                             model().intercept + sent.offset - sent.unit * centre_ * sent.sum,
                                             quadratic_ ? labels().data() + batch.first + first : nullptr,
                                             end - first, residual_.data() + first);
    if (!quadratic_)
        findSlopes(block, batch, sent, {first, end});
    std::fill_n(residual_.data() + end, tiles.end * kTileRows - end, 0.0F);
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::findSlopes(Block& block, const Batch& batch, const Sent& sent, Range rows) {
    const Loss& loss = method().loss;
    const auto rowLabels = labels().subspan(batch.first + rows.begin, rows.size());
    const auto slopes = std::span(residual_).subspan(rows.begin, rows.size());
    const auto mostOf = [](std::span<const float> values) {
        return std::accumulate(values.begin(), values.end(), 0.0F,
                               [](float most, float value) { return std::max(most, std::abs(value)); });
    };
    if (pairs_ == Pairs::Symmetrized) {
        // With the slopes s1 at m.x + d.x and s2 at m.x - d.x:
        // 1/2 (Q1 s2 + Q2 s1) = m (s1 + s2) / 2 - d (s1 - s2) / 2
        const auto differences = std::span(difference_).subspan(rows.begin, rows.size());
        const auto unit = static_cast<float>(sent.unit); // difference_ is without it
        for (std::size_t i = 0; i < slopes.size(); ++i) {
            const float step = unit * differences[i];
            differences[i] = slopes[i] - step; // the score at Q2
            slopes[i] += step;
        }
        loss.toSlopes(rowLabels, slopes);
        loss.toSlopes(rowLabels, differences);
        for (std::size_t i = 0; i < slopes.size(); ++i) {
            const float half = (slopes[i] - differences[i]) / 2;
            slopes[i] -= half;
            differences[i] = unit > 0 ? half / unit : 0.0F;
        }
        block.mostDifference = mostOf(differences);
    } else {
        loss.toSlopes(rowLabels, slopes);
    }
    block.mostResidual = mostOf(slopes);
}

/// @return the sum of the converted values
template <class Arithmetic>
double PackedSgd<Arithmetic>::convertRows(const std::vector<float>& from, double unit, TileRange tiles,
                                          const std::vector<std::uint16_t>& draws, std::vector<Weight>& to) {
    const std::size_t first = tiles.begin * kTileRows;
    return Arithmetic::convert(loops(), from.data() + first, inverse(unit), draws.data() + first,
                               tiles.size() * kTileRows, to.data() + first);
}

template <class Arithmetic>
double PackedSgd<Arithmetic>::addRows(TileRange tiles, const CodeBlock& codes, const Units& units, Sums& sums,
                                      FetchCursor& fetch) {
    const std::size_t first = tiles.begin * kTileRows;
    const double residualSum = convertRows(residual_, units.residual, tiles, rowDraws_[0], residuals_);
    const Weight* residuals = residuals_.data() + first;
    if constexpr (Arithmetic::kRounds)
        if (tableKernels_ != nullptr) {
            tableKernels_->add(codes.views[0], tiles.size(), tables_, residuals, sums.parts[0].data(),
                               sums.parts[1].data(), fetch);
            return residualSum;
        }
    for (std::size_t p = 0; p < parts_.size(); ++p)
        parts_[p].kernels->add(codes.views[p], tiles.size(), residuals, sums.parts[p].data(), fetch);
    const PartView& odd = codes.views.back();
    const auto addOdd = [&](const PartView& bits, const Weight* factors, std::vector<Sum>& to) {
        oddPart().kernels->add(bits, tiles.size(), factors, to.data(), fetch);
    };
    if (sums.countsOdd)
        addOdd(odd, ones_.data() + first, sums.odd);
    if (pairs_ == Pairs::Plain)
        addOdd(heads_->view(tiles.begin), residuals, sums.heads);
    if (pairs_ == Pairs::Symmetrized) {
        convertRows(difference_, units.difference, tiles, rowDraws_[1], differences_);
        addOdd(odd, differences_.data() + first, sums.odd);
        addOdd(heads_->view(tiles.begin), differences_.data() + first, sums.heads);
    }
    return residualSum;
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::finishGradient(int thread, const Batch& batch, const Sent& sent) {
    const Range range = featuresOf(thread);
    double* codes = codes_.data() + range.begin;
    double* signs = signs_.data() + range.begin;
    const bool hasSigns = pairs_ == Pairs::Mean || pairs_ == Pairs::Symmetrized;
    std::fill_n(codes, range.size(), 0.0);
    if (hasSigns)
        std::fill_n(signs, range.size(), 0.0);
    for (const Chunk& chunk : chunks_)
        chunk.sums.gather(loops(), range.begin, range.end, codes_.data(), signs_.data());
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
        if (pairs_ == Pairs::Symmetrized)
            loops().subtractProducts(blockSigns, slope_.data() + range.begin, differenceUnit * sent.unit,
                                     range.size(), out);
    };
    double residualSum = 0;
    for (std::size_t b = 0; b < division_.of(batch.rows); ++b) {
        most = std::max(most, blocks_[b].mostResidual);
        mostDifference = std::max(mostDifference, blocks_[b].mostDifference);
        if (!blocks_[b].apart)
            residualSum += blocks_[b].residualSum;
    }
    addSums(codes, residualSum, units_.residual, true);
    addSigns(signs, units_.difference);
    for (std::size_t b = 0; b < division_.of(batch.rows); ++b) {
        const Block& block = blocks_[b];
        if (!block.apart)
            continue;
        addSums(block.codes.data() + range.begin, block.residualSum, block.units.residual, false);
        addSigns(block.signs.data() + range.begin, block.units.difference);
        if (pairs_ == Pairs::Mean && !sent.knowsOdd)
            loops().subtractScaled(block.signs.data() + range.begin, -1, range.size(), signs);
    }
    if (pairs_ == Pairs::Mean) {
        float* counts = oddCounts_.of(batch.first);
        if (sent.knowsOdd)
            loops().addScaledFloats(counts + range.begin, 1, range.size(), signs);
        else if (counts != nullptr)
            loops().toFloats(signs, range.size(), counts + range.begin);
        loops().products(signs, squaredSlope_.data() + range.begin, range.size(), codes);
        loops().subtractProducts(codes, sentWeights() + range.begin, 1, range.size(), out);
    }
    correct(range, batch.rows, sentWeights());
    if (thread != 0)
        return;
    interceptGradient_ = intercept;
    if (pairs_ == Pairs::Mean)
        oddCounts_.finish(batch.first);
    if constexpr (Arithmetic::kRounds) // a little room, so that few blocks are apart
        nextUnits_ = unitsFor(1.25 * most, 1.25 * mostDifference);
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::addUp(int thread, const Batch& batch) {
    const auto mine = division_.chunksOfThread(thread);
    const Sent sent = sentModel(batch);
    for (std::size_t chunk = mine.begin; chunk < mine.end; ++chunk)
        runChunk(thread, chunk, batch, sent);
    meet();
    finishGradient(thread, batch, sent);
}

} // namespace

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
