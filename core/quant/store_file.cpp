#include "core/quant/store_file.h"

#include "core/base/json_file.h"
#include "core/base/json_text.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace zipml {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "numbers are written as they are in memory");

constexpr std::string_view kMagic = "ZIPML-ZQ";
constexpr int kVersion = 3;
constexpr std::uint64_t kAlignment = 64;
constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kIntroduction = 16; ///< bytes before the header
constexpr std::size_t kNorms = 3;           ///< moments beside the variances

std::uint64_t roundUp(std::uint64_t bytes, std::uint64_t unit) {
    return (bytes + unit - 1) / unit * unit;
}

/// The grids that have a table of levels of their own; features that share one follow one another.
std::vector<const Grid*> tablesOf(std::span<const Grid> grids) {
    std::vector<const Grid*> tables;
    for (const Grid& grid : grids)
        if (!grid.isUniform() && (tables.empty() || !tables.back()->sharesLevelsWith(grid)))
            tables.push_back(&grid);
    return tables;
}

json gridsJson(std::span<const Grid> grids) {
    json list = json::array();
    const Grid* last = nullptr;
    int table = -1;
    for (const Grid& grid : grids) {
        if (grid.isUniform()) {
            list.push_back({grid.low(), grid.high(), grid.levels()});
            continue;
        }
        table += last != nullptr && last->sharesLevelsWith(grid) ? 0 : 1;
        last = &grid;
        list.push_back(table);
    }
    return list;
}

std::string headerText(const StoreHeader& header) {
    json levels = json::array();
    for (const Grid* grid : tablesOf(header.grids))
        levels.push_back(grid->levels());
    const auto& options = header.options;
    json object = {{"version", kVersion},
                   {"data", header.dataName},
                   {"rows", header.rows},
                   {"features", header.features()},
                   {"bits", options.bits},
                   {"copies", options.copies},
                   {"rounding", options.rounding == Rounding::Nearest ? "nearest" : "stochastic"},
                   {"seed", options.seed},
                   {"levels", levels},
                   {"grids", gridsJson(header.grids)},
                   {"task", nameOf(header.task)},
                   {"class_labels", header.classLabels},
                   {"scaling",
                    {{"kind", nameOf(header.scaling.kind)},
                     {"offset", header.scaling.offset},
                     {"factor", header.scaling.factor}}},
                   {"feature_names", header.featureNames},
                   {"dealt_rows", header.dealtRows},
                   {"level_rows", header.levelRows},
                   {"spec", header.spec}};
    if (!header.classNames.empty())
        object["class_names"] = header.classNames;
    if (header.schema != nullptr)
        object["layout"] = toJson(*header.schema);
    return jsonText(object);
}

/// @param begin of the moments: what follows header and tables
StorePlaces placesFrom(std::uint64_t begin, const StoreHeader& header) {
    StorePlaces places;
    places.moments = roundUp(begin, kAlignment);
    places.labels = roundUp(places.moments + (header.features() + kNorms) * sizeof(double), kAlignment);
    places.codes = roundUp(places.labels + header.rows * sizeof(float), kPage);
    places.end = places.codes + header.codeBytes() + kLineBytes;
    return places;
}

/// Reads what stands before the labels, one part after the other.
class Reader {
  public:
    Reader(int descriptor, std::uint64_t fileBytes, const std::filesystem::path& file)
        : descriptor_(descriptor), fileBytes_(fileBytes), file_(file) {}

    [[noreturn]] void fail(const std::string& why) const {
        throw InputError(file_.string() + ": " + why + "; write it again with zipml quantize");
    }
    [[nodiscard]] std::uint64_t at() const { return at_; }
    [[nodiscard]] std::uint64_t fileBytes() const { return fileBytes_; }
    void align() { at_ = roundUp(at_, kAlignment); }
    void take(void* to, std::uint64_t count) {
        if (at_ > fileBytes_ || count > fileBytes_ - at_)
            fail("is cut off");
        for (std::uint64_t done = 0; done < count;) {
            const auto got = ::pread(descriptor_, static_cast<char*>(to) + done, count - done,
                                     static_cast<off_t>(at_ + done));
            if (got <= 0)
                fail("cannot be read");
            done += static_cast<std::uint64_t>(got);
        }
        at_ += count;
    }
    /// Checks the size before it makes room.
    std::string text(std::uint64_t count) {
        if (count > fileBytes_ - std::min(at_, fileBytes_))
            fail("is cut off");
        std::string result(count, '\0');
        take(result.data(), count);
        return result;
    }
    std::vector<double> numbers(std::uint64_t count) {
        if (count > fileBytes_ / sizeof(double))
            fail("is cut off");
        std::vector<double> result(count);
        take(result.data(), count * sizeof(double));
        if (!std::ranges::all_of(result, [](double number) { return std::isfinite(number); }))
            fail("has numbers that are not finite");
        return result;
    }

