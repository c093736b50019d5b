#include "core/base/output_file.h"

#include "core/base/error.h"
#include "core/base/stale_parts.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace zipml {
namespace {

namespace fs = std::filesystem;

/// The number of one of this process's open files, where `file` is /proc/self/fd/N by any name; else -1.
int ownDescriptor(const fs::path& file) {
    std::error_code failed;
    const fs::path folder = fs::canonical(file.has_parent_path() ? file.parent_path() : ".", failed);
    if (failed || folder.filename() != "fd" ||
        !folder.string().starts_with("/proc/" + std::to_string(::getpid()) + "/"))
        return -1;
    const std::string name = file.filename().string();
    int number = -1;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc{} && end == name.data() + name.size() ? number : -1;
}

/// Beside the target, so that the rename stays within one file system.
fs::path asideOf(const fs::path& target) {
    constexpr std::size_t kMostOfName = 200; // a file system takes 255 bytes
    fs::path aside = target;
    aside.replace_filename(target.filename().string().substr(0, kMostOfName) + ".part" +
                           std::to_string(::getpid()));
    return aside;
}

} // namespace

OutputTarget outputTarget(const fs::path& file) {
    constexpr int kMostLinks = 40; // as Linux has it
    OutputTarget target;
    target.file = file;
    std::error_code failed;
    for (int links = 0; fs::is_symlink(fs::symlink_status(target.file, failed)); ++links) {
        if (target.descriptor = ownDescriptor(target.file); target.descriptor >= 0)
            break;
        const fs::path next = fs::read_symlink(target.file, failed);
        if (links == kMostLinks || failed)
            throw InputError(file.string() + ": is a symbolic link that leads to no file; remove it");
        target.file = target.file.parent_path() / next;
    }
    struct stat status {};
    const bool there = target.descriptor >= 0 ? ::fstat(target.descriptor, &status) == 0
                                              : ::stat(target.file.c_str(), &status) == 0;
    target.reason = there ? 0 : errno;
    if (there) {
        target.mode = status.st_mode;
        target.user = status.st_uid;
        target.group = status.st_gid;
        target.exists = S_ISREG(status.st_mode);
    }
    target.stream = target.descriptor >= 0 || (there && !target.exists && !S_ISDIR(status.st_mode));
    return target;
}

OutputFile::OutputFile(fs::path file, bool inPlaces) : file_(std::move(file)), target_(outputTarget(file_)) {
    if (target_.stream && inPlaces)
        throw RunError(file_.string() + ": is no regular file, which this needs; name one");
    if (!target_.stream) {
        openAside();
        return;
    }
    if (target_.descriptor >= 0) { // shares its place in the file with what is printed
        std::fflush(stdout);
        std::cout.flush();
        descriptor_ = ::fcntl(target_.descriptor, F_DUPFD_CLOEXEC, 0);
    } else {
        descriptor_ = ::open(target_.file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    }
    if (descriptor_ < 0)
        fail(errno);
}

void OutputFile::openAside() {
    if (S_ISDIR(target_.mode))
        fail(EISDIR);
    aside_ = asideOf(target_.file);
    removeStaleParts(aside_);
    ::unlink(aside_.c_str()); // of a process that had this number before
    constexpr mode_t kOfOwner = 0600, kUsual = 0666, kBits = 07777;
    descriptor_ =
        ::open(aside_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, target_.exists ? kOfOwner : kUsual);
    if (descriptor_ < 0)
        fail(errno);
    if (!target_.exists)
        return;
    mode_t mode = target_.mode & kBits;
    struct stat now {};
    const bool owned =
        ::fstat(descriptor_, &now) == 0 && ((now.st_uid == target_.user && now.st_gid == target_.group) ||
                                            ::fchown(descriptor_, target_.user, target_.group) == 0);
    if (!owned) // the group is another: it may do no more than everybody
        mode = (mode & 0707) | ((mode & 07) << 3);
    ::fchmod(descriptor_, mode);
}

OutputFile::~OutputFile() {
    if (descriptor_ < 0)
        return;
    ::close(descriptor_);
    if (!aside_.empty())
        ::unlink(aside_.c_str());
}

void OutputFile::fail(int reason) const {
    throw RunError(file_.string() + ": cannot be written: " + std::strerror(reason));
}

void OutputFile::write(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto wrote = ::write(descriptor_, bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            fail(wrote < 0 ? errno : EIO);
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

void OutputFile::writeAt(std::uint64_t at, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto wrote = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            fail(wrote < 0 ? errno : EIO);
        at += static_cast<std::uint64_t>(wrote);
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

void OutputFile::commit() {
    int reason = 0;
    // Else a power cut after the rename may leave an empty file. Some file systems know no such call.
    if (!aside_.empty() && ::fdatasync(descriptor_) != 0 && errno != EINVAL && errno != ENOSYS)
        reason = errno;
    const int closed = ::close(std::exchange(descriptor_, -1)); // a full disk may show only now
    if (reason == 0 && closed != 0 && errno != EINTR)
        reason = errno;
    if (aside_.empty()) {
        if (reason != 0)
            fail(reason);
        return;
    }
    if (reason == 0 && ::rename(aside_.c_str(), target_.file.c_str()) == 0)
        return;
    const int why = reason != 0 ? reason : errno;
    ::unlink(aside_.c_str());
    fail(why);
}

} // namespace zipml
