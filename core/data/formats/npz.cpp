// NPZ: NumPy arrays by name in a zip archive, as numpy.savez, numpy.savez_compressed and
// scipy.sparse.save_npz write it.

#include "core/base/error.h"
#include "core/data/formats/array_choice.h"
#include "core/data/formats/npy_labels.h"
#include "core/data/formats/sparse_entries.h"
#include "core/data/formats/zip_member.h"
#include "core/data/memory_limit.h"
#include "core/data/number.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace zipml {
namespace {

constexpr std::string_view kZipMagic = "PK\x03\x04", kEmptyZipMagic = "PK\x05\x06", kEnding = ".npy";

bool matchesNpz(const FileStart& start) {
    constexpr std::size_t kNameLengthAt = 26, kNameAt = 30; // in a member's header
    const std::string_view bytes = start.bytes;
    if (bytes.starts_with(kEmptyZipMagic) && start.file.extension() == ".npz")
        return true;
    if (!bytes.starts_with(kZipMagic) || bytes.size() < kNameAt)
        return false;
    const std::size_t length = static_cast<unsigned char>(bytes[kNameLengthAt]) +
                               (std::size_t{static_cast<unsigned char>(bytes[kNameLengthAt + 1])} << 8U);
    return start.file.extension() == ".npz" || bytes.substr(kNameAt, length).ends_with(kEnding);
}

/// The arrays of an archive, each opened when it is asked for.
class NpzArchive {
  public:
    explicit NpzArchive(const OpenRequest& request) : request_(request) {
        ZipReader zip(request.file);
        constexpr std::size_t kHeaderBytes = 1 << 16;
        for (std::string name; zip.next(name);) {
            request.job.checkpoint();
            if (!name.ends_with(kEnding)) {
                ++others_;
                continue;
            }
            std::string start(kHeaderBytes, '\0');
            std::size_t count = 0;
            for (std::size_t got = 1; got > 0 && count < kHeaderBytes; count += got)
                got = zip.read(start.data() + count, kHeaderBytes - count);
            start.resize(count);
            if (!zip.fault().empty())
                failDamaged(request.file, zip.fault(), "");
            const std::string title = name.substr(0, name.size() - kEnding.size());
            const auto bytes = heldBytes(where(title), std::move(start), "zip");
            headers_.push_back(readNpyHeader(*bytes));
            const NpyHeader& header = headers_.back();
            members_.push_back({title, header.shape, header.hasNumbers(), header.hasTexts()});
            entries_.push_back(name);
        }
    }

    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    [[nodiscard]] const NpyHeader& header(std::size_t m) const { return headers_[m]; }
    [[nodiscard]] std::size_t others() const { return others_; }
    [[nodiscard]] std::string where(const std::string& name) const {
        return request_.file.string() + ": " + inQuotes(name);
    }
    [[nodiscard]] std::unique_ptr<StoredBytes> open(std::size_t m) const {
        return streamedBytes(where(members_[m].name), [file = request_.file, entry = entries_[m]] {
            return openZipMember(file, entry);
        });
    }
    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const {
        const auto found = std::ranges::find(members_, name, &Member::name);
        return found == members_.end() ? std::nullopt
                                       : std::optional(static_cast<std::size_t>(found - members_.begin()));
    }
    /// A member's numbers, one behind the other.
    [[nodiscard]] std::vector<double> numbers(std::string_view name) const {
        const auto m = find(name);
        if (!m)
            throw InputError(request_.file.string() + ": " + inQuotes(name) + " is missing");
        return readNpyLabels(open(*m), headers_[*m], request_).numbers;
    }

  private:
    const OpenRequest& request_;
    std::vector<Member> members_;
    std::vector<NpyHeader> headers_;
    std::vector<std::string> entries_;
    std::size_t others_ = 0;
};

/// What scipy.sparse.save_npz writes: indices, indptr and data (csr, csc) or row, col and data (coo).
class ScipyMatrix {
  public:
    ScipyMatrix(const NpzArchive& npz, const OpenRequest& request) : npz_(npz), request_(request) {}

    [[nodiscard]] static bool isOne(const NpzArchive& npz) {
        return npz.find("format") && npz.find("shape") && npz.find("data");
    }

    [[nodiscard]] std::unique_ptr<Matrix> read() {
        const std::string format = formatName();
        const auto shape = npz_.numbers("shape");
        const auto& lengths = npz_.members()[*npz_.find("data")].shape;
        const std::size_t count = lengths.empty() ? 0 : lengths[0];
        if (shape.size() != 2)
            fail("its shape has not two numbers");
        rows_ = whole(shape[0], kLargest + 1);
        columns_ = whole(shape[1], kLargest + 1);
        requireEntries(request_.file.string(), rows_, count);
        requireMemory(request_.file, static_cast<double>(count) * (sizeof(SparseEntry) + 3 * sizeof(double)),
                      request_.context.memoryLimitBytes);
        std::vector<SparseEntry> entries = format == "coo" ? coordinates() : compressed(format == "csr");
        return sparseMatrix(rows_, columns_, std::move(entries));
    }

