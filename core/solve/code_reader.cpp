#include "core/solve/code_reader.h"

#include "core/kernels/tile_tail.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

constexpr std::size_t kPlaneLineFeatures = 32; ///< of a line of one bit a value
constexpr std::size_t kTableEntries = 16;
constexpr std::size_t kJoinedLines = 4; ///< lines of 4-bit codes that a line of planes becomes

/// Reads tiles as they are; a subclass knows where they are.
std::uintptr_t addressOf(const unsigned char* at) {
    return reinterpret_cast<std::uintptr_t>(at);
}

class PackedReader : public CodeReader {
  public:
    PackedReader(std::size_t rows, std::span<const Grid> grids, const StoreOptions& options)
        : layout_(SampleStore::layoutOf(grids.size(), options)) {
        for (const TilePart& part : layout_.parts())
            parts_.push_back(
                {part, static_cast<double>(std::uint64_t{1} << static_cast<unsigned>(part.shift))});
        if (std::ranges::any_of(grids, [](const Grid& grid) { return !grid.isUniform(); }))
            makeTables(grids);
        else
            setUniform(grids, options.copies);
        copies_ = options.copies;
        rows_ = rows;
        seed_ = options.seed;
    }

    void prepare(std::size_t, std::size_t, std::size_t) override {}

    [[nodiscard]] PartView view(std::size_t index, std::size_t batchTile, std::size_t begin,
                                std::size_t nextTile) const override {
        const std::size_t stride = layout_.tileBytes();
        const TilePart& part = parts_[index].part;
        return {tile(batchTile + begin) + part.offset, stride, part.lines,
                layout_.features() - part.lines * part.lineFeatures(), (nextTile - batchTile) * stride};
    }

    [[nodiscard]] const unsigned char* odd(std::size_t index) const override {
        return tile(index) + parts_.back().part.offset;
    }

    [[nodiscard]] std::optional<LevelTables> tables() const override {
        if (lowBytes_.empty())
            return std::nullopt;
        return LevelTables{lowBytes_.data(), highBytes_.data()};
    }

  protected:
    [[nodiscard]] virtual const unsigned char* tile(std::size_t index) const = 0;

  private:
    /// A level as a number of steps, 65,535 of which are the feature's range (Grid::onFineSteps).
    void makeTables(std::span<const Grid> grids) {
        const CodePart part = parts_.front();
        lowBytes_.resize(kTableEntries * part.slots());
        highBytes_.resize(kTableEntries * part.slots());
        for (std::size_t f = 0; f < grids.size(); ++f) {
            const double range = grids[f].high() - grids[f].low();
            slope_.push_back(range / Grid::kFineSteps);
            middle_.push_back((grids[f].low() + grids[f].high()) / 2);
            for (std::uint32_t i = 0; i < grids[f].levels() && range > 0; ++i) {
                const auto steps =
                    static_cast<std::uint32_t>(std::lround((grids[f].level(i) - grids[f].low()) / slope_[f]));
                const std::size_t entry = kTableEntries * part.slot(f) + i;
                lowBytes_[entry] = static_cast<unsigned char>(steps);
                highBytes_[entry] = static_cast<unsigned char>(steps >> 8U);
            }
        }
        centre_ = Grid::kFineSteps / 2;
        parts_ = {part, part};
        parts_[1].scale = 256;
    }

    TileLayout layout_;
    std::vector<unsigned char> lowBytes_, highBytes_;
};

class MemoryReader final : public PackedReader {
  public:
    explicit MemoryReader(const SampleStore& store)
        : PackedReader(store.rows(), store.grids(), store.options()), store_(store) {}

  protected:
    [[nodiscard]] const unsigned char* tile(std::size_t index) const override { return store_.tile(index); }

  private:
    const SampleStore& store_;
};

class FileReader final : public PackedReader {
  public:
    explicit FileReader(const StoreFile& file)
        : PackedReader(file.header().rows, file.header().grids, file.header().options), window_(file) {}

    void enter(TileRange now, TileRange next) override {
        window_.move(now.begin, now.end, next.begin, next.end);
    }

  protected:
    [[nodiscard]] const unsigned char* tile(std::size_t index) const override { return window_.tile(index); }

  private:
    TileWindow window_;
};

/// Joins the planes of a batch to 4-bit codes, low and high ones, in a buffer that stays in the cache.
class AnyPrecisionReader final : public CodeReader {
  public:
    AnyPrecisionReader(const AnyPrecisionStore& store, int bits, std::size_t batch, Isa isa)
        : store_(store), bits_(bits), join_(weaveKernels(isa).join),
          wholeLines_(store.features() / kPlaneLineFeatures),
          lines_((store.features() + kPlaneLineFeatures - 1) / kPlaneLineFeatures),
          tileBytes_(lines_ * kJoinedLines * kLineBytes) {
        setUniform(store.gridsAt(bits), store.options().copies);
        copies_ = store.options().copies;
        rows_ = store.rows();
        seed_ = store.options().seed;
        const std::size_t tiles = TileLayout::tilesOf(std::min(batch, rows_));
        const double unit = copies_ == 2 ? 2 : 1; // two copies count the lowest bit apart
        const auto joined = [&](double scale) {
            return CodePart{{4, 0, 0, lines_ * kJoinedLines}, scale, true, store.features()};
        };
        low_ = PageBuffer(tiles * tileBytes_);
        parts_.push_back(joined(unit));
        if (bits > 4) {
            high_ = PageBuffer(tiles * tileBytes_);
            parts_.push_back(joined(16 * unit));
        }
        if (copies_ == 2)
            parts_.push_back({store.layout().parts()[0], 1});
    }

