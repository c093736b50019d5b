#include "core/solve/packed/decoded_sgd.h"

#include "core/estimate/refetching.h"
#include "core/estimate/score_block.h"
#include "core/kernels/column_kernels.h"
#include "core/kernels/double_row_kernels.h"
#include "core/kernels/prefetch.h"
#include "core/kernels/tile_kernels.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cmath>

namespace zipml {
namespace {

constexpr std::size_t kMostChunks = 16;         ///< of a batch's tiles: as many threads can share it
constexpr std::size_t kFewestTiles = 8;         ///< of a chunk
constexpr std::size_t kBlockBytes = 32U << 10U; ///< of planes: they stay in the cache between the passes
constexpr std::size_t kMostBlockTiles = PlaneTiles::kMost / kMostCopies;
constexpr std::size_t kMostBlockRows = kMostBlockTiles * kTileRows;

bool has(CopySet copies, int copy) {
    return (copies >> static_cast<unsigned>(copy) & 1U) != 0;
}

class DecodedSgd final : public MinibatchSgd {
  public:
    DecodedSgd(const Dataset& data, const SampleStore& store, LabelSets labels, std::size_t batch,
               const GradientMethod& method, ThreadTeam& team, Isa isa);

    [[nodiscard]] std::uint64_t rowsFetched(std::size_t model) const override { return fetched_[model]; }

  protected:
    void send(int thread, const Batch& batch) override;
    void addUp(int thread, const Batch& batch) override;
    void takeGradient(int thread, std::size_t model, const Batch& batch) override;

  private:
    struct Sums;
    /// A row that is to be read itself for a model, and what it is added to.
    struct Fetch {
        std::uint32_t row;
        std::size_t model;
        Sums* sums;
    };
    /// What a thread works in, a block of tiles at a time.
    struct Worker {
        IndexRange tiles{}; ///< of the batch
        CopyDecoder::Scratch scratch;
        std::vector<unsigned char> planes;
        std::vector<unsigned char> indices;     ///< of each copy, where they are read instead of planes
        std::vector<std::int32_t> products;     ///< of each plane and tile with all columns
        std::vector<std::int8_t> factorColumns; ///< of each plane that is added and each tile
        std::array<double, kMostBlockRows> sums;
        std::array<float, kMostBlockRows> scores[kMostCopies], factors[kMostCopies];
        std::array<float, kMostBlockRows> planeFactors;
        std::array<unsigned char, kMostBlockRows> fetches;
        std::vector<Fetch> listed, waiting; ///< of the last block, and of the one before
        std::vector<double> units;          ///< of each model's factors
        std::vector<double*> totals;
        std::vector<std::int8_t> ones;
        std::vector<std::int32_t> spreadSums;
    };
    /// What some tiles of a batch add up to, for one model.
    struct Sums {
        std::vector<double> codes; ///< factor * code, one a slot
        std::vector<double> exact; ///< of rows that were fetched
        double factorSum = 0, exactSlopes = 0;
        bool fetched = false;
    };
    struct Chunk {
        std::vector<Sums> models;
        std::vector<double> spreads; ///< u (k - u), the same for all models
    };
    /// Some tiles of the store, and which of their rows are the batch's.
    struct Block {
        std::size_t firstTile, tiles;
        IndexRange rows; ///< from the first tile's first row
        [[nodiscard]] std::size_t all() const { return tiles * kTileRows; }
    };
    /// Bytes that some copies' values are made of.
    struct ReadPlane {
        const BytePlane* plane; ///< null: the indices of one copy
        CopySet copies;
        double scale;
        ByteRange range;
        bool counts;
    };
    /// A model as sent.
    struct Sent {
        LinearParameters rounded;
        DigitNumbers weights{};
        double offset = 0; ///< of every score
        double radius = 0;
    };

