#include "core/fetch/fetch.h"

#include "core/base/file.h"
#include "core/base/output_file.h"
#include "core/deep/deep_spec.h"
#include "core/fetch/digest.h"
#include "core/fetch/download.h"
#include "core/fetch/unpack.h"

#include <algorithm>

namespace zipml {
namespace {

using Path = std::filesystem::path;

std::string kindOf(const std::string& checksum) {
    return checksum.substr(0, checksum.find(':'));
}

/// Is `file` the table that the catalogue describes? @throws RunError or InputError
void checkTable(const Path& file, const CatalogueFile& expected, const CatalogueEntry& entry,
                const Job& job) {
    LoadOptions options;
    if (!entry.labelColumn.empty())
        options.labelColumn = entry.labelColumn;
    const Job named{job.stop, [&](double share, std::string_view) {
                        job.report(share, "checking the rows of " + expected.file.filename().string());
                    }};
    const auto visit = [&](const RowBlock& rows) {
        if (rows.firstRow + rows.rows > expected.rows) // however many are still to come
            throw RunError(file.string() + ": has more rows than " + entry.name + ", which has " +
                           std::to_string(expected.rows));
    };
    const LoadedData found = scanData(
        file, options, {}, visit, [] {}, named);
    // The last features of a sparse test file may all be 0.
    const bool fits = expected.part == DataPart::Test && found.format == "libsvm"
                          ? found.data.features <= entry.features
                          : found.data.features == entry.features;
    if (found.data.rows != expected.rows || !fits)
        throw RunError(file.string() + ": has " + std::to_string(found.data.rows) + " rows x " +
                       std::to_string(found.data.features) + " features where " + entry.name + " has " +
                       std::to_string(expected.rows) + " x " + std::to_string(entry.features));
}

/// What a file that is already there is verified by. @throws RunError
std::string verifyExisting(const CatalogueDownload& download, const CatalogueFile& file,
                           const CatalogueEntry& entry, const Path& folder, const Job& job) {
    const Path path = folder / file.file;
    const auto refuse = [&](const std::string& expected, const std::string& found) {
        throw RunError(path.string() + ": is there and is another file: " + expected +
                       " was expected, it has " + found + "; move it away and fetch again");
    };
    if (const auto size = std::filesystem::file_size(path);
        file.member.empty() && download.bytes != 0 && size != download.bytes)
        refuse(std::to_string(download.bytes) + " bytes", std::to_string(size));
    if (file.member.empty() && !download.checksum.empty()) {
        std::string kind = kindOf(download.checksum);
        if (const std::string found = fileChecksum(path, kind, job); found != download.checksum)
            refuse(download.checksum, found);
        return kind;
    }
    if (file.rows == 0)
        return "";
    try {
        checkTable(path, file, entry, job);
    } catch (const Cancelled&) {
        throw;
    } catch (const std::exception& error) {
        throw RunError(std::string(error.what()) + "; move the file away and fetch again");
    }
    return "rows and features";
}

class Fetch {
  public:
    Fetch(const CatalogueEntry& entry, const Path& folder, const FetchOptions& options)
        : entry_(entry), folder_(folder), options_(options) {}

    void get(const CatalogueDownload& download, const Job& job, std::vector<FetchedFile>& fetched) const {
        const bool here = std::ranges::all_of(download.contents, [&](const CatalogueFile& file) {
            std::error_code failed;
            return std::filesystem::is_regular_file(folder_ / file.file, failed);
        });
        const std::string verified = here ? "" : bring(download, job);
        for (const auto& file : download.contents)
            fetched.push_back({folder_ / file.file, file.part, here,
                               here ? verifyExisting(download, file, entry_, folder_, job) : verified});
    }

