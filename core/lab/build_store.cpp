#include "core/lab/build_store.h"

#include "core/base/file.h"
#include "core/data/deal.h"
#include "core/data/row_chunks.h"
#include "core/data/source_name.h"
#include "core/data/synthetic.h"
#include "core/data/task.h"
#include "core/lab/kernel_rules.h"
#include "core/lab/prepare.h"
#include "core/lab/rules.h"
#include "core/lab/store_rules.h"
#include "core/quant/build_grids.h"
#include "core/quant/range_stretch.h"
#include "core/quant/row_sample.h"
#include "core/quant/tile_builder.h"
#include "core/solve/second_moment.h"
#include "core/solve/sgd.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <set>

namespace zipml {
namespace {

/// The rows of a file or of a generated set, as often as they are asked for.
class RowScan {
  public:
    explicit RowScan(const RunSpec& spec, const Job& job) : spec_(spec) {
        if (const auto synthetic = parseSynthetic(spec.data.source))
            generated_ = generate(*synthetic, job).train;
        else if (std::filesystem::exists(spec.data.source) &&
                 !std::filesystem::is_regular_file(spec.data.source) &&
                 !std::filesystem::is_directory(spec.data.source))
            throw InputError(spec.data.source + ": is no regular file; a store's data is read twice");
    }

    /// @param found by an earlier pass; null: this is the first
    /// @param restart the rows come again, from the first
    /// @return as scanData
    LoadedData pass(const LoadedData* found, const std::function<void(const RowBlock&)>& visit,
                    const std::function<void()>& restart, const Job& job) const {
        if (generated_.rows > 0) {
            const std::vector<double> labels(generated_.labels.begin(), generated_.labels.end());
            visit({0, generated_.rows, generated_.features, generated_.values, labels, {}});
            LoadedData generated;
            generated.data = {generated_.name,        generated_.rows, generated_.features, {}, {},
                              generated_.featureNames};
            generated.options = spec_.data.load;
            return generated;
        }
        LoadContext context;
        context.threads = spec_.threads;
        context.offsets = allowsOffsets(spec_.data.scaling, spec_.intercept);
        context.training = found == nullptr ? nullptr : found->data.schema.get();
        context.trainingFile = true;
        const LoadOptions& options = found == nullptr ? spec_.data.load : found->options;
        LoadedData scanned = scanData(spec_.data.source, options, context, visit, restart, job);
        if (!scanned.hasLabels)
            throw InputError(spec_.data.source + ": has no label to learn; choose one with --label-column");
        return scanned;
    }

  private:
    const RunSpec& spec_;
    Dataset generated_;
};

/// What a store's levels are held against; empty where there is nothing to compare.
struct OtherGrids {
    std::vector<Grid> uniform; ///< where the store's are not
    std::vector<Grid> exact;   ///< where the store's are on fine steps
};

/// Pass 1.
class Survey {
  public:
    Survey(const RunSpec& spec, const BuildMemory& memory)
        : spec_(spec),
          sample_(memory.sampleRows,
                  (spec.sharedGrid ? memory.sharedSampleBytes : memory.sampleBytes) / sizeof(float),
                  spec.seed) {}

    void add(const RowBlock& block) {
        for (const double label : block.labels)
            if (labels_.size() < 3 || label < *labels_.begin() || label > *labels_.rbegin())
                addLabel(label);
        stretch_.add(block.values, block.rows, block.features);
        if (spec_.grid.kind != GridKind::Uniform)
            sample_.add(block.values, block.rows, block.features);
        if (spec_.data.scaling != ScalingKind::RowUnit) {
            range_.add(block.values, block.rows, block.features);
            return;
        }
        unit_.assign(block.values.begin(),
                     block.values.end()); // scaled row by row: their range can be had now
        for (std::size_t row = 0; row < block.rows; ++row)
            Scaling{ScalingKind::RowUnit, {}, {}}.apply(
                std::span(unit_).subspan(row * block.features, block.features));
        range_.add(unit_, block.rows, block.features);
    }