    /// A thread's models.
    [[nodiscard]] IndexRange shareOf(int thread) const {
        const auto at = [&](int border) {
            return modelCount() * static_cast<std::size_t>(border) / static_cast<std::size_t>(threads());
        };
        return {at(thread), at(thread + 1)};
    }
    [[nodiscard]] std::size_t chunksOf(const Batch& batch) const {
        const std::size_t first = batch.first / kTileRows;
        const std::size_t tiles = TileLayout::tilesOf(batch.first + batch.rows) - first;
        return (tiles + chunkTiles_ - 1) / chunkTiles_;
    }
    void findPlanes();
    void findRadius(std::size_t model);
    [[nodiscard]] std::size_t tileBytes() const { return decoder_.lines() * kLineBytes; }
    [[nodiscard]] std::size_t slots() const { return 4 * decoder_.lines(); }
    [[nodiscard]] std::size_t columns() const { return kDigits * modelCount(); }
    [[nodiscard]] const unsigned char* bytesOf(const Worker& worker, const ReadPlane& plane,
                                               std::size_t tile) const;
    [[nodiscard]] PlaneTiles tilesOf(const Worker& worker, const ReadPlane& plane, std::size_t tiles) const;
    void runChunk(Worker& worker, Chunk& chunk, IndexRange tiles, const Batch& batch);
    void findIndices(Worker& worker, std::size_t tiles) const;
    void findProducts(Worker& worker, const Block& block) const;
    void findScores(Worker& worker, const Block& block, std::size_t model) const;
    void findFactors(Worker& worker, const Block& block, std::size_t model) const;
    void convertFactors(Worker& worker, const Block& block, std::size_t model, Sums& sums) const;
    void listFetched(Worker& worker, const Block& block, std::size_t model, Sums& sums) const;
    void addFetched(Worker& worker);
    void addBlock(Worker& worker, const Block& block, Chunk& chunk) const;
    void addSpreads(Worker& worker, const Block& block, Chunk& chunk) const;
    void subtractSpread(std::size_t model, std::span<const Chunk> chunks, IndexRange range);
    [[nodiscard]] const double* sentWeights(std::size_t model) const {
        return method().model.on() ? sent_[model].rounded.weights.data() : this->model(model).weights.data();
    }

    const Dataset& data_;
    const CopyDecoder decoder_;
    const CopyKernels& kernels_;
    const ColumnKernels& columnKernels_;
    const DoubleRowKernels& rowKernels_;
    const ScoreRule& rule_;
    const int copies_;
    const CopySet scored_, added_;
    const bool readsIndices_; ///< of each copy, instead of what they have in common and what they differ in
    std::vector<ReadPlane> planes_;
    std::size_t addedPlanes_ = 0;
    std::size_t blockTiles_, planeStride_, chunkTiles_;
    std::vector<float> slope_; ///< padded, as the next
    std::vector<double> middle_;
    std::vector<double> reach_;          ///< refetching: a value's distance from copy 0
    std::vector<double> size_;           ///< refetching: the largest |level|
    std::vector<double> zeros_;          ///< refetching: what is taken from the samples
    std::vector<std::uint64_t> fetched_; ///< rows of the epoch, of each model

    std::vector<Sent> sent_;
    std::vector<std::int8_t> modelColumns_;