  private:
    int descriptor_;
    std::uint64_t fileBytes_;
    const std::filesystem::path& file_;
    std::uint64_t at_ = 0;
};

Grid gridFrom(const json& grid, const std::vector<Grid>& tables, std::uint32_t mostLevels,
              const Reader& reader) {
    if (!grid.is_array())
        return tables.at(grid.get<std::size_t>());
    const auto low = grid.at(0).get<double>();
    const auto high = grid.at(1).get<double>();
    const auto levels = grid.at(2).get<std::uint64_t>();
    if (!(low <= high) || !std::isfinite(high - low) || levels > mostLevels ||
        levels < (low < high ? 2U : 1U))
        reader.fail("has a grid that contradicts itself");
    return Grid::uniform(low, high, static_cast<std::uint32_t>(levels));
}

std::vector<Grid> gridsFrom(const json& header, int bits, Reader& reader) {
    const std::uint32_t mostLevels = 1U << static_cast<unsigned>(bits);
    std::vector<Grid> tables;
    for (const json& levels : header.at("levels")) {
        reader.align();
        auto all = reader.numbers(levels.get<std::size_t>());
        if (all.empty() || all.size() > mostLevels || !std::ranges::is_sorted(all, std::less_equal{}))
            reader.fail("has levels that do not increase");
        tables.emplace_back(std::move(all));
    }
    std::vector<Grid> grids;
    for (const json& grid : header.at("grids"))
        grids.push_back(gridFrom(grid, tables, mostLevels, reader));
    return grids;
}

/// What is known of the rows beside their codes.
void readDescription(const json& object, StoreHeader& header, const Reader& reader) {
    header.task = parseName<Task>(object.at("task").get<std::string>(), "task");
    header.classLabels = object.at("class_labels").get<std::vector<double>>();
    const json& scaling = object.at("scaling");
    header.scaling = {parseName<ScalingKind>(scaling.at("kind").get<std::string>(), "scaling"),
                      scaling.at("offset").get<std::vector<double>>(),
                      scaling.at("factor").get<std::vector<double>>()};
    header.featureNames = object.at("feature_names").get<std::vector<std::string>>();
    const std::size_t features = header.features();
    if (header.scaling.offset.size() != features || header.scaling.factor.size() != features ||
        (!header.featureNames.empty() && header.featureNames.size() != features) ||
        header.classLabels.size() != (header.task == Task::Classification ? 2U : 0U))
        reader.fail("has a header that contradicts itself");
    header.classNames = object.value("class_names", std::vector<std::string>{});
    if (object.contains("layout"))
        header.schema = std::make_shared<Schema>(schemaFromJson(JsonPart(object.at("layout"), "layout")));
    if ((!header.classNames.empty() && header.classNames.size() != header.classLabels.size()) ||
        (header.schema != nullptr && header.schema->features() != features))
        reader.fail("has a header that contradicts itself");
    header.dataName = object.at("data").get<std::string>();
    header.dealtRows = object.at("dealt_rows").get<std::size_t>();
    header.levelRows = object.at("level_rows").get<std::size_t>();
    header.spec = object.at("spec");
}

StoreHeader readHeader(const json& object, Reader& reader) {
    const json& version = object.at("version");
    if (version.get<int>() > kVersion)
        throw InputError("was written by a newer version of ZipML Lab; update it");
    if (version.get<int>() < kVersion)
        reader.fail("was written by an older version of ZipML Lab");
    StoreHeader header;
    header.rows = object.at("rows").get<std::size_t>();
    header.options = {object.at("bits"), object.at("copies"),
                      object.at("rounding") == "nearest" ? Rounding::Nearest : Rounding::Stochastic,
                      object.at("seed")};
    const auto& options = header.options;
    if (header.rows < 1 || header.rows > std::numeric_limits<std::uint32_t>::max() || options.bits < 1 ||
        options.bits > 16 || options.copies < 1 || options.copies > 8)
        reader.fail("has a header that contradicts itself");
    header.grids = gridsFrom(object, options.bits, reader);
    if (header.grids.empty() || header.features() != object.at("features").get<std::size_t>())
        reader.fail("has a header that contradicts itself");
    if (TileLayout::tilesOf(header.rows) > reader.fileBytes() / header.layout().tileBytes())
        reader.fail("is cut off");
    readDescription(object, header, reader);
    return header;
}

} // namespace

