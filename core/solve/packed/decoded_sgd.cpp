#include "core/solve/packed/decoded_sgd.h"

#include "core/estimate/refetching.h"
#include "core/estimate/score_block.h"
#include "core/kernels/double_row_kernels.h"
#include "core/kernels/prefetch.h"
#include "core/kernels/tile_kernels.h"
#include "core/solve/packed/fixed_digits.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace zipml {
namespace {

constexpr std::size_t kMostChunks = 16;         ///< of a batch's tiles: as many threads can share it
constexpr std::size_t kFewestTiles = 8;         ///< of a chunk
constexpr std::size_t kBlockBytes = 32U << 10U; ///< of planes: they stay in the cache between the passes
constexpr std::size_t kMostBlockTiles = kMostAddedTiles;
constexpr std::size_t kMostBlockRows = kMostBlockTiles * kTileRows;

bool has(CopySet copies, int copy) {
    return (copies >> static_cast<unsigned>(copy) & 1U) != 0;
}

float mostOf(std::span<const float> values) {
    constexpr std::size_t kLanes = 16; // rows of a tile, so that nothing is left over
    std::array<float, kLanes> most{};
    for (std::size_t at = 0; at + kLanes <= values.size(); at += kLanes)
        for (std::size_t i = 0; i < kLanes; ++i)
            most[i] = std::max(most[i], std::abs(values[at + i]));
    return std::ranges::max(most);
}

class DecodedSgd final : public MinibatchSgd {
  public:
    DecodedSgd(const Dataset& data, const SampleStore& store, std::span<const float> labels,
               std::size_t batch, const GradientMethod& method, ThreadTeam& team, Isa isa);

    bool runEpoch(const EpochPlan& plan, LinearParameters& model, RunControl& control,
                  const std::function<void(double)>& onProgress, TailAverage* average) override {
        const auto fetched = [this] { return method().refetching ? method().refetching->fetched() : 0; };
        const std::uint64_t before = fetched();
        const bool complete = MinibatchSgd::runEpoch(plan, model, control, onProgress, average);
        fetched_ = fetched() - before;
        return complete;
    }
    [[nodiscard]] std::uint64_t rowsFetched() const override { return fetched_; }

  protected:
    void send(int thread, const Batch& batch) override;
    void addUp(int thread, const Batch& batch) override;

  private:
    struct Chunk;
    /// A row that is to be read itself, and what it is added to.
    struct Fetch {
        std::uint32_t row;
        Chunk* chunk;
    };
    /// What a thread works in, a block of tiles at a time.
    struct Worker {
        IndexRange tiles{}; ///< of the batch
        CopyDecoder::Scratch scratch;
        std::vector<unsigned char> planes;
        std::vector<std::array<double, kMostBlockRows>> products; ///< of each plane
        std::vector<unsigned char> indices;                       ///< of one copy
        std::array<double, kMostBlockRows> sums;
        std::array<float, kMostBlockRows> scores[kMostCopies], factors[kMostCopies];
        std::array<float, kMostBlockRows> planeFactors;
        std::array<unsigned char, kMostBlockRows> fetches;
        std::vector<Fetch> listed, waiting; ///< of the last block, and of the one before
        FixedDigits digits{kMostBlockRows};
    };
    /// What some tiles of a batch add up to.
    struct Chunk {
        std::vector<double> codes;   ///< factor * code, one a slot
        std::vector<double> spreads; ///< u (k - u)
        std::vector<double> exact;   ///< of rows that were fetched
        double factorSum = 0, exactSlopes = 0;
        bool fetched = false;
    };
    /// Some tiles of the store, and which of their rows are the batch's.
    struct Block {
        std::size_t firstTile, tiles;
        IndexRange rows; ///< from the first tile's first row
        [[nodiscard]] std::size_t all() const { return tiles * kTileRows; }
    };

    void findRadius();
    [[nodiscard]] std::size_t tileBytes() const { return decoder_.lines() * kLineBytes; }
    [[nodiscard]] std::size_t slots() const { return 4 * decoder_.lines(); }
    void runChunk(Worker& worker, Chunk& chunk, IndexRange tiles, const Batch& batch);
    void findScores(Worker& worker, const Block& block) const;
    void findFactors(Worker& worker, const Block& block) const;
    void listFetched(Worker& worker, const Block& block, Chunk& chunk) const;
    void addFetched(Worker& worker) const;
    void addBlock(Worker& worker, const Block& block, Chunk& chunk) const;
    void subtractSpread(std::span<const Chunk> chunks, IndexRange range);
    [[nodiscard]] const double* sentWeights() const {
        return method().model.on() ? sent_.weights.data() : model().weights.data();
    }

