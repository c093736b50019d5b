#include "core/data/memory_limit.h"

#include "core/base/error.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <string>
#include <sys/resource.h>

namespace zipml {
namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

/// The number behind `key` in a file of "key   number kB" lines, in bytes.
std::uint64_t kilobytesOf(const char* file, const std::string& key) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        if (line.starts_with(key))
            return std::stoull(line.substr(key.size())) * 1024;
    return kNoLimit;
}

std::uint64_t numberIn(const char* file) {
    std::ifstream in(file);
    std::uint64_t number = 0;
    return in >> number ? number : kNoLimit; // "max" is no number, and no limit
}

std::string gigabytes(double bytes) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3g GB", bytes / 1e9);
    return text;
}

} // namespace

std::uint64_t availableMemoryBytes() {
    std::uint64_t available = kilobytesOf("/proc/meminfo", "MemAvailable:");
    const std::uint64_t group = numberIn("/sys/fs/cgroup/memory.max");
    if (group != kNoLimit) {
        const std::uint64_t used = numberIn("/sys/fs/cgroup/memory.current");
        available = std::min(available, group > used ? group - used : 0);
    }
    rlimit own{};
    if (getrlimit(RLIMIT_AS, &own) == 0 && own.rlim_cur != RLIM_INFINITY) {
        const std::uint64_t used = kilobytesOf("/proc/self/status", "VmSize:");
        available = std::min(available, own.rlim_cur > used ? own.rlim_cur - used : 0);
    }
    return available;
}

double memoryFor(double rows, double features) {
    // The values, a store of them at half their size, and a few numbers a feature: scaling, grid, model,
    // gradients.
    constexpr double kBytesPerValue = 6;
    constexpr double kBytesPerFeature = 128;
    return rows * features * kBytesPerValue + features * kBytesPerFeature;
}

void requireMemory(const std::filesystem::path& file, double neededBytes, std::uint64_t limitBytes) {
    if (neededBytes > static_cast<double>(limitBytes))
        throw InputError(file.string() + ": needs about " + gigabytes(neededBytes) + " of memory and " +
                         gigabytes(static_cast<double>(limitBytes)) +
                         " is available; use fewer rows or features, or a machine with more memory");
}

} // namespace zipml
