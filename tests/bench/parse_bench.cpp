// Reading data files that are in the page cache, all that loadData and scanData do: MB of text a second.

#include "core/base/random.h"
#include "core/data/load.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>

using namespace zipml;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFileBytes = 200'000'000;
constexpr std::uint32_t kColumns = 90;

/// A folder that goes when the program ends.
class Folder {
  public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "zipml_bench_XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("no temporary folder " + name);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }
    [[nodiscard]] const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

std::string normalText(const RandomStream& random, std::uint32_t row, std::uint32_t column) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", random.normals(row, column / 4)[column % 4]);
    return text;
}

/// 90 normals and a label.
std::string csvRow(const RandomStream& random, std::uint32_t row) {
    std::string line = normalText(random, row, kColumns);
    for (std::uint32_t c = 0; c < kColumns; ++c)
        line += "," + normalText(random, row, c);
    return line;
}

std::string denseRow(const RandomStream& random, std::uint32_t row) {
    std::string line = row % 2 == 0 ? "1" : "-1";
    for (std::uint32_t c = 0; c < kColumns; ++c)
        line += " " + std::to_string(c + 1) + ":" + normalText(random, row, c);
    return line;
}

/// Like a9a: ones, 14 of 123 features.
std::string sparseRow(const RandomStream& random, std::uint32_t row) {
    std::string line = row % 4 == 0 ? "+1" : "-1";
    for (std::uint32_t c = 0; c < 123; ++c)
        if (c == 122 || random.uniform(row, c) < 13.0 / 122.0)
            line += " " + std::to_string(c + 1) + ":1";
    return line;
}

/// Written on the first call: some rows, over and over.
const fs::path& fileOf(const std::string& name, std::string (*row)(const RandomStream&, std::uint32_t)) {
    static const Folder folder;
    static std::map<std::string, fs::path> known;
    auto& file = known[name];
    if (file.empty()) {
        file = folder.path() / name;
        const RandomStream random(1, Purpose::Synthetic);
        std::string rows;
        for (std::uint32_t r = 0; rows.size() < kFileBytes / 100; ++r)
            rows += row(random, r) + "\n";
        std::ofstream out(file, std::ios::binary);
        for (std::size_t bytes = 0; bytes < kFileBytes; bytes += rows.size())
            out << rows;
    }
    return file;
}

void load(benchmark::State& state, const std::string& name,
          std::string (*row)(const RandomStream&, std::uint32_t)) {
    const auto& file = fileOf(name, row);
    LoadContext context;
    context.threads = static_cast<int>(state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(loadData(file, {}, context));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(fs::file_size(file)));
}

void scan(benchmark::State& state, const std::string& name,
          std::string (*row)(const RandomStream&, std::uint32_t)) {
    const auto& file = fileOf(name, row);
    LoadContext context;
    context.threads = static_cast<int>(state.range(0));
    for (auto _ : state)
        scanData(
            file, {}, context, [](const RowBlock& block) { benchmark::DoNotOptimize(block.values.data()); },
            [] {});
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(fs::file_size(file)));
}

[[maybe_unused]] const bool kRegistered = [] {
    for (const auto& [name, row] :
         {std::pair{"csv", &csvRow}, {"libsvm_dense", &denseRow}, {"libsvm_sparse", &sparseRow}})
        for (const auto& [what, run] : {std::pair{"load/", &load}, {"scan/", &scan}})
            benchmark::RegisterBenchmark((std::string(what) + name).c_str(), run, name, row)
                ->Arg(1)
                ->Arg(2)
                ->ArgName("threads")
                ->Unit(benchmark::kMillisecond)
                ->UseRealTime();
    return true;
}();

} // namespace