    /// @param found the pass's result
    [[nodiscard]] StoreHeader header(const LoadedData& found, ThreadTeam& team, const Job& job) {
        const Dataset& data = found.data;
        StoreHeader header;
        header.rows = data.rows;
        header.dataName = data.name;
        header.featureNames = data.featureNames;
        header.schema = data.schema;
        Dataset few;
        few.name = data.name;
        few.rows = labels_.size();
        for (const double label : labels_)
            few.exactLabels.push_back(label - data.labelOffset());
        few.schema = data.schema;
        const bool classes = !spec_.data.task && needsTwoClasses(spec_.loss);
        header.task = detectTask(few, classes ? std::optional(Task::Classification) : spec_.data.task);
        if (header.task == Task::Classification) {
            header.classLabels = {*labels_.begin(), *labels_.rbegin()};
            const auto all = data.schema == nullptr ? std::vector<std::string>{} : data.schema->classNames();
            for (const double label : all.empty() ? std::vector<double>{} : header.classLabels)
                header.classNames.push_back(all[static_cast<std::size_t>(label)]);
        }
        if (header.task == Task::Classification)
            requireNoConflict(
                {.spec = spec_, .packs = true, .dataName = data.name, .classes = labels_.size()});
        header.scaling = range_.fit(spec_.data.scaling, data.schema == nullptr ? std::span<const double>()
                                                                               : data.schema->offsets);
        const Estimator& estimator = estimatorOf(spec_.estimator);
        header.options = {spec_.bits, copiesOf(spec_), estimator.rounding, spec_.seed};
        header.grids = placeGrids(header, team, job);
        RunSpec kept = spec_;
        kept.threads = 0; // which change nothing
        kept.data.load = found.options;
        header.spec = withNamesOnly(toJson(kept));
        return header;
    }

    /// After header().
    [[nodiscard]] const OtherGrids& others() const { return others_; }
    /// After header().
    [[nodiscard]] const ArithmeticChoice& arithmetic() const { return arithmetic_; }
    [[nodiscard]] std::vector<std::string> warnings(const std::vector<std::string>& names) const {
        return stretch_.warnings(names, {});
    }

  private:
    /// Keeps the least, the greatest and one between: enough to tell how many there are.
    void addLabel(double label) {
        labels_.insert(label);
        if (labels_.size() > 3)
            labels_.erase(std::next(labels_.begin()));
    }

    /// As a run in memory takes it.
    void chooseArithmetic(const StoreHeader& header, std::span<const Grid> grids) {
        Dataset shape; // of no values
        shape.rows = header.rows;
        shape.features = grids.size();
        arithmetic_ = arithmeticOf({.spec = spec_, .packs = true, .train = &shape, .grids = grids});
    }

    std::vector<Grid> placeGrids(StoreHeader& header, ThreadTeam& team, const Job& job) {
        header.levelRows = header.rows;
        std::vector<float> low(range_.low().begin(), range_.low().end());
        std::vector<float> high(range_.high().begin(), range_.high().end());
        if (spec_.data.scaling != ScalingKind::RowUnit)
            for (auto* ends : {&low, &high}) // scaling keeps the order of values
                header.scaling.apply(*ends);
        auto uniform = uniformGrids(low, high, 1U << static_cast<unsigned>(spec_.bits), spec_.sharedGrid);
        if (spec_.grid.kind == GridKind::Uniform) {
            chooseArithmetic(header, uniform);
            return uniform;
        }
        others_.uniform = std::move(uniform);
        Dataset sample = sample_.take();
        header.levelRows = sample.rows;
        applyScaling(header.scaling, sample);
        auto exact = buildGrids(sample, spec_.grid, spec_.bits, spec_.sharedGrid, team, job);
        chooseArithmetic(header, exact);
        if (arithmetic_.taken != Arithmetic::Integer)
            return exact;
        others_.exact = std::move(exact);
        return buildGrids(sample, spec_.grid, spec_.bits, spec_.sharedGrid, team, job,
                          LevelPlaces::FineSteps);
    }

