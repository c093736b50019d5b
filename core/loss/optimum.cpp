#include "core/loss/optimum.h"

#include "core/loss/least_squares.h"
#include "core/loss/margin_optimum.h"

namespace zipml {

std::optional<Optimum> findOptimum(const Dataset& data, const Loss& loss, bool intercept,
                                   const Regularizer& regularizer, ThreadTeam& team, std::string& note,
                                   const Job& job) {
    return loss.isQuadratic() ? exactOptimum(data, intercept, regularizer, team, note, job)
                              : marginOptimum(data, loss, intercept, regularizer, team, note, job);
}

} // namespace zipml
