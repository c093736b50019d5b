#pragma once
/// A packed sample store in a file (*.zq), with all that training on it needs:
///
///     bytes 0-7    "ZIPML-ZQ"
///     bytes 8-15   length H of the header, little-endian
///     H bytes      header, JSON: the fields of StoreHeader; a grid is [low, high, levels], or the number
///                  of a table
///     then         tables of levels (float64), the moments (float64: StoreMoments), labels (float32);
///                  each begins at a multiple of 64 bytes
///     then         codes, from a multiple of 4096 bytes on: the tiles as in memory (tile_layout.h), so that
///                  windows of them can be mapped; 64 more bytes, because kernels read whole lines
///
/// What is known only when all rows were seen, the moments, has a fixed size: a store is written in one go.

#include "core/base/output_file.h"
#include "core/data/scaling.h"
#include "core/quant/sample_store.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace zipml {

/// Sums over the rows before they were rounded, scaled.
struct StoreMoments {
    std::vector<double> variance;  ///< mean rounding variance of each feature: Dbar of docs/method.md#s3-7
    double meanSquaredNorm = 0;    ///< of a row, mean(|a|^2)
    double meanFourthNorm = 0;     ///< mean(|a|^4)
    double largestSquaredNorm = 0; ///< max |a|^2
};

struct StoreHeader {
    std::string dataName;
    std::size_t rows = 0;
    std::vector<Grid> grids; ///< one a feature
    StoreOptions options;
    Task task = Task::Regression;
    std::vector<double> classLabels;           ///< classification: the file's labels of -1 and of +1
    std::vector<std::string> classNames = {};  ///< of labels that are texts; else empty
    Scaling scaling;                           ///< of values less the schema's offsets
    std::shared_ptr<const Schema> schema = {}; ///< of the file's columns; null: generated data
    std::vector<std::string> featureNames;     ///< one a feature, or empty
    std::size_t dealtRows = 0; ///< rows were put into a random order within this many; 0: in file order
    std::size_t levelRows = 0; ///< rows that the levels were placed by; all of them unless data is large
    nlohmann::json spec;       ///< of the run that it was made for (core/lab/run_spec.h)

    [[nodiscard]] std::size_t features() const { return grids.size(); }
    [[nodiscard]] TileLayout layout() const { return SampleStore::layoutOf(grids.size(), options); }
    /// Bytes of the codes.
    [[nodiscard]] std::uint64_t codeBytes() const { return TileLayout::tilesOf(rows) * layout().tileBytes(); }
    /// Bytes that decoding needs beside the codes, as SampleStore::codebookBytes.
    [[nodiscard]] std::uint64_t codebookBytes() const;
};

/// Where the parts of a file begin, in bytes.
struct StorePlaces {
    std::uint64_t moments = 0, labels = 0, codes = 0, end = 0;
};

/// Writes a store beside its place and renames it when it is complete; without finish() nothing stays.
class StoreWriter {
  public:
    /// @throws RunError, as the other functions, when the file cannot be written.
    StoreWriter(const StoreHeader& header, const std::filesystem::path& file);

    /// The next rows. @param codes whole tiles; only the last ones may be followed by no row
    void add(std::span<const float> labels, std::span<const unsigned char> codes);
    /// @return the file's bytes
    std::uint64_t finish(const StoreMoments& moments);

  private:
    void write(std::uint64_t at, const void* bytes, std::size_t count);

    OutputFile file_;
    StorePlaces places_;
    std::uint64_t labelsAt_ = 0, codesAt_ = 0;
};

/// An open store file. The codes stay on disk until a window of them is mapped.
class StoreFile {
  public:
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
    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] const StorePlaces& places() const { return places_; }

  private:
    void read();

    std::filesystem::path path_;
    int descriptor_ = -1;
    StoreHeader header_;
    StoreMoments moments_;
    StorePlaces places_;
    void* mapped_ = nullptr; ///< the labels, from a page's begin on
    std::size_t mappedBytes_ = 0;
    std::span<const float> labels_;
};

} // namespace zipml