    const RunSpec& spec_;
    std::set<double> labels_;
    ScalingFit range_;
    RangeStretch stretch_;
    RowSample sample_;
    OtherGrids others_;
    ArithmeticChoice arithmetic_;
    std::vector<float> unit_;
};

double meanOf(std::span<const double> numbers) {
    return std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
}

/// Rows that are dealt together.
std::size_t rowsPerBuffer(std::size_t features, std::size_t bytes) {
    const std::size_t rows = bytes / sizeof(float) / features;
    const std::size_t unit = rows >= rowsPerSum(features) ? rowsPerSum(features) : kTileRows;
    return std::max<std::size_t>(rows / unit, 1) * unit;
}

/// A uniformly random choice of the rows: those that a run in memory takes its step from.
std::vector<std::uint32_t> chooseKept(const StoreHeader& header) {
    auto rows = stepRows(header.rows, header.options.seed);
    rows.resize(header.keptRows);
    return rows;
}

/// Takes the rows that are kept unrounded from those that pass by.
class RowKeeper {
  public:
    RowKeeper(std::vector<std::uint32_t> numbers, std::size_t features) : places_(numbers.size()) {
        std::iota(places_.begin(), places_.end(), std::size_t{0});
        std::ranges::sort(places_, {}, [&](std::size_t place) { return numbers[place]; });
        kept_.values.resize(numbers.size() * features);
        kept_.numbers = std::move(numbers);
    }
    /// The next rows. @param first the number of their first
    void add(const Dataset& rows, std::size_t first) {
        for (; next_ < places_.size(); ++next_) {
            const std::size_t row = kept_.numbers[places_[next_]] - first;
            if (row >= rows.rows)
                return;
            std::ranges::copy(rows.row(row), kept_.values.begin() +
                                                 static_cast<std::ptrdiff_t>(places_[next_] * rows.features));
        }
    }
    [[nodiscard]] const KeptRows& rows() const { return kept_; }

  private:
    std::vector<std::size_t> places_; ///< in the choice, by the rows' numbers
    std::size_t next_ = 0;
    KeptRows kept_;
};

/// Pass 2.
class Packer {
  public:
    Packer(const StoreHeader& header, const OtherGrids& others, std::size_t bufferRows,
           const std::filesystem::path& file, ThreadTeam& team, const Job& job)
        : header_(header), team_(team), job_(job), layout_(header.layout()),
          builder_(header.grids, header.options, layout_, 0), variance_(header.grids),
          uniformVariance_(others.uniform), exactVariance_(others.exact), read_(header.features(), false),
          keeper_(chooseKept(header), header.features()), writer_(header, file), bufferRows_(bufferRows) {
        buffer_.name = header.dataName;
        buffer_.features = header.features();
        begin(0);
        codes_.resize(TileLayout::tilesOf(buffer_.rows) * layout_.tileBytes());
    }

    void add(const RowBlock& block) {
        if (!block.weights.empty())
            throw InputError(header_.dataName +
                             ": its rows have weights, which a store does not hold; train on "
                             "the file itself, or leave the weights out with --ignore");
        if (block.features != header_.features() || firstRow_ + filled_ + block.rows > header_.rows)
            throw InputError(header_.dataName + ": changed while it was being read; start again");
        for (std::size_t row = 0; row < block.rows; ++row) {
            const std::size_t to = placeOf_.empty() ? filled_ : placeOf_[filled_];
            std::ranges::copy(block.values.subspan(row * block.features, block.features),
                              buffer_.row(to).begin());
            if (std::ranges::any_of(buffer_.row(to), [](float value) { return std::isnan(value); }))
                throw InputError(
                    header_.dataName + ": row " + std::to_string(block.firstRow + row + 1) +
                    " has a missing value, and a store is built in one go; use --missing drop or "
                    "constant:X, or train on the file itself");
            buffer_.exactLabels[to] = block.labels[row];
            buffer_.labels[to] = static_cast<float>(block.labels[row]);
            if (++filled_ == buffer_.rows)
                flush();
        }
    }

