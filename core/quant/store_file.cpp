#include "core/quant/store_file.h"

#include "core/kernels/checksum_kernels.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace zipml {
namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::size_t kNorms = 6; ///< moments beside those of the features

/// @param begin of the moments: what follows header and tables
StorePlaces placesFrom(std::uint64_t begin, const StoreHeader& header) {
    StorePlaces places;
    places.moments = roundUp(begin, kStoreAlignment);
    places.sums =
        roundUp(places.moments + (2 * header.features() + kNorms) * sizeof(double), kStoreAlignment);
    places.labels.bytes = header.rows * sizeof(float);
    places.kept.bytes = header.keptRows * (sizeof(std::uint32_t) + header.features() * sizeof(float));
    places.codes.bytes = header.codeBytes() + kLineBytes;
    places.kept.firstSum = places.labels.blocks();
    places.codes.firstSum = places.kept.firstSum + places.kept.blocks();
    places.labels.at =
        roundUp(places.sums + (places.sumCount() + 1) * sizeof(std::uint32_t), kStoreAlignment);
    places.kept.at = roundUp(places.labels.at + places.labels.bytes, kStoreAlignment);
    places.codes.at = roundUp(places.kept.at + places.kept.bytes, kPage);
    places.end = places.codes.at + places.codes.bytes;
    return places;
}

template <class Number>
std::span<const unsigned char> bytesOf(std::span<const Number> numbers) {
    return {reinterpret_cast<const unsigned char*>(numbers.data()), numbers.size_bytes()};
}

template <class Number>
void put(std::string& bytes, std::uint64_t at, std::span<const Number> numbers) {
    bytes.resize(std::max<std::size_t>(bytes.size(), at + numbers.size_bytes()), '\0');
    std::memcpy(bytes.data() + at, numbers.data(), numbers.size_bytes());
}

std::vector<double> numbersOf(const StoreMoments& moments) {
    std::vector<double> numbers = moments.variance;
    numbers.insert(numbers.end(), moments.square.begin(), moments.square.end());
    for (const LengthMoments& lengths : {moments.exact, moments.read})
        numbers.insert(numbers.end(), {lengths.mean, lengths.meanSquare, lengths.largest});
    return numbers;
}

} // namespace

StoreWriter::StoreWriter(const StoreHeader& header, const std::filesystem::path& file)
    : file_(file, true), head_(headerBytes(header)), places_(placesFrom(head_.size(), header)),
      labelsAt_(places_.labels.at), codesAt_(places_.codes.at) {}

void StoreWriter::write(std::uint64_t at, const void* bytes, std::size_t count) {
    file_.writeAt(at, {static_cast<const char*>(bytes), count});
}

void StoreWriter::add(std::span<const float> labels, std::span<const unsigned char> codes) {
    write(labelsAt_, labels.data(), labels.size_bytes());
    write(codesAt_, codes.data(), codes.size());
    labelsAt_ += labels.size_bytes();
    codesAt_ += codes.size();
    labelSums_.add(bytesOf(labels));
    codeSums_.add(codes);
}

std::uint64_t StoreWriter::finish(const StoreMoments& moments, const KeptRows& kept) {
    constexpr unsigned char kNothing[kLineBytes] = {};
    write(codesAt_, kNothing, kLineBytes);
    codeSums_.add(kNothing);

    BlockSums keptSums;
    const auto numbers = bytesOf(std::span(kept.numbers)), values = bytesOf(std::span(kept.values));
    write(places_.kept.at, numbers.data(), numbers.size());
    write(places_.kept.at + numbers.size(), values.data(), values.size());
    keptSums.add(numbers);
    keptSums.add(values);

    put<double>(head_, places_.moments, numbersOf(moments));
    std::uint64_t at = places_.sums;
    for (const BlockSums* section : {&labelSums_, &keptSums, &codeSums_}) {
        const auto sums = section->sums();
        put<std::uint32_t>(head_, at, sums);
        at += sums.size() * sizeof(std::uint32_t);
    }
    const std::uint32_t own =
        checksumKernels(activeIsa()).checksum(0, reinterpret_cast<const unsigned char*>(head_.data()), at);
    put<std::uint32_t>(head_, at, std::span(&own, 1));
    write(0, head_.data(), head_.size());
    file_.commit();
    return places_.end;
}

