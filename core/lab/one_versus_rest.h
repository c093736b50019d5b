#pragma once
/// More than two classes by one-versus-rest: a linear model a class, trained with that class as +1 and all
/// others as -1, on samples that are rounded once for all of them. The class of a row is that of the model
/// with the highest score, the first one of equals.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/rows_view.h"
#include "core/lab/run_record.h"
#include "core/loss/loss.h"

namespace zipml {

/// For each of the classes 0 to count - 1 the labels of its model.
std::vector<std::vector<float>> oneVersusRestLabels(std::span<const float> classes, std::size_t count);

struct ClassEvaluation {
    double loss = 0; ///< mean over rows and models, as reported (Loss::value)
    double accuracy = 0;
    Confusion confusion;
};

/// In double; the result does not depend on the team. @param data whose labels are class indices
ClassEvaluation evaluateClasses(const RowsView& data, const Loss& loss,
                                std::span<const LinearParameters> models, ThreadTeam& team, const Job& job);

/// Of one epoch from the measurements of its models. All models are one vector for bias and variance; the
/// regularizer, as the loss, and shares of rows are means over the models. @param models at least one
EpochRecord joined(std::span<const EpochRecord> models);

} // namespace zipml
