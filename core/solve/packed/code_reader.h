#pragma once
/// How packed_sgd.h sees a store: parts of codes in tiles, and what the codes stand for. One reader for
/// packed stores in memory, one for those in a file, one for stores of any precision.

#include "core/kernels/table_kernels.h"
#include "core/kernels/weave_kernels.h"
#include "core/quant/any_precision_store.h"
#include "core/quant/sample_store.h"
#include "core/quant/tile_window.h"

#include <array>
#include <memory>
#include <optional>

namespace zipml {

/// The slots of a part's features behind its whole lines.
using TailSlots = std::vector<std::uint32_t>;

/// Bits of every code, and where the kernels keep a feature (its slot).
struct CodePart {
    TilePart part;
    double scale; ///< what its codes count: 2^shift
    bool woven =
        false; ///< joined from bit planes: groups of 4 features change places within 32 (weave_kernels.h)

    [[nodiscard]] std::size_t slotCount() const { return (part.lines + 1) * part.lineFeatures(); }
    /// Features below this one have the slots [f, f + 1, ...), if they are not woven.
    [[nodiscard]] std::size_t whole() const { return woven ? 0 : part.lines * part.lineFeatures(); }
    /// A feature's slot.
    [[nodiscard]] std::size_t slot(std::size_t feature) const;
    /// The slots of features [whole(), count).
    [[nodiscard]] TailSlots tailSlots(std::size_t count) const;
    std::size_t features = 0; ///< woven only
};

struct TileRange {
    std::size_t begin = 0, end = 0;
    [[nodiscard]] std::size_t size() const { return end - begin; }
};

/// Neighbouring tiles as the kernels read them. One thread's, used for one block after the other.
struct CodeBlock {
    std::vector<PartView> views; ///< one a part
    PageBuffer low, high;        ///< codes joined from planes
};

/// A part's dot products with the model.
struct PartDot {
    const TileKernels* kernels;
    TileModel model;
    std::int32_t* sums; ///< 16 a tile
};

/// Memory that a block is read from, at most one run a plane.
struct FetchList {
    std::array<FetchRun, AnyPrecisionStore::kMostBits + 1> runs;
    std::size_t count = 0;

    void add(std::uintptr_t begin, std::size_t bytes) {
        const std::uintptr_t line = begin / kLineBytes * kLineBytes;
        runs[count++] = {line, begin + bytes};
    }
    [[nodiscard]] FetchCursor cursor() const { return FetchCursor(std::span(runs).first(count)); }
};

class CodeReader {
  public:
    virtual ~CodeReader() = default;
    CodeReader() = default;
    CodeReader(const CodeReader&) = delete;
    CodeReader& operator=(const CodeReader&) = delete;

    /// Where there are two copies the last part is the lowest bit: whether they differ.
    [[nodiscard]] const std::vector<CodePart>& parts() const { return parts_; }
    /// What a code c of a feature stands for, the mean of its copies: middle + slope (c - centre).
    [[nodiscard]] const std::vector<double>& slope() const { return slope_; }
    [[nodiscard]] const std::vector<double>& middle() const { return middle_; }
    [[nodiscard]] double centre() const { return centre_; }
    /// Of codes whose levels are not equally spaced; then there are two parts, the low and the high bytes of
    /// the entries, and both have the view of the first.
    [[nodiscard]] virtual std::optional<LevelTables> tables() const { return std::nullopt; }
    [[nodiscard]] int copies() const { return copies_; }
    [[nodiscard]] std::uint64_t seed() const { return seed_; }
    /// Counts up when the store is built anew.
    [[nodiscard]] virtual std::uint64_t version() const { return 0; }
    /// What is read of a tile.
    [[nodiscard]] virtual std::size_t tileBytes() const = 0;

    /// Called before any of these tiles is read, while no other thread reads; the ones before may be gone
    /// then.
    /// @param next what will be entered next; empty: nothing
    virtual void enter(TileRange /*now*/, TileRange /*next*/) {}
    /// Some of the tiles that were entered. Threads may read at the same time.
    virtual void read(TileRange tiles, CodeBlock& block) const = 0;
    /// The same, and sums += codes . model for each part.
    virtual void readAndDot(TileRange tiles, std::span<const PartDot> dots, CodeBlock& block,
                            FetchCursor& fetch) const;
    /// Where tiles are, entered or not: only to be fetched from. @param entered a tile that was
    [[nodiscard]] virtual FetchList placesOf(TileRange tiles, std::size_t entered) const = 0;
    /// Two copies: a tile's lowest bits as a part of one bit.
    [[nodiscard]] virtual const unsigned char* odd(std::size_t tile) const = 0;

  protected:
    void setUniform(std::span<const Grid> grids, int copies);

    std::vector<CodePart> parts_;
    std::vector<double> slope_, middle_;
    double centre_ = 0;
    int copies_ = 1;
    std::uint64_t seed_ = 1;
};

/// @param store outlives the reader
std::unique_ptr<CodeReader> readerOf(const SampleStore& store);
/// Reads what it has entered, no more. @param file outlives the reader
std::unique_ptr<CodeReader> readerOf(const StoreFile& file);
/// @param bits the width to read, 1..8. @param store outlives the reader
std::unique_ptr<CodeReader> readerOf(const AnyPrecisionStore& store, int bits, Isa isa);

} // namespace zipml