StoreFile::StoreFile(std::filesystem::path file) : path_(std::move(file)) {
    descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor_ < 0)
        throw InputError(path_.string() + ": " + (errno == ENOENT ? "no such file" : std::strerror(errno)));
    try {
        read();
    } catch (...) { // no destructor runs
        ::close(descriptor_);
        throw;
    }
}

StoreFile::~StoreFile() {
    ::close(descriptor_);
}

void StoreFile::fail(const std::string& why) const {
    throw InputError(path_.string() + ": " + why +
                     "; use another copy, or write it again with zipml quantize");
}

void StoreFile::read() {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode))
        throw InputError(path_.string() + ": is no regular file; a store is mapped into memory");
    written_ = status.st_mtim;
    StoreReader reader(descriptor_, static_cast<std::uint64_t>(status.st_size), path_);
    try {
        header_ = readHeaderBytes(reader);
    } catch (const InputError& error) { // of words that do not know the file
        const std::string message = error.what();
        throw InputError(message.starts_with(path_.string()) ? message : path_.string() + ": " + message);
    }
    places_ = placesFrom(reader.at(), header_);
    if (reader.fileBytes() < places_.end)
        reader.fail("is cut off");
    if (reader.fileBytes() > places_.end)
        reader.fail("has " + std::to_string(reader.fileBytes() - places_.end) + " bytes too many");
    reader.moveTo(places_.sums);
    sums_ = reader.list<std::uint32_t>(places_.sumCount() + 1);
    checkHead();
    readMoments(reader);
    checked_.assign(places_.codes.blocks(), 0);
    mapLabels();
    checkLabels();
}

void StoreFile::checkHead() const {
    StoreReader reader(descriptor_, places_.end, path_);
    std::vector<unsigned char> bytes(kBlockBytes);
    std::uint32_t sum = 0;
    for (std::uint64_t left = places_.sums + places_.sumCount() * sizeof(std::uint32_t); left > 0;) {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left, bytes.size()));
        reader.take(bytes.data(), count);
        sum = checksumKernels(activeIsa()).checksum(sum, bytes.data(), count);
        left -= count;
    }
    if (sum != sums_.back())
        fail("is damaged: the checksum of its header is wrong");
}

void StoreFile::readMoments(StoreReader& reader) {
    reader.moveTo(places_.moments);
    const std::vector<double> all = reader.numbers(2 * header_.features() + kNorms);
    if (std::ranges::any_of(all, [](double number) { return number < 0; }))
        fail("is damaged: it has a mean square below 0");
    const auto features = static_cast<std::ptrdiff_t>(header_.features());
    moments_.variance.assign(all.begin(), all.begin() + features);
    moments_.square.assign(all.begin() + features, all.begin() + 2 * features);
    const double* norms = all.data() + 2 * features;
    moments_.exact = {norms[0], norms[1], norms[2]};
    moments_.read = {norms[3], norms[4], norms[5]};
}

void StoreFile::mapLabels() {
    try {
        mappedLabels_ = MappedFile(descriptor_, places_.labels.at, places_.labels.bytes, lost_);
    } catch (const std::system_error&) {
        throw InputError(path_.string() + ": its labels do not fit into the memory limit; use a higher one");
    }
    labels_ = {reinterpret_cast<const float*>(mappedLabels_.data()), header_.rows};
}

void StoreFile::checkLabels() const {
    check(places_.labels, 0, bytesOf(labels_));
    const bool classes = header_.task == Task::Classification;
    const auto wrong = std::ranges::find_if(labels_, [classes](float label) {
        return classes ? label != -1 && label != 1 : !std::isfinite(label);
    });
    if (wrong != labels_.end())
        fail("is damaged: the label of row " + std::to_string(wrong - labels_.begin() + 1) +
             (classes ? " is of neither class" : " is no finite number"));
}