  private:
    static constexpr std::size_t kLargest = std::numeric_limits<std::uint32_t>::max();

    [[noreturn]] void fail(const std::string& what) const {
        throw InputError(request_.file.string() + ": is a damaged SciPy sparse matrix: " + what +
                         "; save it again with scipy.sparse.save_npz");
    }
    [[nodiscard]] std::string formatName() const {
        const std::size_t m = *npz_.find("format");
        NpyHeader header = npz_.header(m);
        if (header.shape.empty())
            header.shape = {1};
        const auto texts = header.hasTexts() ? readNpyLabels(npz_.open(m), header, request_).texts
                                             : std::vector<std::string>();
        std::string name = texts.empty() ? "" : texts[0];
        if (name != "csr" && name != "csc" && name != "coo")
            throw InputError(request_.file.string() + ": is a SciPy sparse matrix in the form " +
                             inQuotes(name) + "; save it as scipy.sparse.save_npz('x.npz', x.tocsr())");
        return name;
    }
    [[nodiscard]] std::size_t whole(double value, std::size_t end) const {
        if (!(value >= 0) || value >= static_cast<double>(end) || value != std::floor(value))
            fail("an index is out of range");
        return static_cast<std::size_t>(value);
    }
    [[nodiscard]] SparseEntry entry(double row, double column, double value) const {
        return {static_cast<std::uint32_t>(whole(row, rows_)),
                static_cast<std::uint32_t>(whole(column, columns_)), value};
    }
    [[nodiscard]] std::vector<SparseEntry> coordinates() const {
        const auto row = npz_.numbers("row"), column = npz_.numbers("col"), data = npz_.numbers("data");
        if (row.size() != data.size() || column.size() != data.size())
            fail("row, col and data differ in length");
        std::vector<SparseEntry> entries;
        entries.reserve(data.size());
        for (std::size_t i = 0; i < data.size(); ++i)
            entries.push_back(entry(row[i], column[i], data[i]));
        return entries;
    }
    [[nodiscard]] std::vector<SparseEntry> compressed(bool byRows) const {
        const auto starts = npz_.numbers("indptr"), indices = npz_.numbers("indices"),
                   data = npz_.numbers("data");
        const std::size_t lines = byRows ? rows_ : columns_;
        if (indices.size() != data.size() || starts.size() != lines + 1 || starts[0] != 0 ||
            starts[lines] != static_cast<double>(data.size()) || !std::ranges::is_sorted(starts))
            fail("indptr, indices and data do not fit together");
        std::vector<SparseEntry> entries;
        entries.reserve(data.size());
        for (std::size_t line = 0; line < lines; ++line)
            for (std::size_t i = whole(starts[line], data.size() + 1);
                 i < whole(starts[line + 1], data.size() + 1); ++i)
                entries.push_back(byRows ? entry(static_cast<double>(line), indices[i], data[i])
                                         : entry(indices[i], static_cast<double>(line), data[i]));
        return entries;
    }

    const NpzArchive& npz_;
    const OpenRequest& request_;
    std::size_t rows_ = 0, columns_ = 0;
};

std::unique_ptr<RowSource> openNpz(const OpenRequest& request) {
    const NpzArchive npz(request);
    SourceShape shape;
    shape.format = "npz";
    if (npz.others() > 0)
        shape.notes.push_back(std::to_string(npz.others()) +
                              " members of the archive are no arrays and left out");
    if (request.options.matrix.empty() && ScipyMatrix::isOne(npz)) {
        MatrixLabels labels;
        if (!request.options.labels.empty())
            labels = readAnyLabelFile(request.options.labels, request);
        return sourceOf(request, ScipyMatrix(npz, request).read(), std::move(shape), std::move(labels));
    }
    const std::size_t matrix = chooseMatrixMember(request.file.string(), npz.members(), request.options);
    auto bytes = npz.open(matrix);
    ArrayLayout layout = layoutOf(npz.header(matrix), bytes->where());
    checkStored(bytes, layout, request.job);
    if (npz.members().size() > 1)
        shape.notes.push_back(inQuotes(npz.members()[matrix].name) + " " + shapeText(layout.shape) +
                              " is taken as the values");
    if (layout.shape.size() > 2)
        shape.notes.push_back("each row is flattened to " + std::to_string(layout.columns()) + " features");
    MatrixLabels labels;
    if (const auto m = chooseLabelMember(request.file.string(), npz.members(), matrix, layout.columns(),
                                         request.options, shape.notes)) {
        labels = readNpyLabels(npz.open(*m), npz.header(*m), request);
    } else if (!request.options.labels.empty()) {
        labels = readAnyLabelFile(request.options.labels, request);
    }
    return sourceOf(request, arrayMatrix(std::move(bytes), std::move(layout), request), std::move(shape),
                    std::move(labels));
}

} // namespace

constinit const Format kNpzFormat{"npz", "NumPy archive", matchesNpz, openNpz};

} // namespace zipml
