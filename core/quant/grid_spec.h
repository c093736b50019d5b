#pragma once
/// How levels are placed: what a person chooses about grids.

#include "core/base/names.h"

#include <cstddef>
#include <vector>

namespace zipml {

/// Those that the program names, in the order of their table (place_levels.h); a placement that is added
/// needs no name here.
enum class GridKind { Uniform, Optimal, Candidates, Greedy, Quantile, LloydMax, Logarithmic, Given };
template <>
std::span<const Named<GridKind>> namesOf<GridKind>();

struct GridSpec {
    GridKind kind = GridKind::Uniform;
    std::size_t candidates = 1024; ///< Candidates only: points that levels may be placed on
    /// Given only: ascending. Their first stands at a feature's least value and their last at its greatest,
    /// those between keep the shares of the way.
    std::vector<double> levels = {};
    bool operator==(const GridSpec&) const = default;
};

/// "optimal", "candidates:1024", "given:-1,0,0.5,1". @throws InputError.
GridSpec parseGrid(const std::string& text);
std::string toString(const GridSpec& spec);
/// The same for names and notes, where a list of levels is too long: "4 given".
std::string inShort(const GridSpec& spec);
/// The fewest bits that tell so many levels apart, at least 1.
int bitsFor(std::size_t levels);
/// "uniform|optimal|candidates:M|...": what parseGrid takes.
std::string gridForms();

} // namespace zipml
