#include "core/loss/least_squares.h"

#include "core/loss/regularized_optimum.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include <algorithm>
#include <cmath>
#include <vector>

namespace zipml {
namespace {

constexpr std::size_t kRowsPerChunk = 1024;
constexpr std::size_t kMaximumFeatures = 1500;

std::size_t chunksOf(std::size_t rows) {
    return (rows + kRowsPerChunk - 1) / kRowsPerChunk;
}

auto asVector(const Dataset& data, std::size_t row) {
    return Eigen::Map<const Eigen::VectorXf>(data.row(row).data(), static_cast<Eigen::Index>(data.features));
}

double residual(const Dataset& data, std::size_t row, const LinearParameters& model) {
    return model.intercept + asVector(data, row).cast<double>().dot(model.weights) - data.labels[row];
}

/// A'A and A'b of the augmented rows (1, a), or (0, a) without an intercept.
struct NormalEquations {
    Eigen::MatrixXd gram;
    Eigen::VectorXd moment;
};

NormalEquations normalEquations(const Dataset& data, bool intercept, ThreadTeam& team, const Job& job) {
    // A fixed number of partial sums, whatever the threads, keeps the result's bits the same.
    constexpr std::size_t kParts = 4;
    constexpr std::size_t kRowsPerBlock = 128;
    const auto size = static_cast<Eigen::Index>(data.features) + 1;
    std::vector<NormalEquations> parts(kParts);
    team.forEachChunk(kParts, [&](std::size_t part) {
        auto& [gram, moment] = parts[part];
        gram = Eigen::MatrixXd::Zero(size, size);
        moment = Eigen::VectorXd::Zero(size);
        const std::size_t end = data.rows * (part + 1) / kParts;
        for (std::size_t begin = data.rows * part / kParts; begin < end; begin += kRowsPerBlock) {
            job.checkpoint();
            const std::size_t count = std::min(kRowsPerBlock, end - begin);
            Eigen::MatrixXd block(size, static_cast<Eigen::Index>(count));
            Eigen::VectorXd labels(static_cast<Eigen::Index>(count));
            for (std::size_t i = 0; i < count; ++i) {
                const auto column = static_cast<Eigen::Index>(i);
                block(0, column) = intercept ? 1.0 : 0.0;
                block.col(column).tail(size - 1) = asVector(data, begin + i).cast<double>();
                labels[column] = data.labels[begin + i];
            }
            gram.selfadjointView<Eigen::Lower>().rankUpdate(block);
            moment.noalias() += block * labels;
        }
    });
    for (std::size_t part = 1; part < kParts; ++part) {
        parts[0].gram += parts[part].gram;
        parts[0].moment += parts[part].moment;
    }
    return std::move(parts[0]);
}

/// The minimum-norm solution where the equations are singular: what lies in the null space is projected out.
Eigen::VectorXd solveSingular(const Eigen::MatrixXd& gram, const Eigen::VectorXd& moment,
                              const Eigen::VectorXd& scale) {
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram);
    const auto& values = solver.eigenvalues();
    const auto& vectors = solver.eigenvectors();
    const double threshold = values.maxCoeff() * 1e-11;
    const Eigen::VectorXd inverse = values.unaryExpr([&](double v) { return v > threshold ? 1.0 / v : 0.0; });
    Eigen::VectorXd solution =
        scale.cwiseProduct(vectors * inverse.cwiseProduct(vectors.transpose() * moment));
    const Eigen::Index nullity = (values.array() <= threshold).count();
    if (nullity > 0) {
        const Eigen::MatrixXd nullSpace = scale.asDiagonal() * vectors.leftCols(nullity);
        const Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(nullSpace);
        const Eigen::MatrixXd basis =
            qr.householderQ() * Eigen::MatrixXd::Identity(nullSpace.rows(), qr.rank());
        solution -= basis * (basis.transpose() * solution);
    }
    return solution;
}

/// The minimum-norm solution. Columns are brought to equal length first, so that features in very different
/// units do not decide the numerical rank.
Eigen::VectorXd solveMinimumNorm(const NormalEquations& equations) {
    constexpr double kWellConditioned = 1e-9; // far above rounding, so that Cholesky's solution is good
    const Eigen::VectorXd diagonal = equations.gram.diagonal();
    const Eigen::VectorXd scale =
        diagonal.unaryExpr([](double squares) { return squares > 0 ? 1.0 / std::sqrt(squares) : 0.0; });
    Eigen::MatrixXd gram = equations.gram.selfadjointView<Eigen::Lower>();
    gram = scale.asDiagonal() * gram * scale.asDiagonal();
    for (Eigen::Index i = 0; i < scale.size(); ++i)
        if (scale[i] == 0)
            gram(i, i) = 1; // a feature that is always 0, or no intercept: its weight comes out as 0
    const Eigen::VectorXd moment = scale.cwiseProduct(equations.moment);
    const Eigen::LLT<Eigen::MatrixXd> cholesky(gram);
    if (cholesky.info() == Eigen::Success && cholesky.rcond() > kWellConditioned)
        return scale.cwiseProduct(cholesky.solve(moment));
    return solveSingular(gram, moment, scale);
}

} // namespace

