#pragma once
/// One file over http or https, with resume: it arrives whole and checked, or not at all.

#include "core/base/job.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace zipml {

struct DownloadRequest {
    std::string url;            ///< http or https
    std::filesystem::path file; ///< where it goes; its folder exists
    std::uint64_t bytes = 0;    ///< that it must have; 0: not known
    std::string checksum;       ///< as CatalogueDownload::checksum
    std::string page;           ///< where a person finds out more, for messages; may be empty
    int retries = 3;            ///< after a connection breaks off or the server is busy, waiting 1, 2, 4... s
    /// Looks into the whole file before it gets its name; what it throws rejects the file.
    std::function<void(const std::filesystem::path& part)> check;
    int silenceSeconds = 60; ///< after which a server that sends nothing is given up
};

/// "name.part": what has come so far. It is renamed once it is whole and checked.
std::filesystem::path partialFile(const std::filesystem::path& file);

/// Streams into partialFile and goes on from one that is there, if the server's ETag or date (kept in
/// "name.part.json") and length show the file to be the same; else from the start. A partial file survives a
/// stop and every fault but a wrong checksum, a wrong length and a failed check.
/// @param job told the share of the bytes, 0 while the length is not known, and "name: 3.1 of 40 MB"
/// @throws RunError with one line, what failed and what to do: no such host, no connection, no such file, a
/// certificate that is not valid, redirected too often, cut off, silent, disk full, another size, another
/// checksum (both are named), a download of it in another process. @throws Cancelled when stopped.
void download(const DownloadRequest& request, const Job& job = {});

} // namespace zipml
