#include "core/loss/optimum.h"

#include "core/loss/reference/coarse_start.h"
#include "core/loss/reference/search.h"

#include <Eigen/QR>

#include <cmath>
#include <cstdio>

namespace zipml {
namespace {

using reference::ScaledRows;
using reference::Search;

constexpr std::size_t kMostMarginValues = 50'000'000;

/// The same R, where a price of 0 makes it another kind's.
Regularizer simplest(Regularizer regularizer) {
    using enum RegularizerKind;
    if (regularizer.kind == Elastic)
        regularizer.kind = regularizer.l1 == 0 ? L2 : regularizer.l2 == 0 ? L1 : Elastic;
    if ((regularizer.kind == L2 && regularizer.l2 == 0) || (regularizer.kind == L1 && regularizer.l1 == 0))
        regularizer.kind = None;
    return regularizer;
}

/// Why it is not tried; empty where it is.
std::string refusal(const Dataset& data, const Loss& loss, const Regularizer& regularizer) {
    const bool wide = static_cast<Eigen::Index>(data.features) > reference::kMostDense;
    const std::string above = " above " + std::to_string(reference::kMostDense) + " features (this has " +
                              std::to_string(data.features) + ")";
    if (!rowOf(regularizer.kind).known)
        return "the exact optimum is not computed with regularizer " + std::string(nameOf(regularizer.kind));
    if (wide && loss.isQuadratic())
        return "the exact optimum is not computed" + above;
    if (wide && (regularizer.l2 == 0 || regularizer.l1 > 0))
        return "the optimum of the " + std::string(nameOf(loss.kind)) +
               " loss is computed with regularizer l2 only" + above;
    if (!loss.isQuadratic() && data.values.size() > kMostMarginValues)
        return "the optimum of the " + std::string(nameOf(loss.kind)) +
               " loss is not computed above 50 million values (this has " +
               std::to_string(data.values.size() / 1'000'000) + ")";
    return {};
}

/// Takes out of the model what changes no score.
void toLeastNorm(const ScaledRows& rows, const Eigen::MatrixXd& nullSpace, LinearParameters& model) {
    const Eigen::Index features = model.weights.size();
    Eigen::MatrixXd directions = Eigen::MatrixXd::Zero(features + 1, nullSpace.cols() + features);
    for (Eigen::Index i = 0; i < nullSpace.cols(); ++i) {
        const LinearParameters direction = rows.unscaled(nullSpace.col(i));
        directions(0, i) = direction.intercept;
        directions.col(i).tail(features) = direction.weights;
    }
    for (Eigen::Index i = 0; i < features; ++i) // constant columns are multiples of the intercept's
        if (rows.intercept() && rows.scale()[i] == 0) {
            directions(0, nullSpace.cols() + i) = -rows.shift()[i];
            directions(i + 1, nullSpace.cols() + i) = 1;
        }
    for (auto column : directions.colwise())
        if (const double length = column.norm(); length > 0)
            column /= length;
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(directions);
    qr.setThreshold(1e-10);
    const Eigen::MatrixXd basis = qr.householderQ() * Eigen::MatrixXd::Identity(features + 1, qr.rank());
    Eigen::VectorXd all(features + 1);
    all << model.intercept, model.weights;
    all -= basis * (basis.transpose() * all);
    model.intercept = all[0];
    model.weights = all.tail(features);
}

std::string shown(double share) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1g", share);
    return text;
}

} // namespace

std::optional<Optimum> findOptimum(const Dataset& data, const Loss& loss, bool intercept,
                                   const Regularizer& given, ThreadTeam& team, std::string& note,
                                   const Job& job) {
    const Regularizer regularizer = simplest(given);
    if (note = refusal(data, loss, regularizer); !note.empty())
        return std::nullopt;
    const ScaledRows rows(data, intercept, team, job);
    Search search(rows, loss, regularizer);
    if (const auto start = reference::coarseStart(data, rows, loss, regularizer, team))
        search.startAt(*start);
    search.run();
    const std::string name(nameOf(loss.kind));
    if (search.separated()) {
        note = "there is no optimum: the classes can be separated, so that larger weights always lower the " +
               name + " loss; add a regularizer such as l2:0.0001";
        return std::nullopt;
    }
    Optimum optimum;
    optimum.model = rows.unscaled(search.parameters());
    if (regularizer.kind == RegularizerKind::None) {
        const Eigen::MatrixXd nullSpace = search.nullSpace();
        const bool constants = intercept && (rows.scale().array() == 0 && rows.shift().array() != 0).any();
        if (nullSpace.cols() > 0 || constants)
            toLeastNorm(rows, nullSpace, optimum.model);
    } else if (rowOf(regularizer.kind).constraint) {
        const Eigen::VectorXd before = optimum.model.weights;
        regularizer.applyProximalStep(optimum.model.weights, 1); // columns that say nothing, and rounding
        for (Eigen::Index i = 0; intercept && i < before.size(); ++i)
            if (rows.scale()[i] == 0)
                optimum.model.intercept -= rows.shift()[i] * (optimum.model.weights[i] - before[i]);
    }
    optimum.regularizer = given.value(optimum.model.weights);
    optimum.loss = evaluate(data, loss, optimum.model, team, job).loss;
    const double objective = optimum.objective(loss);
    optimum.rounding = 1e-14 * search.zeroObjective();
    const double unit = std::max(objective, optimum.rounding);
    // The scores of the model, rounded, may say another objective than the search's.
    const double gap = search.gap() + std::abs(objective - search.objective());
    optimum.certificate = unit > 0 ? gap / unit : 0;
    if (!(optimum.certificate <= kWorstCertificate)) {
        note = "the optimum of the " + name + " loss is not known: the best model found may be " +
               shown(100 * optimum.certificate) +
               "% above it, and more than 0.0001% is not called exact; the columns may be close to "
               "dependent, or "
               "in units that double precision cannot hold together: try a scaling, or a regularizer such as "
               "l2:0.0001";
        return std::nullopt;
    }
    return optimum;
}

} // namespace zipml
