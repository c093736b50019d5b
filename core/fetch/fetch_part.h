#pragma once
/// What downloads need of libcurl and OpenSSL, a part of the program (core/base/part.h). For core/fetch
/// alone.

#include "core/fetch/download.h"
#include "core/fetch/partial_file.h"

namespace zipml {

/// How one request ended.
struct TransferResult {
    enum class Outcome {
        Whole,     ///< the server sent all that it has
        StartOver, ///< the server's file is another one than the partial file's
        Broken     ///< may go better in a while; `fault` says what it was
    };
    Outcome outcome = Outcome::Whole;
    std::string fault;
};

struct FetchPart {
    /// Writes into the partial file. @throws RunError for what will not get better, Cancelled when stopped
    TransferResult (*transfer)(const DownloadRequest& request, PartialFile& part, const Job& job);
    /// As fileChecksum, which has checked the kind.
    std::string (*checksum)(const std::filesystem::path& file, const std::string& kind, const Job& job);
};
/// What the part's library exports, a FetchPart.
inline constexpr const char* kFetchPart = "zipmlFetchPart";

/// @throws RunError that says what this build or this machine is without
const FetchPart& fetchPart();

} // namespace zipml
