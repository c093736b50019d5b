#include "core/fetch/partial_file.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/stale_parts.h"
#include "core/fetch/download.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>

namespace zipml {
namespace {

FileVersion readVersion(const std::filesystem::path& file) {
    FileVersion version;
    std::error_code failed;
    if (!std::filesystem::exists(file, failed))
        return version;
    try {
        const auto json = nlohmann::json::parse(readFile(file));
        version = {json.at("url"), json.at("etag"), json.at("last_modified"), json.at("bytes")};
    } catch (const std::exception&) {
        return {}; // not known: the download starts anew
    }
    return version;
}

} // namespace

std::filesystem::path partialFile(const std::filesystem::path& file) {
    return file.string() + ".part";
}

PartialFile::PartialFile(const std::filesystem::path& target)
    : target_(target), path_(partialFile(target)), versionFile_(path_.string() + ".json") {
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0)
        throw RunError(path_.string() + ": cannot be written: " + std::strerror(errno));
    const bool locked = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
    const auto end = ::lseek(descriptor_, 0, SEEK_END);
    if (!locked || end < 0) {
        const int reason = errno;
        ::close(descriptor_);
        throw RunError(path_.string() + (!locked && reason == EWOULDBLOCK
                                             ? ": is being downloaded by another process; wait for it"
                                             : std::string(": ") + std::strerror(reason)));
    }
    size_ = static_cast<std::uint64_t>(end);
    removeStaleParts(versionFile_.string() + ".part" + std::to_string(::getpid()));
    version_ = readVersion(versionFile_);
}

PartialFile::~PartialFile() {
    if (size_ == 0)
        remove(); // while it is locked
    ::close(descriptor_);
}

void PartialFile::restart(const FileVersion& version) {
    if (::ftruncate(descriptor_, 0) != 0)
        throw RunError(path_.string() + ": cannot be emptied: " + std::strerror(errno));
    ::lseek(descriptor_, 0, SEEK_SET);
    size_ = 0;
    version_ = version;
    // Written first: bytes without a version are never taken for another version's.
    writeFileAtomically(versionFile_, nlohmann::json{{"url", version.url},
                                                     {"etag", version.etag},
                                                     {"last_modified", version.lastModified},
                                                     {"bytes", version.bytes}}
                                              .dump() +
                                          "\n");
}

bool PartialFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
        size_ += static_cast<std::uint64_t>(written);
    }
    return true;
}

void PartialFile::finish() {
    std::error_code failed;
    const bool stored = ::fsync(descriptor_) == 0; // a full disk may show only now
    const int reason = errno;
    if (stored)
        std::filesystem::rename(path_, target_, failed);
    if (!stored || failed)
        throw RunError(target_.string() + ": cannot be written: " +
                       (stored ? failed.message() : std::string(std::strerror(reason))));
    std::filesystem::remove(versionFile_, failed);
}

void PartialFile::remove() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
    std::filesystem::remove(versionFile_, ignored);
    size_ = 0;
}

} // namespace zipml
