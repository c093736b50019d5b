#pragma once
/// A packed sample store in a file (*.zq), with all that training on it needs:
///
///     bytes 0-7    "ZIPML-ZQ"
///     bytes 8-15   length H of the header, little-endian
///     H bytes      header, JSON: the fields of StoreHeader; a grid is [low, high, levels], or the number
///                  of a table
///     then         tables of levels (float64), the moments (float64: StoreMoments); each begins at a multiple
///                  of 64 bytes
///     then         checksums (32 bits, CRC-32C) of each 65,536 bytes of labels, of kept rows and of codes, and
///                  one of all before it
///     then         labels (float32); kept rows (their numbers, 32 bits, and values, float32): each begins at
///                  a multiple of 64 bytes
///     then         codes, from a multiple of 4096 bytes on: the tiles as in memory (tile_layout.h), so that
///                  windows of them can be mapped; 64 more bytes, because kernels read whole lines
///
/// What is known only when all rows were seen has a fixed size: a store is written in one go. Nothing of it is
/// used before its checksum was found right.

#include "core/base/mapped_file.h"
#include "core/base/output_file.h"
#include "core/quant/block_sums.h"
#include "core/quant/store_header.h"

#include <ctime>

namespace zipml {

/// Of some rows' squared lengths l.
struct LengthMoments {
    double mean = 0;       ///< mean l
    double meanSquare = 0; ///< mean l^2
    double largest = 0;    ///< max l
};

/// Sums over the rows before they were rounded, scaled; without an intercept.
struct StoreMoments {
    std::vector<double> variance; ///< mean rounding variance of each feature: Dbar of docs/method.md#s3-7
    std::vector<double> square; ///< mean square of each feature; of nearest roundings, where those are stored
    LengthMoments exact;        ///< l = |a|^2
    LengthMoments read; ///< l = |a|^2 + the sum of its roundings' variances; of nearest roundings |q|^2
};

/// Rows that are in the file as they were before they were rounded: a uniformly random choice.
struct KeptRows {
    std::vector<std::uint32_t> numbers; ///< in the store, from 0, each once
    std::vector<float> values;          ///< scaled, row-major
};

/// Bytes of a file that have checksums of their own.
struct StoreSection {
    std::uint64_t at = 0, bytes = 0;
    std::size_t firstSum = 0; ///< of its checksums, among all
    [[nodiscard]] std::size_t blocks() const {
        return static_cast<std::size_t>((bytes + kBlockBytes - 1) / kBlockBytes);
    }
};

/// Where the parts of a file are, in bytes.
struct StorePlaces {
    std::uint64_t moments = 0, sums = 0;
    StoreSection labels, kept, codes;
    std::uint64_t end = 0;
    [[nodiscard]] std::size_t sumCount() const { return codes.firstSum + codes.blocks(); }
};

/// Writes a store beside its place and renames it when it is complete; without finish() nothing stays.
class StoreWriter {
  public:
    /// @throws RunError, as the other functions, when the file cannot be written.
    StoreWriter(const StoreHeader& header, const std::filesystem::path& file);

    /// The next rows. @param codes whole tiles; only the last ones may be followed by no row
    void add(std::span<const float> labels, std::span<const unsigned char> codes);
    /// @param kept as many as the header says @return the file's bytes
    std::uint64_t finish(const StoreMoments& moments, const KeptRows& kept);

  private:
    void write(std::uint64_t at, const void* bytes, std::size_t count);

    OutputFile file_;
    std::string head_; ///< what stands before the labels, as far as it is known
    StorePlaces places_;
    std::uint64_t labelsAt_ = 0, codesAt_ = 0;
    BlockSums labelSums_, codeSums_;
};

/// An open store file. The codes stay on disk until a window of them is mapped (tile_window.h).
class StoreFile {
  public:
    /// Checks all but the kept rows and the codes.
    /// @throws InputError when the file is missing, damaged or of another version.
    explicit StoreFile(std::filesystem::path file);
    ~StoreFile();
    StoreFile(const StoreFile&) = delete;
    StoreFile& operator=(const StoreFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] const StoreHeader& header() const { return header_; }
    [[nodiscard]] const StoreMoments& moments() const { return moments_; }
    /// One a row: -1 and +1 for classes. Mapped, so that they may leave memory when it is short.
    [[nodiscard]] std::span<const float> labels() const { return labels_; }
    /// Reads them. @throws InputError when they are damaged.
    [[nodiscard]] KeptRows keptRows() const;
    [[nodiscard]] const StorePlaces& places() const { return places_; }

    /// Maps blocks [begin, end) of the codes.
    [[nodiscard]] MappedFile map(std::size_t begin, std::size_t end) const;
    /// Has the disk fetch some bytes of the codes.
    void fetch(std::uint64_t begin, std::uint64_t end) const;
    /// Holds those that were not checked yet against their checksums. Threads may check others at the same
    /// time. @param bytes blocks of the codes from `first` on @throws InputError
    void checkCodes(std::size_t first, std::span<const unsigned char> bytes) const;
    /// That the file has lost none of its bytes since it was opened; where it was written to, all codes count
    /// as not checked. One thread's. @throws InputError
    void requireWhole() const;

  private:
    void read();
    void readMoments(StoreReader& reader);
    void checkHead() const;
    void mapLabels();
    void checkLabels() const;
    void check(const StoreSection& section, std::size_t first, std::span<const unsigned char> bytes) const;
    [[noreturn]] void fail(const std::string& why) const;

    std::filesystem::path path_;
    int descriptor_ = -1;
    StoreHeader header_;
    StoreMoments moments_;
    StorePlaces places_;
    std::vector<std::uint32_t> sums_;
    mutable std::atomic<bool> lost_ = false;
    mutable std::vector<unsigned char>
        checked_;                     ///< of each block of the codes: whether its checksum is right
    mutable std::timespec written_{}; ///< when the file was, last
    MappedFile mappedLabels_;
    std::span<const float> labels_;
};

} // namespace zipml
