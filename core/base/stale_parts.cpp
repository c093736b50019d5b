#include "core/base/stale_parts.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unistd.h>

namespace zipml {
namespace {

namespace fs = std::filesystem;

bool isDigit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Without the number at its end.
std::string_view stemOf(std::string_view name) {
    while (!name.empty() && isDigit(name.back()))
        name.remove_suffix(1);
    return name;
}

/// Seconds that a process has lived, where the system tells (Linux).
std::optional<double> ageOf(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/stat"), clock("/proc/uptime");
    std::string text(std::istreambuf_iterator<char>(status), {});
    const auto name = text.rfind(')'); // may hold anything
    double up = 0;
    if (name == std::string::npos || !(clock >> up))
        return {};
    constexpr int kFieldsBetween = 19; // start time is field 22, the name field 2
    std::size_t at = name + 1;
    for (int field = 0; field < kFieldsBetween && at != std::string::npos; ++field)
        at = text.find(' ', at + 1);
    if (at == std::string::npos)
        return {};
    return up - std::strtod(text.c_str() + at, nullptr) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// Numbers of processes come again: one that is younger than the file has not written it.
bool isStale(const fs::path& file, pid_t writer) {
    if (writer == ::getpid())
        return false;
    if (::kill(writer, 0) != 0 && errno == ESRCH)
        return true;
    std::error_code failed;
    const auto written = fs::last_write_time(file, failed);
    const auto age = ageOf(writer);
    if (failed || !age)
        return false;
    constexpr double kMargin = 2; // seconds
    const std::chrono::duration<double> unwritten = fs::file_time_type::clock::now() - written;
    return unwritten.count() > *age + kMargin;
}

} // namespace

void removeStaleParts(const fs::path& aside) {
    static std::mutex mutex;
    static std::set<fs::path> looked;
    {
        const std::lock_guard lock(mutex);
        if (!looked.insert(aside).second)
            return;
    }
    const std::string own = aside.filename().string();
    const std::string_view stem = stemOf(own);
    std::error_code failed;
    const auto folder = aside.has_parent_path() ? aside.parent_path() : fs::path(".");
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        const std::string name = entry->path().filename().string();
        pid_t writer = 0;
        const char* const last = name.data() + name.size();
        if (stemOf(name) != stem || name.size() == stem.size() ||
            std::from_chars(name.data() + stem.size(), last, writer).ptr != last)
            continue;
        std::error_code ignored;
        if (entry->is_regular_file(ignored) && isStale(entry->path(), writer))
            fs::remove(entry->path(), ignored);
    }
}

} // namespace zipml
