#pragma once
/// What this processor can run, found at run time.

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

} // namespace zipml
