#include "core/lab/kernel_rules.h"

#include "core/data/dataset.h"
#include "core/lab/arithmetic_choice.h"
#include "core/quant/store_file.h"

#include <algorithm>

namespace zipml {

KernelTask kernelTaskOf(const Situation& at) {
    return kernelTaskIn(arithmeticOf(at).taken, at);
}

KernelTask kernelTaskIn(Arithmetic arithmetic, const Situation& at) {
    const RunSpec& spec = at.spec;
    const bool integer = arithmetic == Arithmetic::Integer;
    KernelTask task{.estimator = estimatorOf(spec.estimator),
                    .copies = copiesOf(spec),
                    .bits = spec.bits,
                    .integer = integer,
                    .model = {integer ? std::min(spec.modelBits, 8) : spec.modelBits, spec.vectorScale},
                    .batch = spec.sgd.batch,
                    .rows = {},
                    .features = {},
                    .grids = at.grids,
                    .quadratic = isQuadratic(spec.loss),
                    .planes = spec.store == StoreKind::AnyPrecision,
                    .twoSlopes = spec.sgd.solver != SolverKind::Sgd && !isQuadratic(spec.loss)};
    if (at.train != nullptr) {
        task.rows = at.train->rows;
        task.features = at.train->features;
    }
    if (at.store != nullptr) {
        task.copies = at.store->options.copies;
        task.bits = at.store->options.bits;
        task.rows = at.store->rows;
        task.features = at.store->features();
        task.grids = at.store->grids;
    }
    return task;
}

} // namespace zipml