Evaluation evaluate(const Dataset& data, const LinearParameters& model, ThreadTeam& team, const Job& job) {
    struct Part {
        double squares = 0;
        std::size_t correct = 0;
    };
    std::vector<Part> parts(chunksOf(data.rows));
    team.forEachChunk(parts.size(), [&](std::size_t chunk) {
        job.checkpoint();
        Part part;
        const std::size_t end = std::min(data.rows, (chunk + 1) * kRowsPerChunk);
        for (std::size_t row = chunk * kRowsPerChunk; row < end; ++row) {
            const double difference = residual(data, row, model);
            part.squares += difference * difference;
            part.correct += (difference + data.labels[row] >= 0) == (data.labels[row] >= 0) ? 1U : 0U;
        }
        parts[chunk] = part;
    });
    Part total;
    for (const Part& part : parts) {
        total.squares += part.squares;
        total.correct += part.correct;
    }
    const auto rows = static_cast<double>(data.rows);
    return {total.squares / rows, static_cast<double>(total.correct) / rows};
}

LinearParameters meanGradient(const Dataset& data, const LinearParameters& model, ThreadTeam& team,
                              const Job& job) {
    const auto features = static_cast<Eigen::Index>(data.features);
    std::vector<LinearParameters> parts(chunksOf(data.rows), LinearParameters::zero(features));
    team.forEachChunk(parts.size(), [&](std::size_t chunk) {
        job.checkpoint();
        const std::size_t end = std::min(data.rows, (chunk + 1) * kRowsPerChunk);
        for (std::size_t row = chunk * kRowsPerChunk; row < end; ++row) {
            const double difference = residual(data, row, model);
            parts[chunk].intercept += difference;
            parts[chunk].weights += difference * asVector(data, row).cast<double>();
        }
    });
    LinearParameters gradient = LinearParameters::zero(features);
    for (const LinearParameters& part : parts)
        gradient += part;
    return gradient *= 1.0 / static_cast<double>(data.rows);
}

std::optional<Optimum> exactOptimum(const Dataset& data, bool intercept, const Regularizer& regularizer,
                                    ThreadTeam& team, std::string& note, const Job& job) {
    if (data.features > kMaximumFeatures) {
        note = "the exact optimum is not computed above " + std::to_string(kMaximumFeatures) +
               " features (this has " + std::to_string(data.features) + ")";
        return std::nullopt;
    }
    NormalEquations equations = normalEquations(data, intercept, team, job);
    Eigen::VectorXd solution;
    if (regularizer.kind == RegularizerKind::None) {
        solution = solveMinimumNorm(equations);
    } else {
        const double share = 1.0 / static_cast<double>(data.rows);
        const Eigen::MatrixXd gram = equations.gram.selfadjointView<Eigen::Lower>();
        const auto found = solveRegularized({share * gram, share * equations.moment}, regularizer, job);
        if (!found) {
            note = "the exact optimum was not found: the features are too alike for coordinate descent";
            return std::nullopt;
        }
        solution = *found;
    }
    Optimum optimum;
    optimum.model = {solution[0], solution.tail(solution.size() - 1)};
    optimum.regularizer = regularizer.value(optimum.model.weights);
    optimum.loss = evaluate(data, optimum.model, team, job).meanSquaredError;
    return optimum;
}

} // namespace zipml
