#include "core/base/crash_report.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <execinfo.h>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace zipml {
namespace {

// All that the handler reads stands here: it may take no lock and no memory.
struct Place {
    std::atomic<bool> taken = false;
    std::atomic<bool> told = false;
    std::array<char, 1000> text{};
};
std::array<Place, 32> places;
std::array<char, 4000> reportFile{};
std::array<char, 100> programName{};
std::atomic_flag reported = ATOMIC_FLAG_INIT;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
constexpr std::array kSignals{SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS};

template <std::size_t Size>
void copyInto(std::array<char, Size>& to, std::string_view text) {
    const std::size_t count = std::min(text.size(), Size - 1);
    std::memcpy(to.data(), text.data(), count);
    to[count] = '\0';
}

void put(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto wrote = ::write(descriptor, text.data(), text.size());
        if (wrote <= 0)
            return;
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

std::string_view nameOf(int signal) {
    switch (signal) {
    case SIGSEGV:
        return "segmentation fault";
    case SIGABRT:
        return "abort";
    case SIGFPE:
        return "arithmetic fault";
    case SIGILL:
        return "illegal instruction";
    case SIGBUS:
        return "bus error";
    default:
        return "another signal";
    }
}

/// Its folders are made only now, so that who never crashes has none.
int openReport() {
    char* const path = reportFile.data();
    if (*path == '\0')
        return -1;
    constexpr mode_t kFolder = 0700, kFile = 0600;
    for (char* slash = std::strchr(path + 1, '/'); slash != nullptr; slash = std::strchr(slash + 1, '/')) {
        *slash = '\0';
        ::mkdir(path, kFolder);
        *slash = '/';
    }
    return ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFile);
}

void writeReport(int signal) {
    put(STDERR_FILENO, programName.data());
    put(STDERR_FILENO, " crashed (");
    put(STDERR_FILENO, nameOf(signal));
    const int descriptor = openReport();
    if (descriptor < 0) {
        put(STDERR_FILENO, ")\n");
        return;
    }
    put(STDERR_FILENO, "); where is in ");
    put(STDERR_FILENO, reportFile.data());
    put(STDERR_FILENO, ", without any data: please send it to the developers\n");
    put(descriptor, programName.data());
    put(descriptor, "\n");
    put(descriptor, nameOf(signal));
    for (const Place& place : places)
        if (place.told.load()) {
            put(descriptor, "\nat work: ");
            put(descriptor, place.text.data());
        }
    put(descriptor, "\nwhere, latest call first:\n");
    std::array<void*, 100> frames{};
    ::backtrace_symbols_fd(frames.data(), ::backtrace(frames.data(), static_cast<int>(frames.size())),
                           descriptor);
    ::close(descriptor);
}

void onCrash(int signal) {
    if (!reported.test_and_set())
        writeReport(signal);
    struct sigaction usual = {};
    usual.sa_handler = SIG_DFL;
    ::sigaction(signal, &usual, nullptr);
    ::raise(signal); // comes when this one was handled
}

} // namespace

std::filesystem::path crashReportFolder() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::filesystem::path(value != nullptr ? value : "");
    };
    if (const auto state = variable("XDG_STATE_HOME"); state.is_absolute())
        return state / "zipml" / "crashes";
    const auto home = variable("HOME");
    return home.is_absolute() ? home / ".local" / "state" / "zipml" / "crashes" : std::filesystem::path();
}

void reportCrashes(const std::filesystem::path& folder, const std::string& program) {
    if (kSanitized)
        return;
    copyInto(programName, program);
    if (!folder.empty()) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
        const auto file =
            folder / ("crash-" + std::to_string(seconds) + "-" + std::to_string(::getpid()) + ".txt");
        if (file.native().size() < reportFile.size())
            copyInto(reportFile, file.native());
    }
    std::array<void*, 1> frame{};
    ::backtrace(frame.data(), 1);                          // loads now what it needs
    static std::array<char, std::size_t{64} * 1024> stack; // the usual one may be what ran out
    stack_t own = {};
    own.ss_sp = stack.data();
    own.ss_size = stack.size();
    ::sigaltstack(&own, nullptr);
    struct sigaction action = {};
    action.sa_handler = onCrash;
    action.sa_flags = SA_ONSTACK;
    for (const int signal : kSignals)
        ::sigaction(signal, &action, nullptr);
}

AtWork::AtWork(const std::string& what) {
    for (std::size_t i = 0; i < places.size() && place_ < 0; ++i)
        if (!places[i].taken.exchange(true)) {
            copyInto(places[i].text, what);
            places[i].told = true;
            place_ = static_cast<int>(i);
        }
}

AtWork::~AtWork() {
    if (place_ < 0)
        return;
    Place& place = places[static_cast<std::size_t>(place_)];
    place.told = false;
    place.taken = false;
}

std::filesystem::path crashReportSince(const std::filesystem::path& folder,
                                       const std::filesystem::path& file) {
    std::error_code failed;
    auto latest = std::filesystem::last_write_time(file, failed);
    std::filesystem::path found;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        const auto when = entry.last_write_time(failed);
        if (entry.path().filename().string().starts_with("crash-") && when >= latest) {
            latest = when;
            found = entry.path();
        }
    }
    return found;
}

} // namespace zipml
