#include "core/data/memory_limit.h"

#include "core/base/error.h"

#include <array>
#include <cstdio>
#include <fstream>
#include <limits>
#include <string>
#include <sys/resource.h>

namespace zipml {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

/// The number behind `key` in a file of "key number" lines.
std::uint64_t valueOf(const fs::path& file, std::string_view key, std::uint64_t otherwise) {
    std::ifstream in(file);
    std::string name;
    std::uint64_t number = 0;
    for (std::string rest; in >> name; std::getline(in, rest))
        if (name == key)
            return in >> number ? number : otherwise;
    return otherwise;
}

std::uint64_t kilobytesOf(const fs::path& file, std::string_view key) {
    const auto kilobytes = valueOf(file, key, kNoLimit);
    return kilobytes == kNoLimit ? kNoLimit : kilobytes * 1024;
}

std::uint64_t numberIn(const fs::path& file) {
    std::ifstream in(file);
    std::uint64_t number = 0;
    return in >> number ? number : kNoLimit; // "max" is no number, and no limit
}

std::uint64_t left(std::uint64_t limit, std::uint64_t used) {
    return limit > used ? limit - used : 0;
}

/// The files that a control group's memory is told in, by version of the interface.
struct GroupFiles {
    const char* limit;
    const char* used;
    std::array<const char*, 2> cached; ///< keys of memory.stat
};
constexpr GroupFiles kVersion1{
    "memory.limit_in_bytes", "memory.usage_in_bytes", {"total_inactive_file", "total_active_file"}};
constexpr GroupFiles kVersion2{"memory.max", "memory.current", {"inactive_file", "active_file"}};

/// What one group leaves. Cached files count as used there, though the kernel drops them on need.
std::uint64_t leftIn(const fs::path& group, const GroupFiles& files) {
    const auto limit = numberIn(group / files.limit);
    const auto used = numberIn(group / files.used);
    if (limit == kNoLimit || used == kNoLimit)
        return limit;
    std::uint64_t cached = 0;
    for (const char* key : files.cached)
        cached += valueOf(group / "memory.stat", key, 0);
    return left(limit, left(used, cached));
}

/// The least that this process's control group and those above it leave.
std::uint64_t leftInGroups() {
    std::uint64_t least = kNoLimit;
    std::ifstream in("/proc/self/cgroup"); // "0::/path" in version 2, "4:memory:/path" in version 1
    for (std::string line; std::getline(in, line);) {
        const auto path = line.find(":/");
        const bool second = line.starts_with("0::/");
        if (path == std::string::npos || !(second || line.substr(0, path).ends_with(":memory")))
            continue;
        const fs::path root = second ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
        const GroupFiles& files = second ? kVersion2 : kVersion1;
        // In a container the root is already its own group, and the path may not exist below it.
        least = std::min(least, leftIn(root, files));
        for (fs::path group = line.substr(path + 2); !group.empty(); group = group.parent_path())
            least = std::min(least, leftIn(root / group, files));
    }
    return least;
}

std::string inUnits(double bytes) {
    constexpr std::array<const char*, 5> units{"bytes", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    for (; bytes >= 999.5 && unit + 1 < units.size(); ++unit)
        bytes /= 1000;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f %s", bytes < 10 && unit > 0 ? 1 : 0, bytes, units[unit]);
    return text.data();
}

} // namespace

std::uint64_t availableMemoryBytes() {
    std::uint64_t available = std::min(kilobytesOf("/proc/meminfo", "MemAvailable:"), leftInGroups());
    rlimit own{};
    if (getrlimit(RLIMIT_AS, &own) == 0 && own.rlim_cur != RLIM_INFINITY)
        available = std::min(available, left(own.rlim_cur, kilobytesOf("/proc/self/status", "VmSize:")));
    return available;
}

std::uint64_t peakResidentBytes() {
    return kilobytesOf("/proc/self/status", "VmHWM:");
}

void requireMemory(const fs::path& file, double neededBytes, std::uint64_t limitBytes) {
    if (neededBytes > static_cast<double>(limitBytes))
        throw InputError(file.string() + ": needs about " + inUnits(neededBytes) + " of memory and " +
                         inUnits(static_cast<double>(limitBytes)) +
                         " is available; use fewer rows or features, or a machine with more memory");
}

} // namespace zipml
