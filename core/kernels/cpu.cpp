#include "core/kernels/cpu.h"

#include "core/kernels/isa.h"

#include <charconv>
#include <fstream>
#include <thread>

namespace zipml {
namespace {

std::string modelName() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name"))
            return line.substr(std::min(line.size(), line.find(':') + 2));
    return {};
}

std::vector<std::string> availableSets() {
    std::vector<std::string> sets;
#if defined(__x86_64__)
    __builtin_cpu_init();
    const auto add = [&](bool has, const char* name) {
        if (has)
            sets.emplace_back(name);
    };
    add(__builtin_cpu_supports("sse4.2"), "sse4.2");
    add(__builtin_cpu_supports("avx2"), "avx2");
    add(__builtin_cpu_supports("fma"), "fma");
    add(__builtin_cpu_supports("avx512f"), "avx512f");
    add(__builtin_cpu_supports("avx512bw"), "avx512bw");
    add(__builtin_cpu_supports("avx512vbmi"), "avx512vbmi");
    add(__builtin_cpu_supports("avx512vnni"), "avx512vnni");
    add(__builtin_cpu_supports("gfni"), "gfni");
#endif
    return sets;
}

std::string firstWord(const std::string& file) {
    std::string word;
    std::ifstream(file) >> word;
    return word;
}

/// "32768K" in bytes; 0 where it is no size.
std::size_t bytesOf(const std::string& size) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), number);
    const std::string unit(error == std::errc{} ? end : size.data());
    return unit == "K" ? number << 10 : unit == "M" ? number << 20 : 0;
}

} // namespace

CacheSizes cacheSizes() {
    CacheSizes sizes;
    std::string lastLevel;
    const std::string folder = "/sys/devices/system/cpu/cpu0/cache/index";
    for (int index = 0; index < 8; ++index) {
        const std::string cache = folder + std::to_string(index) + "/";
        const std::string level = firstWord(cache + "level");
        const std::size_t bytes = bytesOf(firstWord(cache + "size"));
        if (bytes == 0 || firstWord(cache + "type") == "Instruction")
            continue;
        if (level == "2")
            sizes.second = bytes;
        if (level >= lastLevel) {
            lastLevel = level;
            sizes.last = bytes;
        }
    }
    return sizes;
}

CpuInfo cpuInfo() {
    return {modelName(), static_cast<int>(std::max(1U, std::thread::hardware_concurrency())),
            std::string(nameOf(activeIsa())), availableSets()};
}

} // namespace zipml