    const Dataset& data_;
    const CopyDecoder decoder_;
    const CopyKernels& kernels_;
    const DoubleRowKernels& rowKernels_;
    const ScoreRule& rule_;
    const int copies_;
    const CopySet scored_, added_;
    std::size_t blockTiles_, planeStride_, chunkTiles_;
    std::vector<double> reach_; ///< refetching: a value's distance from copy 0
    std::vector<double> size_;  ///< refetching: the largest |level|
    std::vector<double> zeros_; ///< refetching: what is taken from the samples
    std::uint64_t fetched_ = 0;

    // The model as sent.
    LinearParameters sent_;
    std::vector<double> y_; ///< slope o x
    FixedDigits weights_;   ///< y
    double offset_ = 0;     ///< of every score
    double radius_ = 0;

    std::vector<Worker> workers_;
    std::vector<Chunk> chunks_;
    std::vector<double> codes_, spreads_, spreadScale_; ///< gathered, one a feature
};

DecodedSgd::DecodedSgd(const Dataset& data, const SampleStore& store, std::span<const float> labels,
                       std::size_t batch, const GradientMethod& method, ThreadTeam& team, Isa isa)
    : MinibatchSgd(store.grids().size(), labels, batch, method, team, isa), data_(data),
      decoder_(store, method, isa), kernels_(copyKernels(isa)), rowKernels_(doubleRowKernels(isa)),
      rule_(method.estimator->scores), copies_(store.copies()), scored_(rule_.scored(copies_)),
      added_(rule_.added(copies_)), y_(features()), weights_(slots()), codes_(features()),
      spreads_(features()) {
    // A batch that does not begin with a tile has one more.
    const std::size_t tiles = TileLayout::tilesOf(std::min(batch, labels.size())) + 1;
    chunkTiles_ = std::max(kFewestTiles, (tiles + kMostChunks - 1) / kMostChunks);
    blockTiles_ = std::clamp<std::size_t>(kBlockBytes / (tileBytes() * decoder_.stored()), 2,
                                          std::min(chunkTiles_, kMostBlockTiles));
    planeStride_ = blockTiles_ * tileBytes();
    workers_.resize(static_cast<std::size_t>(threads()));
    for (Worker& worker : workers_) {
        worker.planes.resize(planeStride_ * decoder_.stored());
        worker.indices.resize(planeStride_);
        worker.products.resize(decoder_.planes().size());
    }
    chunks_.resize((tiles + chunkTiles_ - 1) / chunkTiles_);
    for (Chunk& chunk : chunks_) {
        chunk.codes.resize(slots());
        if (rule_.subtractsSpread)
            chunk.spreads.resize(slots());
        if (method.refetching)
            chunk.exact.resize(features());
    }
    const double copies = copies_;
    for (const double slope : decoder_.slope()) // (s2 / k) of a value is this times u (k - u)
        spreadScale_.push_back(copies_ > 1 ? slope * slope / (copies * copies * (copies - 1)) : 0);
    if (method.refetching) {
        const bool isInterval = method.refetching->kind() == CertificateKind::Interval;
        for (const Grid& grid : store.grids()) {
            reach_.push_back(isInterval ? grid.gap() / 2 : grid.gap());
            size_.push_back(std::max(std::abs(grid.low()), std::abs(grid.high())));
        }
        zeros_.resize(features());
    }
}

void DecodedSgd::send(int thread, const Batch& batch) {
    synchronize(); // the model is complete
    if (thread == 0) {
        if (method().model.on()) {
            sent_ = model();
            method().model.round(sent_.weights, stream(Purpose::ModelRounding), batch.index);
        }
        const double* weights = sentWeights();
        const double most = loops().products(decoder_.slope().data(), weights, features(), y_.data());
        weights_.set(y_.data(), features(), most);
        offset_ = model().intercept + loops().dot(decoder_.middle().data(), weights, features()) -
                  decoder_.centre() * weights_.sum();
        if (method().refetching)
            findRadius();
    }
    synchronize();
}

/// How far scores at copy 0 are at most from those of the sample, the rounding of either included.
void DecodedSgd::findRadius() {
    constexpr double kSlack = 1e-6; // of float32's scores
    const double* weights = sentWeights();
    double reach = 0;
    double size = 1 + std::abs(model().intercept);
    for (std::size_t f = 0; f < features(); ++f) {
        reach += reach_[f] * std::abs(weights[f]);
        size += size_[f] * std::abs(weights[f]);
    }
    const double digits = weights_.error() * decoder_.centre() * static_cast<double>(features());
    radius_ = (1 + kSlack) * reach + kSlack * size + digits;
}

void DecodedSgd::addUp(int thread, const Batch& batch) {
    const std::size_t first = batch.first / kTileRows;
    const std::size_t tiles = TileLayout::tilesOf(batch.first + batch.rows) - first;
    const std::size_t chunks = (tiles + chunkTiles_ - 1) / chunkTiles_;
    const auto at = [&](int border) {
        return chunks * static_cast<std::size_t>(border) / static_cast<std::size_t>(threads());
    };
    const auto tileOf = [&](std::size_t chunk) { return first + std::min(tiles, chunk * chunkTiles_); };
    Worker& worker = workers_[static_cast<std::size_t>(thread)];
    worker.tiles = {tileOf(at(thread)), tileOf(at(thread + 1))};
    for (std::size_t chunk = at(thread); chunk < at(thread + 1); ++chunk)
        runChunk(worker, chunks_[chunk], {tileOf(chunk), tileOf(chunk + 1)}, batch);
    addFetched(worker);
    synchronize();
    const auto used = std::span(chunks_).first(chunks);
    const IndexRange range = featuresOf(thread);
    double factorSum = 0, exactSlopes = 0;
    double* codes = codes_.data() + range.begin;
    std::fill_n(codes, range.size(), 0.0);
    for (const Chunk& chunk : used) {
        loops().subtractScaled(chunk.codes.data() + range.begin, -1, range.size(), codes);
        factorSum += chunk.factorSum;
        exactSlopes += chunk.exactSlopes;
    }
    loops().gradient(codes, decoder_.centre() * factorSum, 1, decoder_.slope().data() + range.begin,
                     decoder_.middle().data() + range.begin, factorSum, range.size(),
                     gradient() + range.begin);
    for (const Chunk& chunk : used)
        if (chunk.fetched)
            loops().subtractScaled(chunk.exact.data() + range.begin, -1, range.size(),
                                   gradient() + range.begin);
    if (rule_.subtractsSpread)
        subtractSpread(used, range);
    correct(range, batch.rows, sentWeights());
    if (thread == 0)
        interceptGradient_ = factorSum + exactSlopes;
}

void DecodedSgd::subtractSpread(std::span<const Chunk> chunks, IndexRange range) {
    double* spreads = spreads_.data() + range.begin;
    std::fill_n(spreads, range.size(), 0.0);
    for (const Chunk& chunk : chunks)
        loops().subtractScaled(chunk.spreads.data() + range.begin, -1, range.size(), spreads);
    loops().products(spreads, spreadScale_.data() + range.begin, range.size(), spreads);
    loops().subtractProducts(spreads, sentWeights() + range.begin, 1, range.size(), gradient() + range.begin);
}

void DecodedSgd::runChunk(Worker& worker, Chunk& chunk, IndexRange tiles, const Batch& batch) {
    std::ranges::fill(chunk.codes, 0.0);
    std::ranges::fill(chunk.spreads, 0.0);
    chunk.factorSum = chunk.exactSlopes = 0;
    chunk.fetched = false;
    for (std::size_t tile = tiles.begin; tile < tiles.end; tile += blockTiles_) {
        const std::size_t first = tile * kTileRows;
        const std::size_t count = std::min(blockTiles_, tiles.end - tile);
        const Block block{tile,
                          count,
                          {std::max(batch.first, first) - first,
                           std::min(batch.first + batch.rows, first + count * kTileRows) - first}};
        for (std::size_t t = 0; t < count; ++t) {
            // What the thread decodes a block later, of the next batch if need be.
            const std::size_t next = tile + t + std::min(blockTiles_, worker.tiles.size());
            decoder_.fetch(next < worker.tiles.end
                               ? next
                               : next - worker.tiles.size() + batch.nextFirst / kTileRows -
                                     batch.first / kTileRows);
            decoder_.decode(tile + t, plan().epoch, worker.scratch, worker.planes.data() + t * tileBytes(),
                            planeStride_);
        }
        findScores(worker, block);
        findFactors(worker, block);
        if (method().refetching)
            listFetched(worker, block, chunk);
        addBlock(worker, block, chunk);
        if (method().refetching)
            addFetched(worker);
    }
}

void DecodedSgd::findScores(Worker& worker, const Block& block) const {
    const std::int8_t* digits[FixedDigits::kCount];
    for (int digit = 0; digit < FixedDigits::kCount; ++digit)
        digits[digit] = weights_.digits(digit);
    const auto& planes = decoder_.planes();
    const auto isScored = [&](std::size_t plane) { return (planes[plane].copies & scored_) != 0; };
    // Those that have the same bytes follow one another.
    for (std::size_t begin = 0, end = 0; begin < planes.size(); begin = end) {
        ByteMasks masks{{}, 0};
        std::size_t which[ByteMasks::kMost];
        for (; end < planes.size() && planes[end].stored == planes[begin].stored; ++end)
            if (isScored(end)) {
                which[masks.count] = end;
                masks.masks[masks.count++] = planes[end].mask;
            }
        if (masks.count == 0)
            continue;
        const unsigned char* bytes = worker.planes.data() + planes[begin].stored * planeStride_;
        for (std::size_t tile = 0; tile < block.tiles; ++tile, bytes += tileBytes()) {
            double sums[ByteMasks::kMost * kTileRows];
            kernels_.dot(bytes, decoder_.lines(), masks, digits, sums);
            for (int m = 0; m < masks.count; ++m)
                std::copy_n(sums + static_cast<std::size_t>(m) * kTileRows, kTileRows,
                            worker.products[which[m]].data() + tile * kTileRows);
        }
    }
    for (int copy = 0; copy < copies_; ++copy) {
        if (!has(scored_, copy))
            continue;
        const double shift = copy == 0 ? decoder_.firstCopyShift() * weights_.sum() : 0;
        double* scores = worker.sums.data();
        std::fill_n(scores, block.all(), offset_ + shift);
        for (std::size_t p = 0; p < planes.size(); ++p)
            if (has(planes[p].copies, copy))
                loops().subtractScaled(worker.products[p].data(), -planes[p].scale * weights_.lowestUnit(),
                                       block.all(), scores);
        loops().toFloats(scores, block.all(), worker.scores[copy].data());
    }
}

void DecodedSgd::findFactors(Worker& worker, const Block& block) const {
    std::array<const float*, kMostCopies> scores;
    std::array<float*, kMostCopies> factors;
    for (int copy = 0; copy < copies_; ++copy) {
        const auto c = static_cast<std::size_t>(copy);
        scores[c] = worker.scores[c].data() + block.rows.begin;
        factors[c] = worker.factors[c].data() + block.rows.begin;
        std::fill_n(worker.factors[c].data(), block.rows.begin, 0.0F); // rows of other batches
        std::fill(worker.factors[c].data() + block.rows.end, worker.factors[c].data() + block.all(), 0.0F);
    }
    const auto count = static_cast<std::size_t>(copies_);
    rule_.toFactors({method(),
                     labels().subspan(block.firstTile * kTileRows + block.rows.begin, block.rows.size()),
                     std::span(scores).first(count), std::span(factors).first(count),
                     static_cast<float>(radius_), worker.fetches.data() + block.rows.begin});
}

/// Lists the rows that copy 0 does not decide, and has them come while others are added.
void DecodedSgd::listFetched(Worker& worker, const Block& block, Chunk& chunk) const {
    std::uint32_t rows[kMostBlockRows];
    std::size_t count = 0;
    for (std::size_t row = block.rows.begin; row < block.rows.end; ++row) {
        rows[count] = static_cast<std::uint32_t>(block.firstTile * kTileRows + row);
        count += worker.fetches[row];
    }
    for (const std::uint32_t row : std::span(rows).first(count)) {
        worker.listed.push_back({row, &chunk});
        for (std::size_t f = 0; f < features(); f += kLineBytes / sizeof(float))
            fetchAhead(data_.row(row).data() + f, 0);
    }
}

/// The rows that were listed a block before.
void DecodedSgd::addFetched(Worker& worker) const {
    for (const auto& [row, chunk] : worker.waiting) {
        method().refetching->countFetch();
        const float* values = data_.row(row).data();
        const double score =
            model().intercept + rowKernels_.score(values, zeros_.data(), sentWeights(), features());
        const double slope = method().loss.slope(score, labels()[row]);
        if (slope == 0)
            continue;
        if (!chunk->fetched)
            std::ranges::fill(chunk->exact, 0.0);
        chunk->fetched = true;
        rowKernels_.addRow(values, zeros_.data(), slope, features(), chunk->exact.data());
        chunk->exactSlopes += slope;
    }
    worker.waiting.clear();
    std::swap(worker.waiting, worker.listed);
}

void DecodedSgd::addBlock(Worker& worker, const Block& block, Chunk& chunk) const {
    FixedDigits& digits = worker.digits;
    const auto add = [&](const unsigned char* bytes, unsigned char mask, double scale,
                         std::vector<double>& total) {
        const std::int8_t* each[FixedDigits::kCount];
        for (int digit = 0; digit < FixedDigits::kCount; ++digit)
            each[digit] = digits.digits(digit);
        if (!digits.isZero())
            kernels_.add(bytes, block.tiles, decoder_.lines(), mask, each, scale * digits.lowestUnit(),
                         total.data());
    };
    const auto convert = [&](std::span<const float> factors) {
        digits.set(factors.data(), factors.size(), mostOf(factors));
    };
    if (std::has_single_bit(added_) && decoder_.hasIndices()) {
        const int copy = std::countr_zero(added_);
        convert(std::span(worker.factors[copy]).first(block.all()));
        chunk.factorSum += digits.sum();
        const unsigned char* low = worker.planes.data();
        kernels_.raise(low, low + planeStride_, block.tiles * tileBytes(), copy, worker.indices.data());
        add(worker.indices.data(), 0xFF, 1, chunk.codes);
        return;
    }
    const auto factors = std::span(worker.planeFactors).first(block.all());
    CopySet converted = 0; // whose factors the digits are
    for (const BytePlane& plane : decoder_.planes()) {
        const unsigned char* bytes = worker.planes.data() + plane.stored * planeStride_;
        if (plane.spreads) {
            std::ranges::fill(factors, 0.0F);
            std::fill_n(factors.data() + block.rows.begin, block.rows.size(), 1.0F);
            convert(factors);
            add(bytes, plane.mask, 1, chunk.spreads);
            continue;
        }
        const CopySet wanted = plane.copies & added_;
        if (wanted == 0)
            continue;
        if (wanted != converted) {
            std::ranges::fill(factors, 0.0F);
            for (int copy = 0; copy < copies_; ++copy)
                if (has(wanted, copy))
                    for (std::size_t row = 0; row < factors.size(); ++row)
                        factors[row] += worker.factors[copy][row];
            convert(factors);
            converted = wanted;
        }
        if (plane.counts)
            chunk.factorSum += digits.sum();
        add(bytes, plane.mask, plane.scale, chunk.codes);
    }
}

} // namespace

std::string whyNotDecoded(std::span<const Grid> grids, const GradientMethod& method) {
    const ScoreRule& rule = method.estimator->scores;
    if (rule.toFactors == nullptr)
        return std::string(method.estimator->whyRowByRow);
    if (grids.size() > kMostExactTerms)
        return "there are more than 65,536 features";
    if (method.refetching && method.refetching->kind() != CertificateKind::Interval &&
        method.refetching->kind() != CertificateKind::Sample)
        return "the certificate differs from row to row";
    const bool isUniform = std::ranges::all_of(grids, &Grid::isUniform);
    if (!isUniform && (method.refetching || rule.subtractsSpread))
        return "levels that are not uniform have other distances for every value";
    return {};
}

std::string decodedKernels(Isa isa) {
    return "decoded copies, fixed point, " + std::string(nameOf(isa));
}

std::shared_ptr<EpochRunner> makeDecodedSgd(const Dataset& data, const SampleStore& store,
                                            std::span<const float> labels, std::size_t batch,
                                            const GradientMethod& method, ThreadTeam& team, Isa isa) {
    return std::make_shared<DecodedSgd>(data, store, labels, batch, method, team, isa);
}

} // namespace zipml
