#include "core/quant/store_file.h"

#include "core/base/file.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace zipml {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "numbers are written as they are in memory");

constexpr std::string_view kMagic = "ZIPML-ZQ";
constexpr int kVersion = 2;
constexpr std::size_t kAlignment = 64;

void align(std::string& bytes) {
    bytes.resize((bytes.size() + kAlignment - 1) / kAlignment * kAlignment, '\0');
}

template <class Number>
void append(std::string& bytes, std::span<const Number> numbers) {
    align(bytes);
    bytes.append(reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes());
}

/// Reads the file's parts one after the other.
class Reader {
  public:
    Reader(std::string bytes, std::filesystem::path file)
        : bytes_(std::move(bytes)), file_(std::move(file)) {}

    [[noreturn]] void fail(const std::string& why) const {
        throw InputError(file_.string() + ": " + why + "; write it again with zipml quantize");
    }
    std::string_view take(std::size_t count) {
        if (count > bytes_.size() - std::min(at_, bytes_.size()))
            fail("is cut off");
        const std::string_view part(bytes_.data() + at_, count);
        at_ += count;
        return part;
    }
    template <class Number>
    std::vector<Number> numbers(std::size_t count) {
        at_ = (at_ + kAlignment - 1) / kAlignment * kAlignment;
        if (count > bytes_.size() / sizeof(Number))
            fail("is cut off");
        const auto part = take(count * sizeof(Number));
        std::vector<Number> result(count);
        if (count > 0)
            std::memcpy(result.data(), part.data(), part.size());
        return result;
    }
    void requireEnd() const {
        if (at_ != bytes_.size())
            fail("has " + std::to_string(bytes_.size() - at_) + " bytes too many");
    }

  private:
    std::string bytes_;
    std::filesystem::path file_;
    std::size_t at_ = 0;
};

} // namespace

std::uint64_t writeStore(const StoreFile& contents, const std::filesystem::path& file) {
    const SampleStore& store = contents.store;
    std::vector<const Grid*> tables;
    json grids = json::array();
    for (const Grid& grid : store.grids()) {
        if (grid.isUniform()) {
            grids.push_back({grid.low(), grid.high(), grid.levels()});
            continue;
        }
        auto same =
            std::ranges::find_if(tables, [&](const Grid* other) { return other->sharesLevelsWith(grid); });
        if (same == tables.end()) {
            tables.push_back(&grid);
            same = tables.end() - 1;
        }
        grids.push_back(same - tables.begin());
    }
    json levels = json::array();
    for (const Grid* grid : tables)
        levels.push_back(grid->levels());
    const auto& options = store.options();
    const json header = {{"version", kVersion},
                         {"rows", store.rows()},
                         {"features", store.grids().size()},
                         {"bits", options.bits},
                         {"copies", options.copies},
                         {"rounding", options.rounding == Rounding::Nearest ? "nearest" : "stochastic"},
                         {"seed", options.seed},
                         {"levels", levels},
                         {"grids", grids},
                         {"corrected", !contents.correction.empty()},
                         {"about", contents.about}};
    const std::string text = header.dump();
    std::string bytes(kMagic);
    const std::uint64_t length = text.size();
    bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
    bytes += text;
    for (const Grid* grid : tables) {
        std::vector<double> all(grid->levels());
        for (std::uint32_t i = 0; i < grid->levels(); ++i)
            all[i] = grid->level(i);
        append(bytes, std::span<const double>(all));
    }
    append(bytes, std::span<const float>(contents.labels));
    append(bytes, std::span<const float>(contents.correction));
    append(bytes, store.packed());
    writeFileAtomically(file, bytes);
    return bytes.size();
}

StoreFile readStore(const std::filesystem::path& file) {
    Reader reader(readFile(file), file);
    if (reader.take(kMagic.size()) != kMagic)
        throw InputError(file.string() + ": is no sample store; zipml quantize writes one");
    std::uint64_t length = 0;
    std::memcpy(&length, reader.take(sizeof length).data(), sizeof length);
    try {
        const json header = json::parse(reader.take(length));
        if (header.at("version").get<int>() > kVersion)
            throw InputError(file.string() + ": was written by a newer version of ZipML Lab; update it");
        std::vector<Grid> tables;
        for (const json& levels : header.at("levels")) {
            auto all = reader.numbers<double>(levels.get<std::size_t>());
            if (all.empty() || !std::ranges::is_sorted(all, std::less_equal{}))
                reader.fail("has levels that do not increase");
            tables.emplace_back(std::move(all));
        }
        std::vector<Grid> grids;
        for (const json& grid : header.at("grids"))
            grids.push_back(grid.is_array() ? Grid::uniform(grid.at(0), grid.at(1), grid.at(2))
                                            : tables.at(grid.get<std::size_t>()));
        const auto rows = header.at("rows").get<std::size_t>();
        const StoreOptions options{
            header.at("bits"), header.at("copies"),
            header.at("rounding") == "nearest" ? Rounding::Nearest : Rounding::Stochastic, header.at("seed")};
        if (grids.size() != header.at("features").get<std::size_t>() || options.bits < 1 ||
            options.bits > 16 || options.copies < 1 || options.copies > 8)
            reader.fail("has a header that contradicts itself");
        auto labels = reader.numbers<float>(rows);
        auto correction = reader.numbers<float>(header.at("corrected").get<bool>() ? grids.size() : 0);
        const TileLayout layout = SampleStore::layoutOf(grids.size(), options);
        const auto codes = reader.numbers<unsigned char>(TileLayout::tilesOf(rows) * layout.tileBytes());
        reader.requireEnd();
        SampleStore store(rows, std::move(grids), options);
        store.restore(codes);
        return {std::move(store), std::move(labels), std::move(correction), header.at("about")};
    } catch (const json::exception& error) {
        reader.fail(std::string("is damaged (") + error.what() + ")");
    } catch (const std::out_of_range&) {
        reader.fail("names a table of levels that it does not have");
    }
}

} // namespace zipml
