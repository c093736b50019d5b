#include "core/advise/curved_motion.h"

#include <Eigen/Cholesky>

#include <cmath>
#include <limits>

namespace zipml {

double smoothedCurvature(const Loss& loss, double score, double label, double band) {
    const LossRow& row = rowOf(loss.kind);
    if (row.quadratic)
        return 1;
    if (row.curvature != nullptr)
        return row.curvature(score, label, loss.weightOf(label));
    return std::abs(1 - label * score) < band ? loss.weightOf(label) / (2 * band) : 0;
}

CurvedPull curvedPull(const CurvedProblem& problem, const SampleSource& source, const GradientMethod& method,
                      const Eigen::VectorXd& at) {
    constexpr Eigen::Index kBlock = 128;
    const FlatLayout& layout = problem.layout;
    const auto features = static_cast<Eigen::Index>(problem.train.features);
    const LinearParameters model = layout.parameters(at);
    auto sum = LinearParameters::zero(features);
    std::vector<double> scratch(method.scratch(problem.train.features) + problem.train.features);
    CurvedPull pull{{}, Eigen::MatrixXd::Zero(layout.size(), layout.size())};
    // Of two copies each stands once for the direction and once inside of the slope.
    Eigen::MatrixXd left(layout.size(), kBlock), right(layout.size(), kBlock);
    Eigen::Index filled = 0;
    const auto flush = [&] {
        pull.curvature.noalias() += left.leftCols(filled) * right.leftCols(filled).transpose();
        filled = 0;
    };
    const auto add = [&](const auto& direction, const auto& inside, double label, double share) {
        const double h = share * smoothedCurvature(method.loss, model.intercept + inside.dot(model.weights),
                                                   label, problem.band);
        if (h == 0)
            return;
        if (filled == kBlock)
            flush();
        auto one = left.col(filled);
        auto other = right.col(filled++);
        one[0] = other[0] = 1; // the intercept's, or else overwritten
        one.tail(features) = direction;
        other.tail(features) = inside;
        one *= h;
    };
    for (const std::uint32_t row : problem.rows) {
        const SampleView sample = source.sample(row, scratch);
        const double label = problem.train.labels[row];
        method.addGradient(sample, label, model, sum);
        if (sample.copies == 1) {
            add(sample.copy(0), sample.copy(0), label, 1);
        } else {
            add(sample.copy(0), sample.copy(1), label, 0.5);
            add(sample.copy(1), sample.copy(0), label, 0.5);
        }
    }
    flush();
    const auto count = static_cast<double>(problem.rows.size());
    pull.curvature = ((pull.curvature + pull.curvature.transpose()) / (2 * count)).eval();
    pull.curvature.diagonal().tail(features).array() += problem.l2;
    pull.gradient = layout.flat(sum) / count;
    pull.gradient.tail(features) += problem.l2 * model.weights;
    return pull;
}

Eigen::VectorXd curvedEnd(const CurvedProblem& problem, const SampleSource& source,
                          const GradientMethod& method, const SgdOptions& sgd, double step, std::size_t steps,
                          const Job& job) {
    constexpr double kGrowth = 1.6;
    constexpr double kFar = 1e4; // no margin needs such weights
    double left = 0;
    for (int epoch = 1; epoch <= sgd.epochs; ++epoch)
        left += stepOf(sgd.schedule, step, epoch) * static_cast<double>(steps);
    Eigen::VectorXd x = Eigen::VectorXd::Zero(problem.layout.size());
    for (double h = step; left > 0; h *= kGrowth) {
        job.checkpoint();
        h = std::min(h, left);
        const CurvedPull pull = curvedPull(problem, source, method, x);
        Eigen::LLT<Eigen::MatrixXd> solver;
        for (int tries = 0; tries < 40; ++tries, h /= 2) {
            Eigen::MatrixXd m = pull.curvature;
            m.diagonal().array() += 1 / h;
            if (solver.compute(m); solver.info() == Eigen::Success)
                break;
        }
        x -= solver.solve(pull.gradient);
        left -= h;
        if (!(x.norm() < kFar))
            return Eigen::VectorXd::Constant(x.size(), std::numeric_limits<double>::infinity());
    }
    return x;
}

} // namespace zipml
