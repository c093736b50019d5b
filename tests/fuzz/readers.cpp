#include "tests/fuzz/readers.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json_file.h"
#include "core/base/parallel.h"
#include "core/data/load.h"
#include "core/deep/deep_model.h"
#include "core/deep/image_set.h"
#include "core/document/history_file.h"
#include "core/document/lesson.h"
#include "core/document/preset.h"
#include "core/document/record_file.h"
#include "core/document/session.h"
#include "core/fetch/catalogue.h"
#include "core/lab/run_spec.h"
#include "core/lab/store_run.h"
#include "core/model/import/read_model.h"
#include "core/quant/store_file.h"
#include "core/quant/tile_window.h"
#include "core/reproduce/claim.h"
#include "core/study/sweep.h"

#include <stdexcept>

namespace zipml::fuzz {
namespace {

using Path = std::filesystem::path;

template <class Read>
void refusedInOneLine(const Read& read) {
    try {
        read();
    } catch (const InputError& error) {
        const std::string_view said = error.what();
        if (said.empty() || said.find('\n') != std::string_view::npos)
            throw std::logic_error("a refusal is not one line");
    }
}

void load(const Path& file, const char* format) {
    refusedInOneLine([&] {
        LoadOptions options;
        options.format = format;
        LoadContext context;
        context.threads = 1;
        constexpr std::uint64_t kLimit = 256U << 20U;
        context.memoryLimitBytes = kLimit;
        const LoadedData loaded = loadData(file, options, context);
        if (loaded.data.values.size() != loaded.data.rows * loaded.data.features)
            throw std::logic_error("a data set is not whole");
    });
}

void readStore(const Path& file) {
    refusedInOneLine([&] {
        const StoreFile store(file);
        ThreadTeam team(1);
        (void)specOfStore(file);
        (void)store.labels();
        checkCodes(store, team, {});
    });
}

template <class Parse>
void parse(const Path& file, const Parse& parse) {
    refusedInOneLine([&] { (void)parse(readFile(file), file.filename().string()); });
}

constexpr Reader kReaders[] = {
    {"data", [](const Path& file) { load(file, "auto"); }},
    {"csv", [](const Path& file) { load(file, "csv"); }},
    {"libsvm", [](const Path& file) { load(file, "libsvm"); }},
    {"arff", [](const Path& file) { load(file, "arff"); }},
    {"matrix-market", [](const Path& file) { load(file, "matrix-market"); }},
    {"npy", [](const Path& file) { load(file, "npy"); }},
    {"npz", [](const Path& file) { load(file, "npz"); }},
    {"mat", [](const Path& file) { load(file, "mat"); }},
    {"hdf5", [](const Path& file) { load(file, "hdf5"); }},
    {"store", readStore},
    {"spec", [](const Path& file) { refusedInOneLine([&] { (void)readSpec(file); }); }},
    {"model", [](const Path& file) { refusedInOneLine([&] { (void)readAnyModel(file); }); }},
    {"session", [](const Path& file) { parse(file, parseSession); }},
    {"runs", [](const Path& file) { parse(file, parseRuns); }},
    {"history", [](const Path& file) { parse(file, historyFromText); }},
    {"sweep", [](const Path& file) { refusedInOneLine([&] { (void)readSweep(file); }); }},
    {"checkpoint", [](const Path& file) { refusedInOneLine([&] { (void)deep::readCheckpoint(file); }); }},
    {"images", [](const Path& file) { refusedInOneLine([&] { (void)deep::readImages(file, file); }); }},
    {"lesson", [](const Path& file) { parse(file, parseLesson); }},
    {"preset", [](const Path& file) { parse(file, parsePreset); }},
    {"catalogue", [](const Path& file) { parse(file, parseCatalogue); }},
};

} // namespace

std::span<const Reader> readers() {
    return kReaders;
}

} // namespace zipml::fuzz
