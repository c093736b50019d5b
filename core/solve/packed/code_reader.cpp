#include "core/solve/packed/code_reader.h"

#include "core/kernels/tile_tail.h"

#include <algorithm>
#include <cmath>

namespace zipml {
namespace {

constexpr std::size_t kPlaneLineFeatures = 32; ///< of a line of one bit a value
constexpr std::size_t kTableEntries = 16;
constexpr std::size_t kJoinedLines = 4; ///< lines of 4-bit codes that a line of planes becomes

std::uintptr_t addressOf(const unsigned char* at) {
    return reinterpret_cast<std::uintptr_t>(at);
}

/// Reads tiles as they are; a subclass knows where they are.
class PackedReader : public CodeReader {
  public:
    PackedReader(std::span<const Grid> grids, const StoreOptions& options)
        : layout_(SampleStore::layoutOf(grids.size(), options)) {
        for (const TilePart& part : layout_.parts())
            parts_.push_back(
                {part, static_cast<double>(std::uint64_t{1} << static_cast<unsigned>(part.shift))});
        if (std::ranges::any_of(grids, [](const Grid& grid) { return !grid.isUniform(); }))
            makeTables(grids);
        else
            setUniform(grids, options.copies);
        copies_ = options.copies;
        seed_ = options.seed;
    }

    void read(TileRange tiles, CodeBlock& block) const override {
        block.views.clear();
        for (const CodePart& each : parts_)
            block.views.push_back({tile(tiles.begin) + each.part.offset, layout_.tileBytes(), each.part.lines,
                                   layout_.features() - each.part.lines * each.part.lineFeatures()});
    }

    [[nodiscard]] std::size_t tileBytes() const override { return layout_.tileBytes(); }

