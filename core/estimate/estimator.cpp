#include "core/estimate/estimators/rows.h"

#include <stdexcept>
#include <vector>

namespace zipml {
namespace {

struct Table {
    std::vector<Estimator> rows;
    std::vector<Named<EstimatorKind>> names;

    Table() {
#define ESTIMATOR(row) add(row);
#include "core/estimate/estimators/estimators.def"
#undef ESTIMATOR
    }

    EstimatorKind add(const Estimator& row) {
        if (row.addGradient == nullptr || row.copies > row.mostCopies || row.mostCopies > kMostCopies)
            throw std::logic_error("the estimator " + std::string(row.name) +
                                   " has no addGradient, or copies that are none");
        rows.push_back(row);
        rows.back().kind = static_cast<EstimatorKind>(rows.size() - 1);
        names.push_back({rows.back().kind, row.name, row.title, row.summary});
        return rows.back().kind;
    }
};

Table& table() {
    static Table all;
    return all;
}

} // namespace

template <>
std::span<const Named<EstimatorKind>> namesOf<EstimatorKind>() {
    return table().names;
}

const Estimator& estimatorOf(EstimatorKind kind) {
    return table().rows.at(static_cast<std::size_t>(kind));
}

EstimatorKind addEstimator(const Estimator& row) {
    return table().add(row);
}

bool isUnbiased(EstimatorKind estimator, LossKind loss) {
    const Estimator& row = estimatorOf(estimator);
    return row.unbiased && (isQuadratic(loss) || row.unbiasedInEverySlope);
}

std::string whyNotWith(EstimatorKind estimator, LossKind loss) {
    const Estimator& row = estimatorOf(estimator);
    return row.whyNotWith == nullptr ? std::string() : row.whyNotWith(row, loss);
}

} // namespace zipml