std::uint64_t StoreHeader::codebookBytes() const {
    return zipml::codebookBytes(grids);
}

StoreWriter::StoreWriter(const StoreHeader& header, const std::filesystem::path& file) : file_(file, true) {
    const std::string text = headerText(header);
    const std::uint64_t length = text.size();
    write(0, kMagic.data(), kMagic.size());
    write(kMagic.size(), &length, sizeof length);
    write(kIntroduction, text.data(), text.size());
    std::uint64_t at = kIntroduction + length;
    for (const Grid* grid : tablesOf(header.grids)) {
        std::vector<double> levels(grid->levels());
        for (std::uint32_t i = 0; i < grid->levels(); ++i)
            levels[i] = grid->level(i);
        at = roundUp(at, kAlignment);
        write(at, levels.data(), levels.size() * sizeof(double));
        at += levels.size() * sizeof(double);
    }
    places_ = placesFrom(at, header);
    labelsAt_ = places_.labels;
    codesAt_ = places_.codes;
}

void StoreWriter::write(std::uint64_t at, const void* bytes, std::size_t count) {
    file_.writeAt(at, {static_cast<const char*>(bytes), count});
}

void StoreWriter::add(std::span<const float> labels, std::span<const unsigned char> codes) {
    write(labelsAt_, labels.data(), labels.size_bytes());
    write(codesAt_, codes.data(), codes.size());
    labelsAt_ += labels.size_bytes();
    codesAt_ += codes.size();
}

std::uint64_t StoreWriter::finish(const StoreMoments& moments) {
    std::vector<double> numbers = moments.variance;
    numbers.insert(numbers.end(),
                   {moments.meanSquaredNorm, moments.meanFourthNorm, moments.largestSquaredNorm});
    write(places_.moments, numbers.data(), numbers.size() * sizeof(double));
    constexpr char kNothing[kLineBytes] = {};
    write(places_.end - kLineBytes, kNothing, kLineBytes);
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
    ::munmap(mapped_, mappedBytes_);
    ::close(descriptor_);
}

void StoreFile::read() {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode))
        throw InputError(path_.string() + ": is no regular file; a store is mapped into memory");
    Reader reader(descriptor_, static_cast<std::uint64_t>(status.st_size), path_);
    char magic[kMagic.size()] = {};
    if (reader.fileBytes() >= sizeof magic)
        reader.take(magic, sizeof magic);
    if (std::string_view(magic, sizeof magic) != kMagic)
        throw InputError(path_.string() + ": is no sample store; zipml quantize writes one");
    std::uint64_t length = 0;
    reader.take(&length, sizeof length);
    const std::string text = reader.text(length);
    try {
        header_ = readHeader(json::parse(text), reader);
    } catch (const json::exception&) { // whose words quote the file's bytes
        reader.fail("is damaged: its header cannot be read");
    } catch (const std::invalid_argument&) {
        reader.fail("has a header that contradicts itself");
    } catch (const std::out_of_range&) {
        reader.fail("names a table of levels or a column that it does not have");
    } catch (const InputError& error) { // a name in the header that is none
        const std::string message = error.what();
        throw InputError(message.starts_with(path_.string()) ? message : path_.string() + ": " + message);
    }
    places_ = placesFrom(reader.at(), header_);
    if (reader.fileBytes() < places_.end)
        reader.fail("is cut off");
    if (reader.fileBytes() > places_.end)
        reader.fail("has " + std::to_string(reader.fileBytes() - places_.end) + " bytes too many");
    reader.align();
    moments_.variance = reader.numbers(header_.features());
    const auto norms = reader.numbers(kNorms);
    moments_.meanSquaredNorm = norms[0];
    moments_.meanFourthNorm = norms[1];
    moments_.largestSquaredNorm = norms[2];

    const std::uint64_t from = places_.labels / kPage * kPage;
    mappedBytes_ = static_cast<std::size_t>(places_.labels - from) + header_.rows * sizeof(float);
    void* mapped =
        ::mmap(nullptr, mappedBytes_, PROT_READ, MAP_SHARED, descriptor_, static_cast<off_t>(from));
    if (mapped == MAP_FAILED)
        throw InputError(path_.string() + ": its labels do not fit into the memory limit; use a higher one");
    mapped_ = mapped;
    labels_ = {reinterpret_cast<const float*>(static_cast<const char*>(mapped_) + (places_.labels - from)),
               header_.rows};
}

} // namespace zipml
