#include "core/base/await_file.h"

#include "core/base/error.h"
#include "core/base/start_thread.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <poll.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace zipml {
namespace {

constexpr int kLookMilliseconds = 20; ///< how soon a stop is noticed

/// Outlives whoever waits, for the thread that may never come back.
struct Answer {
    std::mutex mutex;
    std::condition_variable came;
    bool there = false;
};

/// Makes the calls that block where a mount does not answer. A pipe is not opened: it has answered.
void ask(const std::string& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
        return;
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    char byte = 0;
    [[maybe_unused]] const auto got = ::read(descriptor, &byte, 1);
    ::close(descriptor);
}

} // namespace

void awaitFile(const std::filesystem::path& file, const Job& job) {
    if (!job.stop.stop_possible())
        return;
    job.checkpoint();
    const auto answer = std::make_shared<Answer>();
    std::thread asking = startThread([answer, name = file.string()] {
        ask(name);
        const std::lock_guard lock(answer->mutex);
        answer->there = true;
        answer->came.notify_all();
    });
    if (!asking.joinable()) // whoever reads finds out
        return;
    asking.detach();
    std::unique_lock lock(answer->mutex);
    while (!answer->came.wait_for(lock, std::chrono::milliseconds(kLookMilliseconds),
                                  [&] { return answer->there; }))
        job.checkpoint();
}

bool isPipe(const std::filesystem::path& file) {
    struct stat status {};
    return ::stat(file.c_str(), &status) == 0 && S_ISFIFO(status.st_mode);
}

void readPipe(int descriptor, const Job& job, const std::function<void(std::span<const char>)>& take) {
    std::array<char, 1 << 16> bytes{};
    while (true) {
        job.checkpoint();
        // A pipe that had no writer yet is not ready; one whose writers have gone is, and has no bytes.
        pollfd ready{descriptor, POLLIN, 0};
        if (::poll(&ready, 1, kLookMilliseconds) <= 0)
            continue;
        const auto got = ::read(descriptor, bytes.data(), bytes.size());
        if (got > 0)
            take(std::span(bytes.data(), static_cast<std::size_t>(got)));
        else if (got == 0)
            return;
        else if (errno != EAGAIN && errno != EINTR)
            throw InputError(std::string("cannot be read: ") + std::strerror(errno));
    }
}

void awaitNoPipe(const std::filesystem::path& file, const Job& job) {
    awaitFile(file, job);
    if (isPipe(file))
        throw InputError(file.string() + ": is a pipe; save what comes through it to a file, and open that");
}

} // namespace zipml
