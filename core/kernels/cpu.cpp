#include "core/kernels/cpu.h"

#include "core/kernels/isa.h"

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

} // namespace

CpuInfo cpuInfo() {
    return {modelName(), static_cast<int>(std::max(1U, std::thread::hardware_concurrency())), std::string(nameOf(activeIsa())),
            availableSets()};
}

} // namespace zipml