    /// Completes the file, and what is known of it.
    void finish(const GridSpec& spec, BuiltStore& built) {
        if (firstRow_ != header_.rows)
            throw InputError(header_.dataName + ": changed while it was being read; start again");
        const auto rows = static_cast<double>(header_.rows);
        moments_.variance = variance_.mean();
        moments_.exact.mean /= rows;
        moments_.exact.meanSquare /= rows;
        const SampleMoments read = read_.means();
        moments_.square.assign(read.square.begin() + 1, read.square.end());
        moments_.read = {read.squared, read.fourth, read.longest};
        built.meanVariance = meanOf(moments_.variance);
        const int bits = header_.options.bits;
        built.levels = levelUseOf(header_.grids, bits);
        if (const auto uniform = uniformVariance_.mean(); !uniform.empty()) {
            const auto lines = checkLevels(header_.grids, spec, bits, moments_.variance, uniform,
                                           header_.featureNames, header_.levelRows == header_.rows);
            built.notes.insert(built.notes.end(), lines.begin(), lines.end());
        }
        if (const auto exact = exactVariance_.mean(); !exact.empty())
            built.exactMeanVariance = meanOf(exact);
        built.fileBytes = writer_.finish(moments_, keeper_.rows());
    }

  private:
    void begin(std::size_t row) {
        const auto number = static_cast<std::uint32_t>(row / bufferRows_);
        firstRow_ = row;
        filled_ = 0;
        buffer_.rows = std::min(bufferRows_, header_.rows - row);
        buffer_.values.resize(buffer_.rows * buffer_.features);
        buffer_.labels.resize(buffer_.rows);
        buffer_.exactLabels.resize(buffer_.rows);
        if (header_.dealtRows == 0)
            return;
        const auto order = dealtOrder(buffer_.rows, number);
        placeOf_.resize(order.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            placeOf_[order[i]] = static_cast<std::uint32_t>(i);
    }

    void flush() {
        if (!header_.classLabels.empty())
            mapLabels(buffer_, header_.classLabels);
        scaleRows();
        for (RoundingVariance* each : {&variance_, &uniformVariance_, &exactVariance_})
            if (!each->empty())
                each->add(buffer_, team_, job_);
        read_.add(buffer_, header_.grids, header_.options.rounding, team_, job_);
        keeper_.add(buffer_, firstRow_);
        const std::size_t tiles = TileLayout::tilesOf(buffer_.rows);
        const std::size_t chunkTiles = rowsPerChunk(buffer_.features) / kTileRows;
        team_.forEachChunk((tiles + chunkTiles - 1) / chunkTiles, [&](std::size_t chunk) {
            job_.checkpoint();
            for (std::size_t tile = chunk * chunkTiles; tile < std::min(tiles, (chunk + 1) * chunkTiles);
                 ++tile) {
                unsigned char* to = codes_.data() + tile * layout_.tileBytes();
                std::fill_n(to, layout_.tileBytes(), static_cast<unsigned char>(0)); // planes are added up
                builder_.build(buffer_, tile, to, firstRow_);
            }
        });
        writer_.add(buffer_.labels, std::span(codes_).first(tiles * layout_.tileBytes()));
        begin(firstRow_ + buffer_.rows);
    }

    void scaleRows() {
        struct Norms {
            double squared = 0, fourth = 0, largest = 0;
        };
        const std::size_t chunkRows = rowsPerChunk(buffer_.features);
        std::vector<Norms> parts((buffer_.rows + chunkRows - 1) / chunkRows);
        team_.forEachChunk(parts.size(), [&](std::size_t chunk) {
            Norms norms;
            for (std::size_t r = chunk * chunkRows; r < std::min(buffer_.rows, (chunk + 1) * chunkRows);
                 ++r) {
                const auto row = buffer_.row(r);
                if (header_.scaling.kind != ScalingKind::None)
                    header_.scaling.apply(row);
                double squared = 0;
                for (const float value : row)
                    squared += double{value} * value;
                norms.squared += squared;
                norms.fourth += squared * squared;
                norms.largest = std::max(norms.largest, squared);
            }
            parts[chunk] = norms;
        });
        for (const Norms& part : parts) {
            moments_.exact.mean += part.squared; // sums until finish()
            moments_.exact.meanSquare += part.fourth;
            moments_.exact.largest = std::max(moments_.exact.largest, part.largest);
        }
    }

    const StoreHeader& header_;
    ThreadTeam& team_;
    const Job& job_;
    const TileLayout layout_;
    Dataset buffer_;
    TileBuilder builder_;
    RoundingVariance variance_, uniformVariance_, exactVariance_;
    MomentSums read_;
    RowKeeper keeper_;
    StoreWriter writer_;
    StoreMoments moments_;
    const std::size_t bufferRows_;
    std::size_t firstRow_ = 0, filled_ = 0;
    std::vector<std::uint32_t> placeOf_; ///< each of the buffer's rows; empty: as they come
    std::vector<unsigned char> codes_;
};

/// A store that no run would train on is no use, and may take hours to pack.
/// @return what a run on it has to choose otherwise than `spec` does. @throws ConflictError where nothing helps
std::vector<std::string> requireTrainedOn(const RunSpec& spec, const StoreHeader& header) {
    const Situation at{.spec = spec, .store = &header, .storeSpec = &spec};
    std::vector<Conflict> conflicts;
    addConflicts(storeRules(), at, conflicts);
    std::vector<std::string> notes;
    for (const Conflict& conflict : conflicts) {
        if (conflict.key != "data")
            continue;
        const std::string why = whyNotPacked(kernelTaskOf(at)) + "; " + conflict.remedy;
        if (conflict.remedy.starts_with("pack")) { // again, in another way
            RunSpec repaired = spec;
            conflict.repair(repaired);
            throw ConflictError("data: no run would train on this store, because " + why, repaired);
        }
        notes.push_back("a run on this store needs other settings, because " + why);
    }
    return notes;
}

} // namespace

BuiltStore buildStoreFile(const RunSpec& spec, const std::filesystem::path& file, const Job& job,
                          const BuildMemory& memory) {
    validate(spec);
    requireNoConflict({.spec = spec, .packs = true});
    checkWritable(file);
    StoreHeader planned; // what is known before the data are read
    planned.options = {spec.bits, copiesOf(spec), estimatorOf(spec.estimator).rounding, spec.seed};
    (void)requireTrainedOn(spec, planned);
    ThreadTeam team(spec.threads);
    BuiltStore built;
    OtherGrids others;
    const RowScan rows(spec, job);
    {
        std::optional<Survey> survey(std::in_place, spec, memory);
        const Job pass = partOf(job, 0.0, 0.45);
        built.found = rows.pass(
            nullptr, [&](const RowBlock& block) { survey->add(block); },
            [&] { survey.emplace(spec, memory); }, pass);
        if (built.found.data.rows > std::numeric_limits<std::uint32_t>::max())
            throw InputError(built.found.data.name + ": has more than 4,294,967,295 rows; split it");
        built.header = survey->header(built.found, team, job);
        built.notes = survey->warnings(built.header.featureNames);
        others = survey->others();
        built.arithmetic = survey->arithmetic();
    }
    StoreHeader& header = built.header;
    for (std::string& note : requireTrainedOn(spec, header))
        built.notes.push_back(std::move(note));
    const std::size_t bufferRows = rowsPerBuffer(header.features(), memory.bufferBytes);
    header.dealtRows = spec.sgd.order == RowOrder::Shuffled ? std::min(bufferRows, header.rows) : 0;
    const std::size_t mostKept = memory.keptBytes / sizeof(float) / header.features();
    header.keptRows = std::min({header.rows, kStepRows, std::max(mostKept, kFewestKeptRows)});
    Packer packer(header, others, bufferRows, file, team, job);
    const Job pass = partOf(job, 0.45, 1.0);
    rows.pass(
        &built.found, [&](const RowBlock& block) { packer.add(block); },
        [&] { throw InputError(header.dataName + ": changed while it was being read; start again"); }, pass);
    packer.finish(spec.grid, built);
    return built;
}

} // namespace zipml
