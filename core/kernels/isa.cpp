#include "core/kernels/isa.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>

namespace zipml {

template <>
std::span<const Named<Isa>> namesOf<Isa>() {
    static constexpr Named<Isa> table[] = {
        {Isa::Scalar, "scalar", "Scalar", "Plain loops: the reference."},
        {Isa::Avx2, "avx2", "AVX2", "256-bit vectors with FMA."},
        {Isa::Avx512, "avx512", "AVX-512 VNNI", "512-bit vectors with VNNI, VBMI and GFNI."},
    };
    return table;
}

namespace {

std::vector<Isa> detect() {
    std::vector<Isa> sets{Isa::Scalar};
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        sets.push_back(Isa::Avx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vnni") &&
        __builtin_cpu_supports("gfni"))
        sets.push_back(Isa::Avx512);
#endif
    return sets;
}

Isa checked(Isa isa, std::string_view from) {
    if (std::ranges::find(availableIsas(), isa) != availableIsas().end())
        return isa;
    std::string choices;
    for (const Isa available : availableIsas())
        choices.append(choices.empty() ? "" : ", ").append(nameOf(available));
    throw InputError(std::string(from) + ": this machine cannot run " + std::string(nameOf(isa)) +
                     "; it can run " + choices);
}

Isa chosenByEnvironment() {
    const char* forced = std::getenv("ZIPML_ISA");
    if (forced == nullptr || *forced == '\0')
        return availableIsas().back();
    return checked(parseName<Isa>(forced, "ZIPML_ISA"), "ZIPML_ISA");
}

std::atomic<Isa>& active() {
    static std::atomic<Isa> isa = chosenByEnvironment();
    return isa;
}

} // namespace

const std::vector<Isa>& availableIsas() {
    static const std::vector<Isa> sets = detect();
    return sets;
}

Isa activeIsa() {
    return active();
}

void forceIsa(Isa isa) {
    active() = checked(isa, "isa");
}

} // namespace zipml
