#include "core/data/source_files.h"

#include "core/base/await_file.h"
#include "core/base/error.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <fnmatch.h>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <sys/stat.h>
#include <tuple>
#include <unistd.h>

namespace zipml {
namespace {

namespace fs = std::filesystem;

bool isPattern(const std::string& name) {
    return name.find_first_of("*?") != std::string::npos;
}

/// Regular files in a folder whose names match, by name.
std::vector<fs::path> filesIn(const fs::path& folder, const std::string& pattern) {
    std::vector<fs::path> files;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(folder, code)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with('.') && entry.is_regular_file(code) &&
            ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0)
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

/// What comes through a pipe as a file that can be read again and again; it has no name and goes with the
/// process.
std::string spool(int pipe, const std::string& name, const Job& job) {
    std::string path = (fs::temp_directory_path() / "zipml-pipe-XXXXXX").string();
    const int descriptor = ::mkstemp(path.data());
    const auto fail = [&] {
        throw InputError(name + ": a pipe, which cannot be kept in " + fs::temp_directory_path().string() +
                         "; make room there or give a file");
    };
    if (descriptor < 0)
        fail();
    ::unlink(path.c_str());
    try {
        readPipe(pipe, job, [&](std::span<const char> bytes) {
            for (std::size_t done = 0; done < bytes.size();) {
                const auto wrote = ::write(descriptor, bytes.data() + done, bytes.size() - done);
                if (wrote <= 0)
                    fail();
                done += static_cast<std::size_t>(wrote);
            }
        });
    } catch (...) {
        ::close(descriptor);
        throw;
    }
    return "/proc/self/fd/" + std::to_string(descriptor);
}

/// Each is read once, whoever asks first; others wait.
std::string spooled(const std::string& name, const Job& job) {
    using Pipe = std::tuple<std::string, std::uint64_t, std::int64_t, std::uint32_t>; // an inode comes again
    static std::timed_mutex mutex;
    static std::map<Pipe, std::string> known;
    constexpr std::chrono::milliseconds kLook(20);
    while (!mutex.try_lock_for(kLook))
        job.checkpoint();
    const std::lock_guard lock(mutex, std::adopt_lock);
    const bool standard = name == "-";
    const int pipe = standard ? STDIN_FILENO : ::open(name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (pipe < 0)
        throw InputError(name + ": cannot be read; check its permissions");
    struct Closer {
        int descriptor;
        ~Closer() {
            if (descriptor != STDIN_FILENO)
                ::close(descriptor);
        }
    } closes{pipe};
    struct statx status {};
    ::statx(pipe, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &status);
    const auto [found, isNew] =
        known.try_emplace(Pipe(name, status.stx_ino, status.stx_btime.tv_sec, status.stx_btime.tv_nsec));
    if (!isNew)
        return found->second;
    try {
        found->second = spool(pipe, name, job);
    } catch (...) {
        known.erase(found);
        throw;
    }
    return found->second;
}

} // namespace

SourceFiles::SourceFiles(const fs::path& source, const Job& job) {
    std::error_code code;
    const std::string text = source.string();
    if (text == "-") {
        files_.push_back(spooled(text, job));
        return;
    }
    awaitFile(source, job);
    const bool one = fs::exists(source, code) || text.find(';') == std::string::npos;
    if (one)
        add(source, job);
    for (std::size_t begin = one ? text.size() + 1 : 0; begin <= text.size();) {
        const auto end = std::min(text.find(';', begin), text.size());
        if (end > begin)
            add(text.substr(begin, end - begin), job);
        begin = end + 1;
    }
}

void SourceFiles::add(const fs::path& part, const Job& job) {
    std::error_code code;
    awaitFile(part, job);
    if (isPipe(part)) {
        files_.emplace_back(spooled(part.string(), job));
        return;
    }
    const std::string name = part.filename().string();
    std::vector<fs::path> found;
    if (fs::is_directory(part, code))
        found = filesIn(part, "*");
    else if (!fs::exists(part, code) && isPattern(name))
        found = filesIn(part.has_parent_path() ? part.parent_path() : fs::path("."), name);
    else
        found = {part};
    if (found.empty())
        throw InputError(part.string() + ": " +
                         (fs::is_directory(part, code) ? "is a folder without files" : "matches no file") +
                         "; name a data file, or a folder of files with the same columns");
    files_.insert(files_.end(), found.begin(), found.end());
}

} // namespace zipml
