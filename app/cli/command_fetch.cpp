#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress.h"
#include "core/base/file.h"
#include "core/fetch/fetch.h"

#include <cstdio>

namespace zipml::cli {
namespace {

using nlohmann::json;

struct FetchFlags {
    std::vector<std::string> names;
    std::string folder, catalogue;
    bool asJson = false;
};

const char* stateName(FetchState state) {
    return state == FetchState::Here ? "here" : state == FetchState::Partial ? "partial" : "absent";
}

json describe(const CatalogueEntry& entry, const std::filesystem::path& folder) {
    json files = json::array();
    for (const auto& download : entry.downloads) {
        json contents = json::array();
        for (const auto& file : download.contents)
            contents.push_back((folder / file.file).string());
        files.push_back({{"url", download.url},
                         {"bytes", download.bytes == 0 ? json() : json(download.bytes)},
                         {"checksum", download.checksum.empty() ? "not published" : download.checksum},
                         {"checksum_source", download.checksumSource},
                         {"files", contents}});
    }
    const auto bytes = bytesOf(entry);
    return {{"name", entry.name},         {"title", entry.title},
            {"task", nameOf(entry.task)}, {"classes", entry.classes},
            {"rows", entry.rows},         {"test_rows", entry.testRows},
            {"features", entry.features}, {"bytes", bytes == 0 ? json() : json(bytes)},
            {"licence", entry.licence},   {"citation", entry.citation},
            {"page", entry.page},         {"state", stateName(stateOf(entry, folder))},
            {"downloads", files}};
}

int list(const std::vector<CatalogueEntry>& catalogue, const std::filesystem::path& folder, bool asJson) {
    if (asJson) {
        json sets = json::array();
        for (const auto& entry : catalogue)
            sets.push_back(describe(entry, folder));
        printJson({{"folder", folder.string()}, {"datasets", sets}});
        return 0;
    }
    std::printf("%-18s %-14s %16s %9s %13s  %-8s %s\n", "name", "task", "rows x features", "test rows",
                "to fetch", "state", "licence");
    for (const auto& entry : catalogue)
        std::printf("%-18s %-14s %16s %9zu %13s  %-8s %s\n", entry.name.c_str(),
                    std::string(nameOf(entry.task)).c_str(), shapeOf(entry).c_str(), entry.testRows,
                    fetchSizeText(entry).c_str(), stateName(stateOf(entry, folder)), entry.licence.c_str());
    std::printf("\nfolder: %s\n'zipml fetch NAME' fetches; 'zipml fetch --json' has addresses, checksums and "
                "citations.\n",
                folder.c_str());
    return 0;
}

void print(const CatalogueEntry& entry, const std::vector<FetchedFile>& files, const std::string& train) {
    std::printf("%s: %s\n", entry.name.c_str(), entry.title.c_str());
    for (const auto& file : files)
        std::printf("  %s  (%s, %s)\n", file.file.c_str(), file.wasHere ? "was here" : "fetched",
                    (file.verified.empty() ? "not verified" : "verified by " + file.verified).c_str());
    std::printf("  licence: %s\n  cite: %s\n", entry.licence.c_str(), entry.citation.c_str());
    std::printf("train on it:\n  %s\n", train.c_str());
}

json toJson(const CatalogueEntry& entry, const std::vector<FetchedFile>& files, const std::string& train) {
    json list = json::array();
    for (const auto& file : files)
        list.push_back({{"file", file.file.string()},
                        {"part", file.part == DataPart::Train  ? json("train")
                                 : file.part == DataPart::Test ? json("test")
                                                               : json()},
                        {"was_here", file.wasHere},
                        {"verified", file.verified.empty() ? json() : json(file.verified)}});
    return {{"name", entry.name},
            {"files", list},
            {"licence", entry.licence},
            {"citation", entry.citation},
            {"train", train}};
}

int fetch(const std::vector<CatalogueEntry>& catalogue, const std::filesystem::path& folder,
          const FetchFlags& options) {
    std::vector<const CatalogueEntry*> wanted; // all are looked up before the first is fetched
    for (const auto& name : options.names)
        wanted.push_back(&findEntry(catalogue, name));
    RunControl control;
    const StopsOnInterrupt stops(control);
    json sets = json::array();
    for (const auto* entry : wanted) {
        std::vector<FetchedFile> files;
        {
            ProgressBar bar;
            const Job job{control.stopToken(),
                          [&bar](double share, std::string_view what) { bar.show(share, what); }};
            try {
                files = fetchDataset(*entry, folder, job);
            } catch (const Cancelled&) {
                throw RunError("stopped; what has come is kept, and the same command goes on from there");
            }
        }
        const std::string train = trainCommand(*entry, folder);
        if (options.asJson)
            sets.push_back(toJson(*entry, files, train));
        else
            print(*entry, files, train);
    }
    if (options.asJson)
        printJson({{"folder", folder.string()}, {"datasets", sets}});
    return 0;
}

int run(const FetchFlags& options) {
    const std::filesystem::path folder = std::filesystem::absolute(
        options.folder.empty() ? defaultDataFolder() : std::filesystem::path(options.folder));
    const auto catalogue = options.catalogue.empty()
                               ? builtInCatalogue()
                               : parseCatalogue(readFile(options.catalogue), options.catalogue);
    return options.names.empty() ? list(catalogue, folder, options.asJson)
                                 : fetch(catalogue, folder, options);
}

} // namespace

void addFetch(Command& app, Action& chosen) {
    auto* command = app.addSubcommand("fetch", "Fetch public data sets; without a name, list them");
    auto options = std::make_shared<FetchFlags>();
    command->addOption("NAME", options->names, "Data sets of the catalogue");
    command
        ->addOption("-o,--out", options->folder,
                    "Folder for the files [$ZIPML_DATA_DIR, else zipml/data in $XDG_DATA_HOME]")
        ->typeName("DIR");
    command
        ->addOption("--catalogue", options->catalogue,
                    "Another catalogue (JSON, shaped as core/fetch/catalogue.json) [built in]")
        ->typeName("FILE");
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    command->footer("A download that was stopped or broke off goes on from where it was (FILE.part), if the "
                    "server's file is still the same. Every file is verified: by a checksum where one is "
                    "known, else by its rows and features. Proxies are those of https_proxy and http_proxy.");
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
