#include "core/data/source_files.h"

#include "core/base/await_file.h"
#include "core/base/error.h"
#include "core/data/idx.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <fnmatch.h>
#include <iterator>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <sys/stat.h>
#include <thread>
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
    static std::mutex mutex;
    static std::map<Pipe, std::string> known;
    constexpr std::chrono::milliseconds kLook(20);
    while (!mutex.try_lock()) {
        job.checkpoint();
        std::this_thread::sleep_for(kLook);
    }
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

std::vector<fs::path> filesOfPart(const fs::path& part) {
    std::error_code code;
    const std::string name = part.filename().string();
    if (fs::is_directory(part, code))
        return filesIn(part, "*");
    if (!fs::exists(part, code) && isPattern(name))
        return filesIn(part.has_parent_path() ? part.parent_path() : fs::path("."), name);
    return {part};
}

std::vector<fs::path> partsOf(const fs::path& source) {
    std::error_code code;
    const std::string text = source.string();
    if (fs::exists(source, code) || text.find(';') == std::string::npos)
        return {source};
    std::vector<fs::path> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto end = std::min(text.find(';', begin), text.size());
        if (end > begin)
            parts.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

} // namespace

std::vector<fs::path> filesNamedBy(const fs::path& source) {
    if (source == "-")
        return {"/dev/stdin"};
    std::vector<fs::path> files;
    for (const fs::path& part : partsOf(source))
        std::ranges::move(filesOfPart(part), std::back_inserter(files));
    for (std::size_t i = 0, all = files.size(); i < all; ++i)
        if (isIdxImages(files[i]))
            files.push_back(labelsBeside(files[i]));
    return files;
}

SourceFiles::SourceFiles(const fs::path& source, const Job& job) {
    if (source == "-") {
        files_.emplace_back(spooled("-", job));
        return;
    }
    awaitFile(source, job);
    for (const fs::path& part : partsOf(source))
        add(part, job);
}

void SourceFiles::add(const fs::path& part, const Job& job) {
    std::error_code code;
    awaitFile(part, job);
    if (isPipe(part)) {
        files_.emplace_back(spooled(part.string(), job));
        return;
    }
    const std::vector<fs::path> found = filesOfPart(part);
    if (found.empty())
        throw InputError(part.string() + ": " +
                         (fs::is_directory(part, code) ? "is a folder without files" : "matches no file") +
                         "; name a data file, or a folder of files with the same columns");
    files_.insert(files_.end(), found.begin(), found.end());
}

} // namespace zipml