  private:
    /// @return what the files are verified by
    std::string bring(const CatalogueDownload& download, const Job& job) const {
        for (const auto& file : download.contents)
            checkPlace(folder_ / file.file);
        checkPlace(folder_ / download.file);
        const bool archive = !download.contents.front().member.empty();
        DownloadRequest request;
        request.url = download.url;
        request.file = outputTarget(folder_ / download.file).file;
        request.bytes = download.bytes;
        request.checksum = download.checksum;
        request.page = entry_.page;
        request.retries = options_.retries;
        const bool byRows = download.checksum.empty() && !archive && download.contents.front().rows > 0;
        const Job checking = partOf(job, 0.9, 1);
        if (byRows)
            request.check = [&](const Path& part) {
                checkTable(part, download.contents.front(), entry_, checking);
            };
        if (!archive || !isWhole(request, job)) // one may be left of a disk that was full
            zipml::download(request, partOf(job, 0, 0.9));
        if (!archive)
            return byRows ? "rows and features" : kindOf(download.checksum);
        std::vector<ArchiveMember> members;
        for (const auto& file : download.contents)
            members.push_back({file.member, outputTarget(folder_ / file.file).file});
        unpackMembers(request.file, members, checking);
        for (const auto& file : download.contents)
            if (download.checksum.empty() && file.rows > 0)
                checkTable(folder_ / file.file, file, entry_, checking);
        std::error_code ignored;
        std::filesystem::remove(request.file, ignored);
        return download.checksum.empty() ? "rows and features" : "its archive's " + kindOf(download.checksum);
    }

    static bool isWhole(const DownloadRequest& request, const Job& job) {
        std::error_code failed;
        return !request.checksum.empty() && std::filesystem::is_regular_file(request.file, failed) &&
               (request.bytes == 0 || std::filesystem::file_size(request.file, failed) == request.bytes) &&
               fileChecksum(request.file, kindOf(request.checksum), job) == request.checksum;
    }

    /// Of a file that is to come, before what is large does. @throws RunError, InputError
    static void checkPlace(const Path& file) {
        makeFolder(file);
        checkWritable(file);
        if (outputTarget(file).stream)
            throw InputError(file.string() + ": is no regular file; move it away and fetch again");
    }

    static void makeFolder(const Path& file) {
        std::error_code failed;
        std::filesystem::create_directories(file.parent_path(), failed);
        if (failed)
            throw RunError(file.parent_path().string() + ": the folder cannot be made: " + failed.message() +
                           "; choose another one");
    }

    const CatalogueEntry& entry_;
    const Path& folder_;
    const FetchOptions& options_;
};

} // namespace

std::vector<FetchedFile> fetchDataset(const CatalogueEntry& entry, const Path& folder, const Job& job,
                                      const FetchOptions& options) {
    std::vector<FetchedFile> fetched;
    const Fetch fetch(entry, folder, options);
    const auto count = static_cast<double>(entry.downloads.size());
    for (std::size_t i = 0; i < entry.downloads.size(); ++i) {
        const auto index = static_cast<double>(i);
        fetch.get(entry.downloads[i], partOf(job, index / count, (index + 1) / count), fetched);
    }
    return fetched;
}

std::optional<DataSpec> dataSpecOf(const CatalogueEntry& entry, const Path& folder) {
    DataSpec spec;
    spec.source.clear();
    for (const auto& file : filesOf(entry)) {
        if (file.part == DataPart::Train)
            spec.source = (folder / file.file).string();
        if (file.part == DataPart::Test)
            spec.test = (folder / file.file).string();
    }
    if (spec.source.empty())
        return std::nullopt;
    spec.task = entry.task;
    if (!entry.labelColumn.empty())
        spec.load.labelColumn = entry.labelColumn;
    return spec;
}

std::string trainCommand(const CatalogueEntry& entry, const Path& folder) {
    if (const auto data = dataSpecOf(entry, folder)) {
        RunSpec spec;
        spec.data = *data;
        return toCommandLine(spec);
    }
    deep::DeepSpec spec;
    spec.data =
        (folder / filesOf(entry).front().file).parent_path().string(); // images: a folder of their own
    return toCommandLine(spec);
}

} // namespace zipml