    void prepare(std::size_t batchTile, std::size_t begin, std::size_t end) override {
        for (std::size_t tile = begin; tile < end; ++tile) {
            Planes planes{};
            planes.count = bits_ - 1;
            for (int digit = 1; digit < bits_; ++digit)
                planes.digits[bits_ - 1 - digit] = store_.digit(digit, batchTile + tile);
            planes.up = store_.up(bits_, batchTile + tile);
            unsigned char* low = low_.data() + tile * tileBytes_;
            unsigned char* high = bits_ > 4 ? high_.data() + tile * tileBytes_ : nullptr;
            join_(planes, wholeLines_, low, high);
            if (lines_ > wholeLines_)
                joinTail(planes, low, high);
        }
    }

    [[nodiscard]] PartView view(std::size_t index, std::size_t batchTile, std::size_t begin,
                                std::size_t nextTile) const override {
        if (copies_ == 2 && index + 1 == parts_.size()) {
            const TilePart& part = parts_[index].part;
            const std::size_t stride = store_.layout().tileBytes();
            return {odd(batchTile + begin), stride, part.lines,
                    store_.features() - part.lines * part.lineFeatures(), (nextTile - batchTile) * stride};
        }
        const PageBuffer& codes = index == 0 ? low_ : high_;
        PartView view{codes.data() + begin * tileBytes_, tileBytes_, parts_[index].part.lines, 0};
        if (index == 0) {
            // The planes of what is joined next: memory works while the joined codes are being used.
            view.streamStride = store_.layout().tileBytes();
            const std::size_t skipped = (nextTile + begin - batchTile) * view.streamStride;
            for (int digit = 1; digit < bits_; ++digit)
                view.streams[view.streamCount++] = addressOf(store_.digit(digit, batchTile)) + skipped;
            view.streams[view.streamCount++] = addressOf(store_.up(bits_, batchTile)) + skipped;
        }
        return view;
    }

    [[nodiscard]] const unsigned char* odd(std::size_t tile) const override {
        return store_.odd(bits_, tile);
    }

  private:
    void joinTail(const Planes& planes, unsigned char* low, unsigned char* high) const {
        const std::size_t features = store_.features() - wholeLines_ * kPlaneLineFeatures;
        const std::size_t at = wholeLines_ * kLineBytes;
        unsigned char lines[8][kLineBytes];
        Planes tail = planes;
        for (int i = 0; i < planes.count; ++i) {
            expandTail(1, planes.digits[i] + at, features, lines[i]);
            tail.digits[i] = lines[i];
        }
        expandTail(1, planes.up + at, features, lines[7]);
        tail.up = lines[7];
        join_(tail, 1, low + kJoinedLines * at, high == nullptr ? nullptr : high + kJoinedLines * at);
    }

    const AnyPrecisionStore& store_;
    int bits_;
    void (*join_)(const Planes&, std::size_t, unsigned char*, unsigned char*);
    std::size_t wholeLines_, lines_, tileBytes_;
    PageBuffer low_, high_;
};

} // namespace

void CodeReader::setUniform(std::span<const Grid> grids, int copies) {
    std::uint32_t mostLevels = 1; // fewer where a feature is constant
    for (const Grid& grid : grids) {
        mostLevels = std::max(mostLevels, grid.levels());
        slope_.push_back(grid.levels() > 1 ? grid.gap() / copies : 0.0);
        middle_.push_back((grid.low() + grid.high()) / 2);
    }
    centre_ = copies * (mostLevels - 1) / 2.0;
}

std::size_t CodePart::slot(std::size_t feature) const {
    if (!woven)
        return part.slot(feature);
    // A byte's bit g in a line of planes, or in its tail, goes to line g % 4 of 4, nibble g / 4.
    const std::size_t line = feature / kPlaneLineFeatures;
    const std::size_t index = feature % kPlaneLineFeatures;
    const bool tail = (line + 1) * kPlaneLineFeatures > features;
    const std::size_t group = tail ? index % 8 : index / 4;
    const std::size_t byte = tail ? index / 8 : index % 4;
    return line * kPlaneLineFeatures + 8 * (group % 4) + 4 * (group / 4) + byte;
}

std::unique_ptr<CodeReader> readerOf(const SampleStore& store) {
    return std::make_unique<MemoryReader>(store);
}

std::unique_ptr<CodeReader> readerOf(const StoreFile& file) {
    return std::make_unique<FileReader>(file);
}

std::unique_ptr<CodeReader> readerOf(const AnyPrecisionStore& store, int bits, std::size_t batch, Isa isa) {
    return std::make_unique<AnyPrecisionReader>(store, bits, batch, isa);
}

} // namespace zipml
