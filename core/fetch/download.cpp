#include "core/fetch/download.h"

#include "core/fetch/digest.h"
#include "core/fetch/fetch_part.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace zipml {
namespace {

/// @throws Cancelled
void wait(std::chrono::seconds time, const Job& job) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, job.stop, time, [] { return false; });
    job.checkpoint();
}

void transferAll(const DownloadRequest& request, PartialFile& part, const Job& job) {
    bool startedOver = false;
    for (int failures = 0;;) {
        job.checkpoint();
        const std::uint64_t before = part.size();
        const TransferResult result = fetchPart().transfer(request, part, job);
        switch (result.outcome) {
        case TransferResult::Outcome::Whole:
            return;
        case TransferResult::Outcome::StartOver:
            if (startedOver)
                throw RunError(request.url + ": changes while it is downloaded; try again later");
            startedOver = true;
            part.restart({});
            break;
        case TransferResult::Outcome::Broken:
            failures = part.size() > before ? 1 : failures + 1;
            if (failures > request.retries)
                throw RunError(result.fault);
            job.report(0, request.file.filename().string() + ": waiting to try again");
            wait(std::chrono::seconds(1 << std::min(failures - 1, 5)), job);
        }
    }
}

void check(const DownloadRequest& request, PartialFile& part, const Job& job) {
    const auto reject = [&](const std::string& what) {
        part.remove();
        throw RunError(request.file.string() + ": " + what +
                       ", so it was deleted; fetch it again, and if that does not help the file has changed "
                       "at its source" +
                       (request.page.empty() ? "" : ": " + request.page));
    };
    if (request.bytes != 0 && part.size() != request.bytes)
        reject("has " + std::to_string(part.size()) + " bytes where " + std::to_string(request.bytes) +
               " were expected");
    if (!request.checksum.empty()) {
        const std::string found =
            fileChecksum(part.path(), request.checksum.substr(0, request.checksum.find(':')), job);
        if (found != request.checksum)
            reject("wrong checksum: " + request.checksum + " was expected, " + found + " arrived");
    }
    if (!request.check)
        return;
    try {
        request.check(part.path());
    } catch (const Cancelled&) {
        throw;
    } catch (const std::exception& error) {
        reject("is not what was expected (" + std::string(error.what()) + ")");
    }
}

} // namespace

void download(const DownloadRequest& request, const Job& job) {
    fetchPart(); // before a file is begun
    PartialFile part(request.file);
    transferAll(request, part, job);
    check(request, part, job);
    part.finish();
}

} // namespace zipml
