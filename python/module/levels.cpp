// Placement of levels.

#include "core/base/sort_floats.h"
#include "core/quant/place_levels.h"
#include "core/quant/sorted_values.h"
#include "python/module/module.h"

#include <algorithm>
#include <cmath>
#include <nanobind/stl/string.h>

namespace zipml::python {
namespace {

nb::object placed(const Values& values, std::size_t levels, const std::string& grid, int threads) {
    if (levels < 2)
        throw InputError("k: " + std::to_string(levels) + " is too small; ask for 2 levels or more");
    if (values.size() == 0)
        throw InputError("x: has no values; give one or more");
    std::vector<double> found;
    {
        const nb::gil_scoped_release free;
        const GridSpec spec = parseGrid(grid);
        std::vector<float> sorted(values.data(), values.data() + values.size());
        if (!std::ranges::all_of(sorted, [](float value) { return std::isfinite(value); }))
            throw InputError("x: has a value that is not finite as a float32; leave such values out");
        ThreadTeam team(threads);
        sortFloats(sorted, team);
        const Grid all = placeLevels(sorted, spec, levels);
        for (std::uint32_t i = 0; i < all.levels(); ++i)
            found.push_back(all.level(i));
    }
    const std::size_t count = found.size();
    return arrayOf(std::move(found), {count});
}

double variance(const Values& values, const Numbers& levels, int threads) {
    const std::span<const double> given(levels.data(), levels.size());
    if (given.empty() || std::ranges::adjacent_find(given, std::greater_equal{}) != given.end())
        throw InputError("levels: are not ascending; sort them, each once");
    if (values.size() == 0)
        throw InputError("x: has no values; give one or more");
    const nb::gil_scoped_release free;
    ThreadTeam team(threads);
    return SortedValues({values.data(), values.data() + values.size()}, team).meanRoundingVariance(given);
}

} // namespace

void addLevels(nb::module_& module) {
    module.def("place_levels", placed, nb::arg("x").noconvert(), nb::arg("k"), nb::arg("grid"),
               nb::arg("threads"));
    module.def("rounding_variance", variance, nb::arg("x").noconvert(), nb::arg("levels").noconvert(),
               nb::arg("threads"));
}

} // namespace zipml::python
