#include "core/solve/packed/kernel_task.h"

#include "core/solve/packed/small_batch_sgd.h"

#include <algorithm>
#include <cmath>

namespace zipml {

std::string whyNotPacked(const KernelTask& task) {
    if (task.twoSlopes)
        return "slopes are taken at two models";
    if (!task.estimator.pairs)
        return std::string(task.estimator.whyRowByRow);
    if (!std::ranges::all_of(task.grids, &Grid::isUniform)) {
        if (!task.integer)
            return "levels that are not uniform need integer arithmetic";
        if (task.bits != 1 && task.bits != 2 && task.bits != 4)
            return "levels that are not uniform need 1, 2 or 4 bits";
        if (task.copies > 1)
            return "levels that are not uniform need an estimator of one rounding";
    }
    if (task.copies > 2)
        return "there are more than two roundings of a value";
    if (task.bits > 8)
        return "a level's index has more than 8 bits";
    if (task.batch % kTileRows != 0 && task.rows && task.batch < *task.rows &&
        !hasSmallBatches(task).value_or(true))
        return "the batch is no multiple of 16 rows";
    if (task.features.value_or(0) > kMostExactTerms ||
        (task.rows && std::min(task.batch, *task.rows) > kMostExactTerms))
        return "there are more than 65,536 features or rows a batch";
    if (task.integer && (task.model.bits < 2 || task.model.bits > 8))
        return "8-bit integers hold a model of 2 to 8 bits";
    return {};
}

KernelTask taskOf(std::span<const Grid> grids, int bits, std::size_t rows, const GradientMethod& method,
                  std::size_t batch, bool planes) {
    return {.estimator = *method.estimator,
            .copies = method.copies,
            .bits = bits,
            .integer = method.integer,
            .model = method.model,
            .batch = batch,
            .rows = rows,
            .features = grids.size(),
            .grids = grids,
            .quadratic = method.loss.isQuadratic(),
            .planes = planes};
}

std::string whyNotPacked(std::span<const Grid> grids, int bits, std::size_t rows,
                         const GradientMethod& method, std::size_t batch, bool planes) {
    return whyNotPacked(taskOf(grids, bits, rows, method, batch, planes));
}

std::optional<bool> hasSmallBatches(const KernelTask& task) {
    if (!task.integer || !task.quadratic || task.planes || task.bits > 8 ||
        !std::ranges::all_of(task.grids, &Grid::isUniform))
        return false;
    if (!task.features || !task.rows)
        return std::nullopt;
    const std::size_t rows = std::min(task.batch, *task.rows);
    return isSmallBatch(rows, *task.features, task.copies * (std::exp2(task.bits) - 1));
}

} // namespace zipml
