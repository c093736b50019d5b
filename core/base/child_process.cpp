#include "core/base/child_process.h"

#include "core/base/error.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>

namespace zipml {
namespace {

constexpr int kPollMilliseconds = 50; ///< between two looks at the clock and at the stop

/// What a child is started with: its end of a pipe as standard output.
class Streams {
  public:
    Streams() {
        if (::pipe2(ends_.data(), O_CLOEXEC) != 0)
            ends_ = {-1, -1};
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, ends_[1], 1);
        ::posix_spawn_file_actions_addopen(&actions_, 2, "/dev/null", O_WRONLY, 0);
    }
    ~Streams() {
        ::posix_spawn_file_actions_destroy(&actions_);
        closeWriting();
        ::close(ends_[0]);
    }
    Streams(const Streams&) = delete;
    Streams& operator=(const Streams&) = delete;

    [[nodiscard]] bool open() const { return ends_[0] >= 0; }
    [[nodiscard]] int reading() const { return ends_[0]; }
    [[nodiscard]] const posix_spawn_file_actions_t* actions() const { return &actions_; }
    void closeWriting() {
        ::close(ends_[1]);
        ends_[1] = -1;
    }

  private:
    std::array<int, 2> ends_{};
    posix_spawn_file_actions_t actions_{};
};

class Lines {
  public:
    explicit Lines(const std::function<void(const std::string&)>& onLine) : onLine_(onLine) {}
    void add(std::string_view text) {
        for (const char c : text) {
            if (c != '\n') {
                line_ += c;
                continue;
            }
            if (onLine_)
                onLine_(line_);
            line_.clear();
        }
    }

  private:
    const std::function<void(const std::string&)>& onLine_;
    std::string line_;
};

/// Ends it, if it has not ended, and takes its status.
int reap(pid_t child, bool end) {
    if (end)
        ::kill(child, SIGKILL);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

} // namespace

ChildEnd runChild(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                  std::chrono::milliseconds limit, const std::function<void(const std::string& line)>& onLine,
                  const std::stop_token& stop) {
    Streams streams;
    if (!streams.open())
        return {ChildEnd::How::NotStarted, errno};
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_t child = 0;
    if (const int error =
            ::posix_spawn(&child, program.c_str(), streams.actions(), nullptr, argv.data(), environ);
        error != 0)
        return {ChildEnd::How::NotStarted, error};
    streams.closeWriting();
    Lines lines(onLine);
    const auto deadline = std::chrono::steady_clock::now() + limit;
    for (bool open = true; open;) {
        const bool late = std::chrono::steady_clock::now() > deadline;
        if (late || stop.stop_requested()) {
            reap(child, true);
            if (!late)
                throw Cancelled();
            return {ChildEnd::How::TookTooLong};
        }
        pollfd wait{streams.reading(), POLLIN, 0};
        if (::poll(&wait, 1, kPollMilliseconds) <= 0)
            continue;
        std::array<char, 4096> buffer{};
        const auto got = ::read(streams.reading(), buffer.data(), buffer.size());
        if (got > 0)
            lines.add({buffer.data(), static_cast<std::size_t>(got)});
        open = got > 0 || (got < 0 && errno == EINTR);
    }
    const int status = reap(child, false);
    if (WIFSIGNALED(status))
        return {ChildEnd::How::Crashed, WTERMSIG(status)};
    return {ChildEnd::How::Exited, WEXITSTATUS(status)};
}

} // namespace zipml
