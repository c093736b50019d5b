#include "core/solve/packed/packed_sgd.h"

#include "core/solve/packed/batch_blocks.h"
#include "core/solve/packed/odd_counts.h"
#include "core/solve/packed/packed_arithmetic.h"
#include "core/solve/packed/packed_model.h"
#include "core/solve/packed/packed_rows.h"
#include "core/solve/packed/packed_sums.h"
#include "core/solve/packed/small_batch_sgd.h"

#include <algorithm>

namespace zipml {
namespace {

std::vector<TailSlots> tailsOf(const CodeReader& reader) {
    std::vector<TailSlots> tails;
    for (const CodePart& part : reader.parts())
        tails.push_back(part.tailSlots(reader.slope().size()));
    return tails;
}

/// 8-bit integers.
RowMagnitudes unitsFor(const RowMagnitudes& most) {
    constexpr double kSteps = 127;
    return {most.residual / kSteps, most.difference / kSteps};
}

template <class Arithmetic>
class PackedSgd final : public MinibatchSgd {
  public:
    PackedSgd(std::unique_ptr<CodeReader> codes, std::span<const float> labels, std::size_t batch,
              const GradientMethod& method, ThreadTeam& team, Isa isa);

  protected:
    void enter(IndexRange now, IndexRange next) override { reader_->enter(tilesWith(now), tilesWith(next)); }
    void send(int thread, const Batch& batch) override;
    void addUp(int thread, const Batch& batch) override;

  private:
    using Sums = PackedSums<Arithmetic>;

    /// What a thread adds up at a time: some blocks.
    struct Chunk {
        Sums sums;
        Sums own; ///< of one block with units of its own
    };
    /// Tiles that stay in the cache between the dot product and the gradient.
    ///
    /// Rows are rounded in units that are known before the batch is read: those of the epoch's batch before,
    /// with some room. A block whose rows do not fit has units of its own, and its sums are kept separate.
    struct Block {
        RowMagnitudes most;
        double residualSum = 0; ///< of the residuals as converted
        bool separate = false;
        RowMagnitudes units;              ///< if separate
        std::vector<double> codes, signs; ///< if separate: one a feature, as finishGradient gathers them
    };

    [[nodiscard]] static TileRange tilesWith(IndexRange rows) {
        return {rows.begin / kTileRows, TileLayout::tilesOf(rows.end)};
    }
    [[nodiscard]] double modelUnit() const { return model_.unit(method().model.bits); }
    /// The weights as the gradient is taken at them, for what is subtracted with them.
    [[nodiscard]] const double* sentWeights() const {
        return method().model.on() ? model_.rounded() : model().weights.data();
    }
    void runChunk(int thread, std::size_t chunk, const Batch& batch, const SentModel& sent, bool knowsOdd);
    void finishGradient(int thread, const Batch& batch, double modelUnit, bool knowsOdd);
    /// Pairs::Mean: slope^2 o odd o x, from counts that are known or gathered in signs_.
    void subtractOdd(IndexRange range, std::size_t firstRow, bool knowsOdd);