    [[nodiscard]] FetchList placesOf(TileRange tiles, std::size_t entered) const override {
        FetchList places;
        places.add(addressOf(tile(entered)) + (tiles.begin - entered) * layout_.tileBytes(),
                   tiles.size() * layout_.tileBytes());
        return places;
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
    /// A level as a number of steps, 65,535 of which are the feature's range.
    void makeTables(std::span<const Grid> grids) {
        const CodePart part = parts_.front();
        lowBytes_.resize(kTableEntries * part.slotCount());
        highBytes_.resize(kTableEntries * part.slotCount());
        for (std::size_t f = 0; f < grids.size(); ++f) {
            const double range = grids[f].high() - grids[f].low();
            slope_.push_back(range / Grid::kFineSteps);
            middle_.push_back((grids[f].low() + grids[f].high()) / 2);
            for (std::uint32_t i = 0; i < grids[f].levels() && range > 0; ++i) {
                const auto steps = static_cast<std::uint32_t>(grids[f].fineStep(i));
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
        : PackedReader(store.grids(), store.options()), store_(store) {}

    [[nodiscard]] std::uint64_t version() const override { return store_.version(); }

  protected:
    [[nodiscard]] const unsigned char* tile(std::size_t index) const override { return store_.tile(index); }

  private:
    const SampleStore& store_;
};

class FileReader final : public PackedReader {
  public:
    explicit FileReader(const StoreFile& file)
        : PackedReader(file.header().grids, file.header().options), window_(file) {}

    void enter(TileRange now, TileRange next) override {
        window_.move(now.begin, now.end, next.begin, next.end);
    }

  protected:
    [[nodiscard]] const unsigned char* tile(std::size_t index) const override { return window_.tile(index); }

  private:
    TileWindow window_;
};

/// Joins the planes of a block to 4-bit codes, low and high ones, in buffers that stay in the cache.
class AnyPrecisionReader final : public CodeReader {
  public:
    AnyPrecisionReader(const AnyPrecisionStore& store, int bits, Isa isa)
        : store_(store), bits_(bits), kernels_(weaveKernels(isa)),
          wholeLines_(store.features() / kPlaneLineFeatures),
          lines_((store.features() + kPlaneLineFeatures - 1) / kPlaneLineFeatures),
          tileBytes_(lines_ * kJoinedLines * kLineBytes) {
        setUniform(store.gridsAt(bits), store.options().copies);
        copies_ = store.options().copies;
        seed_ = store.options().seed;
        const double unit = copies_ == 2 ? 2 : 1; // two copies count the lowest bit apart
        const auto joined = [&](double scale) {
            return CodePart{{4, 0, 0, lines_ * kJoinedLines}, scale, true, store.features()};
        };
        parts_.push_back(joined(unit));
        if (bits > 4)
            parts_.push_back(joined(16 * unit));
        if (copies_ == 2)
            parts_.push_back({store.layout().parts()[0], 1});
    }

    void read(TileRange tiles, CodeBlock& block) const override {
        makeViews(tiles, block);
        for (std::size_t tile = tiles.begin; tile < tiles.end; ++tile) {
            const Joined joined = joinedTile(tile - tiles.begin, block);
            const Planes planes = planesOf(tile);
            kernels_.join(planes, wholeLines_, joined.low, joined.high);
            if (lines_ > wholeLines_)
                joinTail(planes, joined);
        }
    }

    void readAndDot(TileRange tiles, std::span<const PartDot> dots, CodeBlock& block,
                    FetchCursor& fetch) const override {
        if (kernels_.joinAndDot == nullptr) {
            CodeReader::readAndDot(tiles, dots, block, fetch);
            return;
        }
        makeViews(tiles, block);
        const std::size_t joinedParts = bits_ > 4 ? 2 : 1;
        const std::int8_t* const models[2] = {dots.front().model.weights,
                                              joinedParts > 1 ? dots[1].model.weights : nullptr};
        for (std::size_t tile = tiles.begin; tile < tiles.end; ++tile) {
            const std::size_t index = tile - tiles.begin;
            const Joined joined = joinedTile(index, block);
            std::int32_t* const sums[2] = {dots.front().sums + kTileRows * index,
                                           joinedParts > 1 ? dots[1].sums + kTileRows * index : nullptr};
            kernels_.joinAndDot(planesOf(tile), {wholeLines_, tailFeatures()}, joined.low, joined.high,
                                models, sums, fetch);
        }
        for (std::size_t p = joinedParts; p < dots.size(); ++p)
            dots[p].kernels->dot(block.views[p], tiles.size(), dots[p].model, dots[p].sums, fetch);
    }

    [[nodiscard]] std::uint64_t version() const override { return store_.version(); }

    [[nodiscard]] std::size_t tileBytes() const override {
        return store_.layout().tileBytes() * static_cast<std::size_t>(bits_ + copies_ - 1);
    }

    [[nodiscard]] FetchList placesOf(TileRange tiles, std::size_t /*entered*/) const override {
        FetchList places;
        const auto add = [&](const unsigned char* plane) {
            places.add(addressOf(plane) + tiles.begin * store_.layout().tileBytes(),
                       tiles.size() * store_.layout().tileBytes());
        };
        for (int digit = 1; digit < bits_; ++digit)
            add(store_.digit(digit, 0));
        add(store_.up(bits_, 0));
        if (copies_ == 2)
            add(store_.odd(bits_, 0));
        return places;
    }

    [[nodiscard]] const unsigned char* odd(std::size_t tile) const override {
        return store_.odd(bits_, tile);
    }

  private:
    [[nodiscard]] std::size_t tailFeatures() const {
        return store_.features() - wholeLines_ * kPlaneLineFeatures;
    }

    /// Where a tile's joined codes are; no high ones up to 4 bits.
    struct Joined {
        unsigned char *low, *high;
    };

    void makeViews(TileRange tiles, CodeBlock& block) const {
        block.views.clear();
        for (PageBuffer* codes : {&block.low, &block.high}) {
            if (codes == &block.high && bits_ <= 4)
                continue;
            if (codes->size() < tiles.size() * tileBytes_)
                *codes = PageBuffer(tiles.size() * tileBytes_);
            block.views.push_back({codes->data(), tileBytes_, lines_ * kJoinedLines, 0});
        }
        if (copies_ == 2) {
            const TilePart& part = parts_.back().part;
            block.views.push_back({odd(tiles.begin), store_.layout().tileBytes(), part.lines,
                                   store_.features() - part.lines * part.lineFeatures()});
        }
    }

    [[nodiscard]] Joined joinedTile(std::size_t index, CodeBlock& block) const {
        return {block.low.data() + index * tileBytes_,
                bits_ > 4 ? block.high.data() + index * tileBytes_ : nullptr};
    }

    [[nodiscard]] Planes planesOf(std::size_t tile) const {
        Planes planes{};
        planes.count = bits_ - 1;
        for (int digit = 1; digit < bits_; ++digit)
            planes.digits[bits_ - 1 - digit] = store_.digit(digit, tile);
        planes.up = store_.up(bits_, tile);
        return planes;
    }

    void joinTail(const Planes& planes, const Joined& joined) const {
        const std::size_t features = tailFeatures();
        const std::size_t at = wholeLines_ * kLineBytes;
        unsigned char lines[8][kLineBytes];
        Planes tail = planes;
        for (int i = 0; i < planes.count; ++i) {
            expandTail(1, planes.digits[i] + at, features, lines[i]);
            tail.digits[i] = lines[i];
        }
        expandTail(1, planes.up + at, features, lines[7]);
        tail.up = lines[7];
        kernels_.join(tail, 1, joined.low + kJoinedLines * at,
                      joined.high == nullptr ? nullptr : joined.high + kJoinedLines * at);
    }

    const AnyPrecisionStore& store_;
    int bits_;
    const WeaveKernels& kernels_;
    std::size_t wholeLines_, lines_, tileBytes_;
};

} // namespace

void CodeReader::readAndDot(TileRange tiles, std::span<const PartDot> dots, CodeBlock& block,
                            FetchCursor& fetch) const {
    read(tiles, block);
    for (std::size_t p = 0; p < dots.size(); ++p)
        dots[p].kernels->dot(block.views[p], tiles.size(), dots[p].model, dots[p].sums, fetch);
}

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

TailSlots CodePart::tailSlots(std::size_t count) const {
    TailSlots slots;
    for (std::size_t feature = whole(); feature < count; ++feature)
        slots.push_back(static_cast<std::uint32_t>(slot(feature)));
    return slots;
}

std::unique_ptr<CodeReader> readerOf(const SampleStore& store) {
    return std::make_unique<MemoryReader>(store);
}

std::unique_ptr<CodeReader> readerOf(const StoreFile& file) {
    return std::make_unique<FileReader>(file);
}

std::unique_ptr<CodeReader> readerOf(const AnyPrecisionStore& store, int bits, Isa isa) {
    return std::make_unique<AnyPrecisionReader>(store, bits, isa);
}

} // namespace zipml
