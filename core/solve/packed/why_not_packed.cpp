#include "core/solve/packed/packed_sgd.h"

#include <algorithm>

namespace zipml {

std::string whyNotPacked(std::span<const Grid> grids, int bits, std::size_t rows,
                         const GradientMethod& method, std::size_t batch) {
    if (method.estimator->kind == EstimatorKind::Polynomial)
        return "a polynomial is a product of several roundings";
    if (method.estimator->kind == EstimatorKind::Refetch)
        return "refetching decides sample by sample";
    const auto tabled = [](const Grid& grid) { return !grid.isUniform(); };
    if (std::ranges::any_of(grids, tabled)) {
        if (!method.integer)
            return "levels that are not uniform need integer arithmetic";
        if (bits != 1 && bits != 2 && bits != 4)
            return "levels that are not uniform need 1, 2 or 4 bits";
        if (method.copies > 1)
            return "levels that are not uniform need an estimator of one rounding";
    }
    if (method.copies > 2)
        return "there are more than two roundings of a value";
    if (bits > 8)
        return "a level's index has more than 8 bits";
    if (batch % kTileRows != 0 && batch < rows)
        return "the batch is no multiple of 16 rows";
    if (grids.size() > kMostExactTerms || std::min(batch, rows) > kMostExactTerms)
        return "there are more than 65,536 features or rows a batch";
    if (method.integer && (method.model.bits < 2 || method.model.bits > 8))
        return "8-bit integers hold a model of 2 to 8 bits";
    return {};
}

} // namespace zipml
