#pragma once
/// What this processor can run, found at run time.

#include <cstddef>
#include <string>
#include <vector>

namespace zipml {

struct CpuInfo {
    std::string model; ///< the vendor's name of it, or empty
    int cores = 1;
    std::string isa;                    ///< the instruction set that the hot loops use now
    std::vector<std::string> available; ///< what it could run: "avx2", "avx512vnni", ...
};

CpuInfo cpuInfo();

/// Bytes of the first processor's caches for data.
struct CacheSizes {
    std::size_t second = 256 << 10; ///< a core's own; a small one where the system does not tell
    std::size_t last = 32 << 20;    ///< the largest, which cores may share; likewise
};
CacheSizes cacheSizes();

} // namespace zipml
