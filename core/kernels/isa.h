#pragma once
/// The instruction sets that the hot loops are written for, and which one runs.
///
/// Each hot loop stands in one file a set: NAME_scalar.cpp is the readable reference, NAME_avx2.cpp and
/// NAME_avx512.cpp are tested against it. Those files are compiled for their set (core/CMakeLists.txt), so
/// they include nothing but plain declarations: an inline function of the standard library that is compiled
/// there could be the copy that the linker keeps for everyone.

#include "core/base/names.h"

#include <vector>

namespace zipml {

enum class Isa {
    Scalar, ///< plain C++ for the architecture's baseline
    Avx2,   ///< AVX2, FMA
    Avx512, ///< AVX-512 F, BW, DQ, VL, VBMI, VNNI, and GFNI
};
template <>
std::span<const Named<Isa>> namesOf<Isa>();

/// What this machine can run, Scalar first, the fastest last.
const std::vector<Isa>& availableIsas();

/// The fastest one available, or the one that the environment variable ZIPML_ISA names.
/// @throws InputError when ZIPML_ISA is no name of a set, or one that this machine cannot run.
Isa activeIsa();

/// Overrides the choice from here on, for tests that run every path. @throws InputError when it is not
/// available.
void forceIsa(Isa isa);

} // namespace zipml
