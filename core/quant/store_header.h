#pragma once
/// What a store's file says of its rows before them: the JSON header and the tables of levels behind it
/// (store_file.h has the whole file).

#include "core/data/scaling.h"
#include "core/quant/sample_store.h"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace zipml {

/// Of a random choice of rows, so that its standard error can be told.
constexpr std::size_t kFewestKeptRows = 2;

struct StoreHeader { // NOLINT(bugprone-exception-escape): of nlohmann::json
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
    std::size_t keptRows = 0;  ///< that are in the file unrounded, too: a uniformly random choice
    nlohmann::json spec;       ///< of the run that it was made for (core/lab/run_spec.h)

    [[nodiscard]] std::size_t features() const { return grids.size(); }
    [[nodiscard]] TileLayout layout() const { return SampleStore::layoutOf(grids.size(), options); }
    /// Bytes of the codes.
    [[nodiscard]] std::uint64_t codeBytes() const { return TileLayout::tilesOf(rows) * layout().tileBytes(); }
    /// Bytes that decoding needs beside the codes, as SampleStore::codebookBytes.
    [[nodiscard]] std::uint64_t codebookBytes() const;
};

/// Reads a file from its begin on, one part after the other. Sizes are held against the file's before anything
/// is made room for.
class StoreReader {
  public:
    /// The arguments outlive this.
    StoreReader(int descriptor, std::uint64_t fileBytes, const std::filesystem::path& file)
        : descriptor_(descriptor), fileBytes_(fileBytes), file_(file) {}

    /// @throws InputError
    [[noreturn]] void fail(const std::string& why) const;
    [[nodiscard]] std::uint64_t at() const { return at_; }
    [[nodiscard]] std::uint64_t fileBytes() const { return fileBytes_; }
    void moveTo(std::uint64_t at) { at_ = at; }
    /// To the next multiple of kStoreAlignment.
    void align();
    void take(void* to, std::uint64_t count);
    std::string text(std::uint64_t count);
    /// Float64, finite.
    std::vector<double> numbers(std::uint64_t count);
    template <class Number>
    std::vector<Number> list(std::uint64_t count) {
        requireRoom(count, sizeof(Number));
        std::vector<Number> result(count);
        take(result.data(), count * sizeof(Number));
        return result;
    }

  private:
    void requireRoom(std::uint64_t count, std::uint64_t size) const;

    int descriptor_;
    std::uint64_t fileBytes_;
    const std::filesystem::path& file_;
    std::uint64_t at_ = 0;
};

constexpr std::uint64_t kStoreAlignment = 64; ///< bytes, of the parts before the codes

constexpr std::uint64_t roundUp(std::uint64_t bytes, std::uint64_t unit) {
    return (bytes + unit - 1) / unit * unit;
}

/// A file's first bytes: magic, length, header, tables.
std::string headerBytes(const StoreHeader& header);
/// What headerBytes wrote; the reader then stands behind it. @throws InputError
StoreHeader readHeaderBytes(StoreReader& reader);

} // namespace zipml