    std::vector<Worker> workers_;
    std::vector<Chunk> chunks_;
    std::vector<double> codes_, spreads_, spreadScale_; ///< gathered, one a feature
};

DecodedSgd::DecodedSgd(const Dataset& data, const SampleStore& store, LabelSets labels, std::size_t batch,
                       const GradientMethod& method, ThreadTeam& team, Isa isa)
    : MinibatchSgd(store.grids().size(), std::move(labels), batch, method, team, isa), data_(data),
      decoder_(store, method, isa), kernels_(copyKernels(isa)), columnKernels_(columnKernels(isa)),
      rowKernels_(doubleRowKernels(isa)), rule_(method.estimator->scores), copies_(store.copies()),
      scored_(rule_.scored(copies_)), added_(rule_.added(copies_)), readsIndices_(decoder_.hasIndices()),
      slope_(decoder_.slope().begin(), decoder_.slope().end()), middle_(decoder_.middle()),
      fetched_(modelCount()), sent_(modelCount()), codes_(features()), spreads_(features()) {
    findPlanes();
    // A batch that does not begin with a tile has one more.
    const std::size_t tiles = TileLayout::tilesOf(std::min(batch, rows())) + 1;
    chunkTiles_ = std::max(kFewestTiles, (tiles + kMostChunks - 1) / kMostChunks);
    blockTiles_ = std::clamp<std::size_t>(kBlockBytes / (tileBytes() * decoder_.stored()), 2,
                                          std::min(chunkTiles_, kMostBlockTiles));
    planeStride_ = blockTiles_ * tileBytes();
    const std::size_t room = padded(features());
    slope_.resize(room);
    middle_.resize(room);
    modelColumns_.resize(room * columns());
    workers_.resize(static_cast<std::size_t>(threads()));
    for (Worker& worker : workers_) {
        worker.planes.resize(planeStride_ * decoder_.stored());
        if (readsIndices_)
            worker.indices.resize(planeStride_ * planes_.size());
        worker.products.resize(planes_.size() * blockTiles_ * columns() * kTileRows);
        worker.factorColumns.resize(addedPlanes_ * blockTiles_ * columns() * kTileRows);
        worker.units.resize(addedPlanes_ * modelCount());
        worker.totals.resize(modelCount());
        worker.ones.resize(kMostBlockRows);
    }
    chunks_.resize((tiles + chunkTiles_ - 1) / chunkTiles_);
    for (Chunk& chunk : chunks_) {
        chunk.models.resize(modelCount());
        for (Sums& sums : chunk.models) {
            sums.codes.resize(slots());
            if (method.refetching)
                sums.exact.resize(features());
        }
        if (rule_.subtractsSpread)
            chunk.spreads.resize(slots());
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

/// What is read of a block: an index for each copy where there is one, else planes as they are decoded.
void DecodedSgd::findPlanes() {
    const CopySet read = scored_ | added_;
    if (readsIndices_) {
        for (int copy = 0; copy < copies_; ++copy)
            if (has(read, copy))
                planes_.push_back({nullptr,
                                   CopySet{1} << static_cast<unsigned>(copy),
                                   1,
                                   {0xFF, static_cast<unsigned char>(decoder_.centre() * 2)},
                                   true});
    } else {
        for (const BytePlane& plane : decoder_.planes())
            if ((plane.copies & read) != 0)
                planes_.push_back(
                    {&plane, plane.copies, plane.scale, {plane.mask, plane.most}, plane.counts});
    }
    addedPlanes_ = static_cast<std::size_t>(std::ranges::count_if(
        planes_, [this](const ReadPlane& plane) { return (plane.copies & added_) != 0; }));
}

void DecodedSgd::send(int thread, const Batch& batch) {
    synchronize(); // the models are complete
    if (thread == 0 && batch.index == 0)
        std::ranges::fill(fetched_, 0);
    const auto [begin, end] = shareOf(thread);
    for (std::size_t m = begin; m < end; ++m) {
        Sent& sent = sent_[m];
        if (method().model.on()) {
            sent.rounded = model(m);
            method().model.round(sent.rounded.weights, stream(Purpose::ModelRounding), batch.index);
        }
        const double unit = batch.index == 0 ? 0 : sent.weights.next;
        sent.weights = loops().modelDigits(sentWeights(m), slope_.data(), middle_.data(), unit, features(),
                                           modelColumns_.data() + 4 * kDigits * m, 4 * columns());
        sent.offset = model(m).intercept + sent.weights.shared -
                      decoder_.centre() * sent.weights.unit * static_cast<double>(sent.weights.sum);
        if (method().refetching)
            findRadius(m);
    }
    synchronize();
}

/// How far scores at copy 0 are at most from those of the sample, the rounding of either included.
void DecodedSgd::findRadius(std::size_t index) {
    constexpr double kSlack = 1e-6; // of float32's scores
    const double* weights = sentWeights(index);
    double reach = 0;
    double size = 1 + std::abs(model(index).intercept);
    for (std::size_t f = 0; f < features(); ++f) {
        reach += reach_[f] * std::abs(weights[f]);
        size += size_[f] * std::abs(weights[f]);
    }
    const double digits = sent_[index].weights.unit / 2 * decoder_.centre() * static_cast<double>(features());
    sent_[index].radius = (1 + kSlack) * reach + kSlack * size + digits;
}

void DecodedSgd::addUp(int thread, const Batch& batch) {
    const std::size_t first = batch.first / kTileRows;
    const std::size_t tiles = TileLayout::tilesOf(batch.first + batch.rows) - first;
    const std::size_t chunks = chunksOf(batch);
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
}

void DecodedSgd::takeGradient(int thread, std::size_t model, const Batch& batch) {
    const auto used = std::span(chunks_).first(chunksOf(batch));
    const IndexRange range = featuresOf(thread);
    double factorSum = 0, exactSlopes = 0;
    const double* codes = used.front().models[model].codes.data() + range.begin;
    if (used.size() > 1) {
        double* total = codes_.data() + range.begin;
        std::fill_n(total, range.size(), 0.0);
        for (const Chunk& chunk : used)
            loops().subtractScaled(chunk.models[model].codes.data() + range.begin, -1, range.size(), total);
        codes = total;
    }
    for (const Chunk& chunk : used) {
        factorSum += chunk.models[model].factorSum;
        exactSlopes += chunk.models[model].exactSlopes;
    }
    loops().gradient(codes, decoder_.centre() * factorSum, 1, decoder_.slope().data() + range.begin,
                     decoder_.middle().data() + range.begin, factorSum, range.size(),
                     gradient() + range.begin);
    for (const Chunk& chunk : used)
        if (chunk.models[model].fetched)
            loops().subtractScaled(chunk.models[model].exact.data() + range.begin, -1, range.size(),
                                   gradient() + range.begin);
    if (rule_.subtractsSpread)
        subtractSpread(model, used, range);
    correct(range, batch.rows, sentWeights(model));
    if (thread == 0)
        interceptGradient_ = factorSum + exactSlopes;
}

void DecodedSgd::subtractSpread(std::size_t model, std::span<const Chunk> chunks, IndexRange range) {
    double* spreads = spreads_.data() + range.begin;
    std::fill_n(spreads, range.size(), 0.0);
    for (const Chunk& chunk : chunks)
        loops().subtractScaled(chunk.spreads.data() + range.begin, -1, range.size(), spreads);
    loops().products(spreads, spreadScale_.data() + range.begin, range.size(), spreads);
    loops().subtractProducts(spreads, sentWeights(model) + range.begin, 1, range.size(),
                             gradient() + range.begin);
}

void DecodedSgd::runChunk(Worker& worker, Chunk& chunk, IndexRange tiles, const Batch& batch) {
    for (Sums& sums : chunk.models) {
        std::ranges::fill(sums.codes, 0.0);
        sums.factorSum = sums.exactSlopes = 0;
        sums.fetched = false;
    }
    std::ranges::fill(chunk.spreads, 0.0);
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
        if (readsIndices_)
            findIndices(worker, count);
        findProducts(worker, block);
        for (std::size_t model = 0; model < modelCount(); ++model) {
            findScores(worker, block, model);
            findFactors(worker, block, model);
            if (method().refetching)
                listFetched(worker, block, model, chunk.models[model]);
            convertFactors(worker, block, model, chunk.models[model]);
        }
        addBlock(worker, block, chunk);
        if (rule_.subtractsSpread)
            addSpreads(worker, block, chunk);
        if (method().refetching)
            addFetched(worker);
    }
}

void DecodedSgd::findIndices(Worker& worker, std::size_t tiles) const {
    const unsigned char* low = worker.planes.data();
    for (std::size_t p = 0; p < planes_.size(); ++p)
        kernels_.raise(low, low + planeStride_, tiles * tileBytes(), std::countr_zero(planes_[p].copies),
                       worker.indices.data() + p * planeStride_);
}

const unsigned char* DecodedSgd::bytesOf(const Worker& worker, const ReadPlane& plane,
                                         std::size_t tile) const {
    const auto index = static_cast<std::size_t>(&plane - planes_.data());
    return (plane.plane == nullptr ? worker.indices.data() + index * planeStride_
                                   : worker.planes.data() + plane.plane->stored * planeStride_) +
           tile * tileBytes();
}

PlaneTiles DecodedSgd::tilesOf(const Worker& worker, const ReadPlane& plane, std::size_t tiles) const {
    PlaneTiles result{{}, tiles, decoder_.lines(), plane.range};
    for (std::size_t t = 0; t < tiles; ++t)
        result.at[t] = bytesOf(worker, plane, t);
    return result;
}

void DecodedSgd::findProducts(Worker& worker, const Block& block) const {
    std::int32_t* products = worker.products.data();
    for (const ReadPlane& plane : planes_)
        for (std::size_t tile = 0; tile < block.tiles; ++tile, products += columns() * kTileRows)
            if ((plane.copies & scored_) != 0)
                columnKernels_.dot(bytesOf(worker, plane, tile), decoder_.lines(), plane.range,
                                   modelColumns_.data(), columns(), products);
}

void DecodedSgd::findScores(Worker& worker, const Block& block, std::size_t model) const {
    const DigitNumbers& weights = sent_[model].weights;
    for (int copy = 0; copy < copies_; ++copy) {
        if (!has(scored_, copy))
            continue;
        const double shift = // half a level is what the middle of an interval is above its index
            copy == 0 ? decoder_.firstCopyShift() * weights.unit * static_cast<double>(weights.sum) : 0;
        double* scores = worker.sums.data();
        std::fill_n(scores, block.all(), sent_[model].offset + shift);
        const std::int32_t* products = worker.products.data() + kDigits * model * kTileRows;
        for (const ReadPlane& plane : planes_)
            for (std::size_t tile = 0; tile < block.tiles; ++tile, products += columns() * kTileRows)
                if (has(plane.copies, copy))
                    loops().addDigits(products, plane.scale * weights.unit, scores + tile * kTileRows);
        loops().toFloats(scores, block.all(), worker.scores[copy].data());
    }
}

void DecodedSgd::findFactors(Worker& worker, const Block& block, std::size_t model) const {
    std::array<const float*, kMostCopies> scores;
    std::array<float*, kMostCopies> factors;
    for (int copy = 0; copy < copies_; ++copy) {
        const auto c = static_cast<std::size_t>(copy);
        scores[c] = worker.scores[c].data() + block.rows.begin;
        factors[c] = worker.factors[c].data() + block.rows.begin;
        std::fill_n(worker.factors[c].data(), block.rows.begin, 0.0F); // rows of other batches
        std::fill(worker.factors[c].data() + block.rows.end, worker.factors[c].data() + block.all(), 0.0F);
    }
    if (method().refetching)
        std::ranges::fill(worker.fetches, static_cast<unsigned char>(0));
    const auto count = static_cast<std::size_t>(copies_);
    rule_.toFactors({method(),
                     labels(model).subspan(block.firstTile * kTileRows + block.rows.begin, block.rows.size()),
                     std::span(scores).first(count), std::span(factors).first(count),
                     static_cast<float>(sent_[model].radius), worker.fetches.data() + block.rows.begin});
}

/// The factors of each plane that is added, as columns. Indices of several copies share a unit, so that they
/// are added up together.
void DecodedSgd::convertFactors(Worker& worker, const Block& block, std::size_t model, Sums& sums) const {
    const std::size_t all = block.all();
    const std::size_t stride = columns() * kTileRows;
    std::int8_t* to = worker.factorColumns.data() + kDigits * model * kTileRows;
    float most = 0;
    if (readsIndices_)
        for (int copy = 0; copy < copies_; ++copy)
            if (has(added_, copy))
                most = std::max(most, loops().largest(worker.factors[copy].data(), all));
    std::size_t added = 0;
    for (const ReadPlane& plane : planes_) {
        const CopySet wanted = plane.copies & added_;
        if (wanted == 0)
            continue;
        const float* factors = worker.factors[std::countr_zero(wanted)].data();
        if (!std::has_single_bit(wanted)) {
            std::fill_n(worker.planeFactors.data(), all, 0.0F);
            for (int copy = 0; copy < copies_; ++copy)
                if (has(wanted, copy))
                    for (std::size_t row = 0; row < all; ++row)
                        worker.planeFactors[row] += worker.factors[copy][row];
            factors = worker.planeFactors.data();
        }
        const DigitNumbers digits = loops().factorDigits(
            factors, readsIndices_ ? most : loops().largest(factors, all), all, to, stride);
        worker.units[added * modelCount() + model] = plane.scale * digits.unit;
        if (plane.counts)
            sums.factorSum += digits.unit * static_cast<double>(digits.sum);
        to += block.tiles * stride;
        ++added;
    }
}

/// Lists the rows that copy 0 does not decide, and has them come while others are added.
void DecodedSgd::listFetched(Worker& worker, const Block& block, std::size_t model, Sums& sums) const {
    std::uint32_t rows[kMostBlockRows];
    std::size_t count = 0;
    for (std::size_t row = block.rows.begin; row < block.rows.end; ++row) {
        rows[count] = static_cast<std::uint32_t>(block.firstTile * kTileRows + row);
        count += worker.fetches[row];
    }
    for (const std::uint32_t row : std::span(rows).first(count)) {
        worker.listed.push_back({row, model, &sums});
        for (std::size_t f = 0; f < features(); f += kLineBytes / sizeof(float))
            fetchAhead(data_.row(row).data() + f, 0);
    }
}

/// The rows that were listed a block before.
void DecodedSgd::addFetched(Worker& worker) {
    for (const auto& [row, index, sums] : worker.waiting) {
        method().refetching->countFetch();
        std::atomic_ref(fetched_[index]).fetch_add(1, std::memory_order_relaxed);
        const float* values = data_.row(row).data();
        const double score =
            model(index).intercept + rowKernels_.score(values, zeros_.data(), sentWeights(index), features());
        const double slope = method().loss.slope(score, labels(index)[row]);
        if (slope == 0)
            continue;
        if (!sums->fetched)
            std::ranges::fill(sums->exact, 0.0);
        sums->fetched = true;
        rowKernels_.addRow(values, zeros_.data(), slope, features(), sums->exact.data());
        sums->exactSlopes += slope;
    }
    worker.waiting.clear();
    std::swap(worker.waiting, worker.listed);
}

void DecodedSgd::addBlock(Worker& worker, const Block& block, Chunk& chunk) const {
    for (std::size_t m = 0; m < modelCount(); ++m)
        worker.totals[m] = chunk.models[m].codes.data();
    const std::int8_t* factors = worker.factorColumns.data();
    const double* units = worker.units.data();
    PlaneTiles together{{}, 0, decoder_.lines(), {}};
    for (const ReadPlane& plane : planes_) {
        if ((plane.copies & added_) == 0)
            continue;
        const PlaneTiles tiles = tilesOf(worker, plane, block.tiles);
        if (readsIndices_) {
            std::copy_n(tiles.at, tiles.count, together.at + together.count);
            together.count += tiles.count;
            together.range = tiles.range;
            continue;
        }
        columnKernels_.addDigits(tiles, factors, modelCount(), units, worker.totals.data());
        factors += block.all() * columns();
        units += modelCount();
    }
    if (readsIndices_)
        columnKernels_.addDigits(together, factors, modelCount(), units, worker.totals.data());
}

/// u (k - u) of the batch's rows, u of the k roundings being the upper ones.
void DecodedSgd::addSpreads(Worker& worker, const Block& block, Chunk& chunk) const {
    const auto& planes = decoder_.planes();
    const auto& spread = *std::ranges::find_if(planes, &BytePlane::spreads);
    PlaneTiles tiles{{}, block.tiles, decoder_.lines(), {spread.mask, spread.most}};
    for (std::size_t t = 0; t < block.tiles; ++t)
        tiles.at[t] = worker.planes.data() + spread.stored * planeStride_ + t * tileBytes();
    std::fill_n(worker.ones.data(), block.all(), std::int8_t{0});
    std::fill_n(worker.ones.data() + block.rows.begin, block.rows.size(), std::int8_t{1});
    worker.spreadSums.resize(slots());
    std::int32_t* sums = worker.spreadSums.data();
    columnKernels_.add(tiles, worker.ones.data(), 1, &sums);
    loops().addScaled(sums, 1, slots(), chunk.spreads.data());
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

std::shared_ptr<MinibatchSgd> makeDecodedSgd(const Dataset& data, const SampleStore& store, LabelSets labels,
                                             std::size_t batch, const GradientMethod& method,
                                             ThreadTeam& team, Isa isa) {
    return std::make_shared<DecodedSgd>(data, store, std::move(labels), batch, method, team, isa);
}

} // namespace zipml
