#include "core/quant/store_header.h"

#include "core/base/format_version.h"
#include "core/base/json_fields.h"
#include "core/base/json_file.h"
#include "core/base/json_text.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <limits>
#include <system_error>
#include <unistd.h>

namespace zipml {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "numbers are written as they are in memory");

constexpr std::string_view kMagic = "ZIPML-ZQ";
constexpr int kVersion = 4;

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
                   {"kept_rows", header.keptRows},
                   {"spec", header.spec}};
    if (!header.classNames.empty())
        object["class_names"] = header.classNames;
    if (header.schema != nullptr)
        object["layout"] = toJson(*header.schema);
    return jsonText(object);
}

/// @throws InputError, as of a fraction or a negative one
std::uint64_t countAt(const json& value) {
    std::uint64_t count = 0;
    json_fields::read(value, count);
    return count;
}

Grid gridFrom(const json& grid, const std::vector<Grid>& tables, std::uint32_t mostLevels,
              const StoreReader& reader) {
    if (!grid.is_array())
        return tables.at(countAt(grid));
    const auto low = grid.at(0).get<double>();
    const auto high = grid.at(1).get<double>();
    const auto levels = countAt(grid.at(2));
    if (!(low <= high) || !std::isfinite(high - low) || levels > mostLevels ||
        levels < (low < high ? 2U : 1U))
        reader.fail("has a grid that contradicts itself");
    return Grid::uniform(low, high, static_cast<std::uint32_t>(levels));
}

std::vector<Grid> gridsFrom(const json& header, int bits, StoreReader& reader) {
    const std::uint32_t mostLevels = 1U << static_cast<unsigned>(bits);
    std::vector<Grid> tables;
    for (const json& levels : header.at("levels")) {
        reader.align();
        auto all = reader.numbers(countAt(levels));
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
void readDescription(const json& object, StoreHeader& header, const StoreReader& reader) {
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
    header.dealtRows = countAt(object.at("dealt_rows"));
    header.levelRows = countAt(object.at("level_rows"));
    header.spec = object.at("spec");
}

StoreHeader readHeader(const json& object, StoreReader& reader) {
    if (formatVersion(object, kVersion) < kVersion)
        reader.fail("was written by an older version of ZipML Lab, without checksums");
    StoreHeader header;
    header.rows = countAt(object.at("rows"));
    header.keptRows = countAt(object.at("kept_rows"));
    const std::uint64_t bits = countAt(object.at("bits")), copies = countAt(object.at("copies"));
    if (header.rows < 1 || header.rows > std::numeric_limits<std::uint32_t>::max() || bits < 1 || bits > 16 ||
        copies < 1 || copies > 8 || header.keptRows > header.rows ||
        header.keptRows < std::min<std::size_t>(header.rows, kFewestKeptRows))
        reader.fail("has a header that contradicts itself");
    header.options = {static_cast<int>(bits), static_cast<int>(copies),
                      object.at("rounding") == "nearest" ? Rounding::Nearest : Rounding::Stochastic,
                      countAt(object.at("seed"))};
    header.grids = gridsFrom(object, header.options.bits, reader);
    if (header.grids.empty() || header.features() != countAt(object.at("features")))
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

void StoreReader::fail(const std::string& why) const {
    throw InputError(file_.string() + ": " + why + "; write it again with zipml quantize");
}

void StoreReader::align() {
    at_ = roundUp(at_, kStoreAlignment);
}

void StoreReader::requireRoom(std::uint64_t count, std::uint64_t size) const {
    if (at_ > fileBytes_ || count > (fileBytes_ - at_) / size)
        fail("is cut off");
}

void StoreReader::take(void* to, std::uint64_t count) {
    requireRoom(count, 1);
    for (std::uint64_t done = 0; done < count;) {
        const auto got =
            ::pread(descriptor_, static_cast<char*>(to) + done, count - done, static_cast<off_t>(at_ + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0)
            fail("was cut off while it was read");
        if (got < 0)
            fail("cannot be read: " + std::generic_category().message(errno));
        done += static_cast<std::uint64_t>(got);
    }
    at_ += count;
}

std::string StoreReader::text(std::uint64_t count) {
    requireRoom(count, 1);
    std::string result(count, '\0');
    take(result.data(), count);
    return result;
}

std::vector<double> StoreReader::numbers(std::uint64_t count) {
    auto result = list<double>(count);
    if (!std::ranges::all_of(result, [](double number) { return std::isfinite(number); }))
        fail("has numbers that are not finite");
    return result;
}

std::string headerBytes(const StoreHeader& header) {
    const std::string text = headerText(header);
    const std::uint64_t length = text.size();
    std::string bytes(kMagic);
    bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
    bytes += text;
    for (const Grid* grid : tablesOf(header.grids)) {
        bytes.resize(roundUp(bytes.size(), kStoreAlignment), '\0');
        for (std::uint32_t i = 0; i < grid->levels(); ++i) {
            const double level = grid->level(i);
            bytes.append(reinterpret_cast<const char*>(&level), sizeof level);
        }
    }
    return bytes;
}

StoreHeader readHeaderBytes(StoreReader& reader) {
    char magic[kMagic.size()] = {};
    if (reader.fileBytes() >= sizeof magic)
        reader.take(magic, sizeof magic);
    if (std::string_view(magic, sizeof magic) != kMagic)
        throw InputError("is no sample store; zipml quantize writes one");
    std::uint64_t length = 0;
    reader.take(&length, sizeof length);
    const std::string text = reader.text(length);
    try {
        return readHeader(json::parse(text), reader);
    } catch (const json::exception&) { // whose words quote the file's bytes
        reader.fail("is damaged: its header cannot be read");
    } catch (const std::invalid_argument&) {
        reader.fail("has a header that contradicts itself");
    } catch (const std::out_of_range&) {
        reader.fail("names a table of levels or a column that it does not have");
    }
}

} // namespace zipml
