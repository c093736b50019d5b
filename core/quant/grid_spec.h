#pragma once
/// How levels are placed: what a person chooses about grids.

#include "core/base/names.h"

#include <cstddef>

namespace zipml {

/// Those that the program names, in the order of their table (place_levels.h); a placement that is added
/// needs no name here.
enum class GridKind { Uniform, Optimal, Candidates, Greedy, Quantile, LloydMax, Logarithmic };
template <>
std::span<const Named<GridKind>> namesOf<GridKind>();

struct GridSpec {
    GridKind kind = GridKind::Uniform;
    std::size_t candidates = 1024; ///< Candidates only: points that levels may be placed on
    bool operator==(const GridSpec&) const = default;
};

/// "optimal", "candidates:1024". @throws InputError.
GridSpec parseGrid(const std::string& text);
std::string toString(const GridSpec& spec);
/// "uniform|optimal|candidates:M|...": what parseGrid takes.
std::string gridForms();

} // namespace zipml