    const std::unique_ptr<CodeReader> reader_;
    const Pairs pairs_;
    std::vector<TailSlots> tails_;       ///< of each part
    std::vector<double> slope_, middle_; ///< padded
    std::vector<double> squaredSlope_;
    OddCounts oddCounts_;
    PackedModel<Arithmetic> model_;
    PackedRows<Arithmetic> rows_;
    const BatchBlocks division_;
    std::vector<CodeBlock> codeBlocks_; ///< of each thread
    std::vector<Chunk> chunks_;
    std::vector<Block> blocks_;         ///< of the batch
    RowMagnitudes units_{1, 1};         ///< of all blocks that are not separate
    RowMagnitudes nextUnits_;           ///< of the next batch
    std::vector<double> codes_, signs_; ///< gathered sums, one a feature
};

template <class Arithmetic>
PackedSgd<Arithmetic>::PackedSgd(std::unique_ptr<CodeReader> codes, std::span<const float> labels,
                                 std::size_t batch, const GradientMethod& method, ThreadTeam& team, Isa isa)
    : MinibatchSgd(codes->slope().size(), {labels}, batch, method, team, isa), reader_(std::move(codes)),
      pairs_(method.estimator->pairs.value()), tails_(tailsOf(*reader_)), slope_(reader_->slope()),
      middle_(reader_->middle()), oddCounts_(features(), labels.size(), batch),
      model_(*reader_, tails_, threads(), isa_),
      rows_(*reader_, model_, pairs_, method.loss, labels, loops(),
            TileLayout::tilesOf(std::min(batch, labels.size())), isa_),
      division_(*reader_, TileLayout::tilesOf(std::min(batch, labels.size())), threads(),
                &Arithmetic::chunks),
      codeBlocks_(static_cast<std::size_t>(threads())), blocks_(division_.most()), codes_(padded(features())),
      signs_(padded(features())) {
    slope_.resize(padded(features()));
    middle_.resize(padded(features()));
    for (const double slope : slope_)
        squaredSlope_.push_back(slope * slope);
    for (std::size_t chunk = 0; chunk < division_.chunks(); ++chunk)
        chunks_.push_back({Sums(reader_->parts(), tails_, pairs_), Sums(reader_->parts(), tails_, pairs_)});
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::send(int thread, const Batch& batch) {
    const double* weights = model().weights.data();
    if (pairs_ == Pairs::Mean && thread == 0 && batch.index == 0)
        oddCounts_.follow(reader_->version());
    if (!Arithmetic::kRounds && method().model.on()) {
        synchronize(); // the model is complete
        if (thread == 0)
            model_.round(model(), method().model, stream(Purpose::ModelRounding), batch.index);
        synchronize();
        weights = model_.rounded();
    }
    const IndexRange range = featuresOf(thread);
    model_.scale(loops(), thread, range, weights);
    if constexpr (Arithmetic::kRounds) {
        model_.draw(stream(Purpose::ModelRounding), batch.index, range);
        synchronize();
        if (thread == 0) // nobody reads them between these two barriers
            units_ = batch.index == 0 ? RowMagnitudes{} : nextUnits_;
    }
    model_.convert(loops(), range, modelUnit(), pairs_ == Pairs::Mean || method().estimator->corrected());
    synchronize();
    if (model_.hasTables()) {
        if (thread == 0)
            model_.buildTables();
        synchronize();
    }
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::addUp(int thread, const Batch& batch) {
    const auto mine = division_.chunksOfThread(thread);
    const SentModel sent = model_.sent(model().intercept, modelUnit());
    const bool knowsOdd = oddCounts_.knows(batch.first);
    for (std::size_t chunk = mine.begin; chunk < mine.end; ++chunk)
        runChunk(thread, chunk, batch, sent, knowsOdd);
    synchronize();
    finishGradient(thread, batch, sent.unit, knowsOdd);
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::runChunk(int thread, std::size_t index, const Batch& batch, const SentModel& sent,
                                     bool knowsOdd) {
    Chunk& chunk = chunks_[index];
    chunk.sums.clear();
    chunk.sums.countsOdd = chunk.own.countsOdd = pairs_ == Pairs::Mean && !knowsOdd;
    CodeBlock& codes = codeBlocks_[static_cast<std::size_t>(thread)];
    const auto range = division_.blocksOfChunk(index, batch.rows);
    const auto mine = division_.blocksOfThread(thread, batch.rows);
    if (range.size() == 0)
        return;
    if constexpr (Arithmetic::kRounds) {
        const auto [begin, end] = division_.rowsOf(range, batch.rows);
        rows_.draw(stream(Purpose::ResidualRounding, 0), stream(Purpose::ResidualRounding, 1), batch.index,
                   {begin, end});
    }
    const RandomStream coins(reader_->seed(), Purpose::CopyOrder, plan().epoch);
    for (std::size_t b = range.begin; b < range.end; ++b) {
        Block& block = blocks_[b];
        const TileRange tiles = division_.tilesOf(b, batch.rows);
        const FetchList next =
            division_.nextPlaces(*reader_, b, mine, batch.first / kTileRows, batch.nextFirst / kTileRows);
        FetchCursor fetch = next.cursor();
        block.most = rows_.findResiduals(tiles, batch, sent, coins, codes, fetch);
        const RowMagnitudes wanted = unitsFor(block.most);
        block.separate = Arithmetic::kRounds &&
                         (wanted.residual > units_.residual || wanted.difference > units_.difference);
        if (!block.separate) {
            block.residualSum = rows_.add(tiles, codes, units_, chunk.sums, fetch);
            continue;
        }
        block.units = wanted;
        chunk.own.clear();
        block.residualSum = rows_.add(tiles, codes, wanted, chunk.own, fetch);
        block.codes.assign(padded(features()), 0.0);
        block.signs.assign(padded(features()), 0.0);
        chunk.own.gather(loops(), 0, features(), block.codes.data(), block.signs.data());
    }
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::finishGradient(int thread, const Batch& batch, double modelUnit, bool knowsOdd) {
    const IndexRange range = featuresOf(thread);
    const std::size_t size = padded(range.size());
    double* codes = codes_.data() + range.begin;
    double* signs = signs_.data() + range.begin;
    const bool hasSigns = pairs_ == Pairs::Mean || pairs_ == Pairs::Symmetrized;
    std::fill_n(codes, size, 0.0);
    if (hasSigns)
        std::fill_n(signs, size, 0.0);
    for (const Chunk& chunk : chunks_)
        chunk.sums.gather(loops(), range.begin, range.end, codes_.data(), signs_.data());
    double* out = gradient() + range.begin;
    double intercept = 0;
    // A block's sums of code * r and of r, without the unit.
    const auto addSums = [&](const double* blockCodes, double residualSum, double unit, bool first) {
        loops().gradient(blockCodes, reader_->centre() * residualSum, unit, slope_.data() + range.begin,
                         middle_.data() + range.begin, unit * residualSum, size, first ? out : codes);
        if (!first)
            loops().subtractScaled(codes, -1, size, out);
        intercept += unit * residualSum;
    };
    const auto addSigns = [&](const double* blockSigns, double differenceUnit) {
        if (pairs_ == Pairs::Symmetrized)
            loops().subtractProducts(blockSigns, slope_.data() + range.begin, differenceUnit * modelUnit,
                                     size, out);
    };
    RowMagnitudes most;
    double residualSum = 0;
    const auto blocks = std::span(blocks_).first(division_.of(batch.rows));
    for (const Block& block : blocks) {
        most.residual = std::max(most.residual, block.most.residual);
        most.difference = std::max(most.difference, block.most.difference);
        if (!block.separate)
            residualSum += block.residualSum;
    }
    addSums(codes, residualSum, units_.residual, true);
    addSigns(signs, units_.difference);
    for (const Block& block : blocks) {
        if (!block.separate)
            continue;
        addSums(block.codes.data() + range.begin, block.residualSum, block.units.residual, false);
        addSigns(block.signs.data() + range.begin, block.units.difference);
        if (pairs_ == Pairs::Mean && !knowsOdd)
            loops().subtractScaled(block.signs.data() + range.begin, -1, range.size(), signs);
    }
    if (pairs_ == Pairs::Mean)
        subtractOdd(range, batch.first, knowsOdd);
    correct(range, batch.rows, sentWeights());
    if (thread != 0)
        return;
    interceptGradient_ = intercept;
    if (pairs_ == Pairs::Mean)
        oddCounts_.finish(batch.first);
    if constexpr (Arithmetic::kRounds) { // a little room, so that few blocks are separate
        constexpr double kRoom = 1.25;
        nextUnits_ = unitsFor({kRoom * most.residual, kRoom * most.difference});
    }
}

template <class Arithmetic>
void PackedSgd<Arithmetic>::subtractOdd(IndexRange range, std::size_t firstRow, bool knowsOdd) {
    double* signs = signs_.data() + range.begin;
    double* products = codes_.data() + range.begin; // its sums have been used
    float* counts = oddCounts_.of(firstRow);
    if (knowsOdd)
        loops().addScaledFloats(counts + range.begin, 1, range.size(), signs);
    else if (counts != nullptr)
        loops().toFloats(signs, range.size(), counts + range.begin);
    loops().products(signs, squaredSlope_.data() + range.begin, range.size(), products);
    loops().subtractProducts(products, sentWeights() + range.begin, 1, range.size(),
                             gradient() + range.begin);
}

} // namespace

std::string packedKernels(StoreKind store, const GradientMethod& method, Isa isa) {
    return std::string(store == StoreKind::AnyPrecision ? "bit planes, " : "packed, ") +
           (method.integer ? "8-bit integers, " : "float32, ") + std::string(nameOf(isa));
}

std::unique_ptr<MinibatchSgd> makePackedSgd(std::unique_ptr<CodeReader> codes, std::span<const float> labels,
                                            std::size_t batch, const GradientMethod& method, ThreadTeam& team,
                                            Isa isa) {
    if (method.integer && method.loss.isQuadratic() && !codes->tables() && !codes->parts().front().woven &&
        isSmallBatch(std::min(batch, labels.size()), codes->slope().size(), 2 * codes->centre()))
        return makeSmallBatchSgd(std::move(codes), labels, batch, method, team, isa);
    if (method.integer)
        return std::make_unique<PackedSgd<Integers>>(std::move(codes), labels, batch, method, team, isa);
    return std::make_unique<PackedSgd<Floats>>(std::move(codes), labels, batch, method, team, isa);
}

} // namespace zipml