KeptRows StoreFile::keptRows() const {
    StoreReader reader(descriptor_, places_.end, path_);
    reader.moveTo(places_.kept.at);
    const auto bytes = reader.list<unsigned char>(places_.kept.bytes);
    check(places_.kept, 0, bytes);
    KeptRows kept;
    kept.numbers.resize(header_.keptRows);
    kept.values.resize(header_.keptRows * header_.features());
    std::memcpy(kept.numbers.data(), bytes.data(),
                bytesOf(std::span<const std::uint32_t>(kept.numbers)).size());
    std::memcpy(kept.values.data(), bytes.data() + kept.numbers.size() * sizeof(std::uint32_t),
                kept.values.size() * sizeof(float));
    std::vector<std::uint32_t> sorted = kept.numbers;
    std::ranges::sort(sorted);
    if (sorted.back() >= header_.rows || std::ranges::adjacent_find(sorted) != sorted.end() ||
        !std::ranges::all_of(kept.values, [](float value) { return std::isfinite(value); }))
        fail("is damaged: its kept rows are none of its own");
    return kept;
}

MappedFile StoreFile::map(std::size_t begin, std::size_t end) const {
    const std::uint64_t from = begin * std::uint64_t{kBlockBytes};
    const std::uint64_t to = std::min(end * std::uint64_t{kBlockBytes}, places_.codes.bytes);
    try {
        return {descriptor_, places_.codes.at + from, static_cast<std::size_t>(to - from), lost_};
    } catch (const std::system_error& error) {
        throw InputError(path_.string() + ": " + std::to_string((to - from) >> 20U) +
                         " MB of it cannot be mapped (" + error.code().message() +
                         "); use a smaller batch or a higher memory limit");
    }
}

void StoreFile::fetch(std::uint64_t begin, std::uint64_t end) const {
    ::posix_fadvise(descriptor_, static_cast<off_t>(places_.codes.at + begin),
                    static_cast<off_t>(end - begin), POSIX_FADV_WILLNEED);
}

void StoreFile::checkCodes(std::size_t first, std::span<const unsigned char> bytes) const {
    const std::size_t blocks = (bytes.size() + kBlockBytes - 1) / kBlockBytes;
    const auto at = [&](std::size_t block) { return std::min(block * kBlockBytes, bytes.size()); };
    for (std::size_t begin = 0; begin < blocks;) {
        std::size_t end = begin;
        while (end < blocks && checked_[first + end] == 0)
            ++end;
        if (end == begin) {
            ++begin;
            continue;
        }
        check(places_.codes, first + begin, bytes.subspan(at(begin), at(end) - at(begin)));
        std::fill(checked_.begin() + static_cast<std::ptrdiff_t>(first + begin),
                  checked_.begin() + static_cast<std::ptrdiff_t>(first + end), static_cast<unsigned char>(1));
        begin = end;
    }
}

void StoreFile::check(const StoreSection& section, std::size_t first,
                      std::span<const unsigned char> bytes) const {
    std::vector<std::uint32_t> found((bytes.size() + kBlockBytes - 1) / kBlockBytes);
    sumBlocks(bytes, found.data());
    const auto known = sums_.begin() + static_cast<std::ptrdiff_t>(section.firstSum + first);
    const auto wrong = std::mismatch(found.begin(), found.end(), known).first;
    if (wrong == found.end())
        return;
    if (lost_)
        requireWhole();
    std::string what = "kept rows";
    if (&section != &places_.kept) {
        const bool codes = &section == &places_.codes;
        const std::uint64_t begin = (first + static_cast<std::size_t>(wrong - found.begin())) * kBlockBytes;
        const auto rowOf = [&](std::uint64_t byte) {
            return codes ? byte / header_.layout().tileBytes() * kTileRows : byte / sizeof(float);
        };
        what = (codes ? "codes of rows " : "labels of rows ") + std::to_string(rowOf(begin) + 1) + " to " +
               std::to_string(std::min<std::uint64_t>(header_.rows, rowOf(begin + kBlockBytes - 1) +
                                                                        (codes ? kTileRows : 1)));
    }
    fail("is damaged: the checksum of its " + what + " is wrong");
}

void StoreFile::requireWhole() const {
    struct stat status {};
    if (lost_ || ::fstat(descriptor_, &status) != 0 ||
        static_cast<std::uint64_t>(status.st_size) != places_.end)
        throw InputError(path_.string() +
                         ": was cut off or written to while it was read; write it again with zipml quantize");
    if (status.st_mtim.tv_sec == written_.tv_sec && status.st_mtim.tv_nsec == written_.tv_nsec)
        return;
    written_ = status.st_mtim;
    std::ranges::fill(checked_, static_cast<unsigned char>(0));
    checkLabels();
}

} // namespace zipml
