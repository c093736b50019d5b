#include "core/loss/reference/curvature.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zipml::reference {
namespace {

constexpr double kSoundPivot =
    1e-11;                      ///< of a unit diagonal: four digits above rounding, for a step is repeated
constexpr double kRank = 1e-12; ///< of a unit column: what is left of a dependent one is rounding
constexpr double kFlat = 1e-10; ///< curvature of directions that have none, of a unit diagonal

/// 1 / sqrt of the diagonal of H + diag; the largest where it is 0.
Eigen::VectorXd unitScale(const Eigen::MatrixXd& gram, const Eigen::VectorXd& diagonal, const Indices& on) {
    Eigen::VectorXd squares = gram.diagonal()(on) + diagonal(on);
    const double most = squares.size() > 0 ? squares.maxCoeff() : 0;
    return squares.unaryExpr([&](double square) {
        return 1 / std::sqrt(square > 0 ? square : most > 0 ? most : 1.0);
    });
}

} // namespace

Indices allIndices(Eigen::Index size) {
    Indices all(static_cast<std::size_t>(size));
    std::iota(all.begin(), all.end(), Eigen::Index{0});
    return all;
}

Curvature::Curvature(const ScaledRows& rows, std::vector<double> factors)
    : rows_(rows), factors_(std::move(factors)) {
    const Eigen::MatrixXd lower = rows_.gram(factors_);
    gram_ = lower.selfadjointView<Eigen::Lower>();
}

const Eigen::MatrixXd& Curvature::root() {
    if (!root_)
        root_ = rows_.root(factors_);
    return *root_;
}

Eigen::VectorXd Curvature::multiply(const Eigen::VectorXd& v) const {
    if (!root_)
        return gram_ * v;
    return root_->transpose() * (*root_ * v);
}

bool Curvature::factorize(const Eigen::VectorXd& diagonal, const Indices& on, bool rough) {
    if (factorizedOn_ == on && factorizedDiagonal_.size() == diagonal.size() &&
        factorizedDiagonal_ == diagonal && factorizedRoughly_ == rough)
        return sound_;
    factorizedOn_ = on;
    factorizedDiagonal_ = diagonal;
    factorizedRoughly_ = rough;
    const Eigen::VectorXd scale = unitScale(gram_, diagonal, on);
    Eigen::MatrixXd matrix = gram_(on, on);
    matrix.diagonal() += diagonal(on);
    matrix = scale.asDiagonal() * matrix * scale.asDiagonal();
    cholesky_.compute(matrix);
    sound_ = cholesky_.info() == Eigen::Success &&
             cholesky_.matrixLLT().diagonal().cwiseAbs2().minCoeff() > kSoundPivot;
    if (!sound_ && rough) {
        matrix.diagonal().array() += kFlat;
        cholesky_.compute(matrix);
        sound_ = cholesky_.info() == Eigen::Success;
    }
    if (sound_)
        return true;
    Eigen::MatrixXd triangle = root()(Eigen::all, on) * scale.asDiagonal();
    if (const Eigen::VectorXd own = diagonal(on); !own.isZero(0)) {
        const Eigen::MatrixXd above = triangle;
        triangle.resize(above.rows() + own.size(), own.size());
        triangle << above, Eigen::MatrixXd(own.cwiseSqrt().cwiseProduct(scale).asDiagonal());
        const Eigen::HouseholderQR<Eigen::Ref<Eigen::MatrixXd>> qr(triangle);
        triangle = triangle.topRows(own.size()).triangularView<Eigen::Upper>().toDenseMatrix();
    }
    pivoted_.setThreshold(kRank);
    pivoted_.compute(triangle);
    return false;
}

/// By R'R = P'(H + diag)P, R = (R1 R2; 0 0): the solution on the columns of R1, and along (-R1^-1 R2; 1),
/// where there is no curvature, what the rest of the right side asks for.
Eigen::VectorXd Curvature::solvePivoted(const Eigen::VectorXd& right) const {
    const Eigen::Index rank = pivoted_.rank();
    const auto r = pivoted_.matrixR().topLeftCorner(rank, rank).triangularView<Eigen::Upper>();
    const auto r2 = pivoted_.matrixR().topRightCorner(rank, right.size() - rank);
    const Eigen::VectorXd permuted = pivoted_.colsPermutation().transpose() * right;
    Eigen::VectorXd x(right.size());
    const Eigen::VectorXd half = r.transpose().solve(permuted.head(rank));
    x.tail(right.size() - rank) = (permuted.tail(right.size() - rank) - r2.transpose() * half) / kFlat;
    x.head(rank) = r.solve(half - r2 * x.tail(right.size() - rank));
    return pivoted_.colsPermutation() * x;
}

Eigen::VectorXd Curvature::solve(const Eigen::VectorXd& diagonal, const Indices& on,
                                 const Eigen::VectorXd& right, bool rough) {
    Eigen::VectorXd result = Eigen::VectorXd::Zero(size());
    if (on.empty())
        return result;
    const bool sound = factorize(diagonal, on, rough);
    const Eigen::VectorXd scale = unitScale(gram_, diagonal, on);
    Eigen::VectorXd x = scale.cwiseProduct(right(on));
    if (sound) {
        cholesky_.solveInPlace(x);
    } else {
        x = solvePivoted(x);
    }
    result(on) = scale.cwiseProduct(x);
    return result;
}

Eigen::MatrixXd Curvature::nullSpace(Indices& independent) {
    independent = allIndices(size());
    const Eigen::VectorXd flat = gram_.diagonal().unaryExpr([](double d) { return d > 0 ? 0.0 : 1.0; });
    if (factorize(flat, independent))
        return Eigen::MatrixXd(size(), 0); // NOLINT(modernize-return-braced-init-list): no list of values
    const Eigen::Index rank = pivoted_.rank();
    const Eigen::Index left = size() - rank;
    Eigen::MatrixXd directions(size(), left);
    directions.bottomRows(left).setIdentity();
    if (rank > 0 && left > 0) { // Eigen solves nothing at a null address
        const auto r = pivoted_.matrixR().topLeftCorner(rank, rank).triangularView<Eigen::Upper>();
        directions.topRows(rank) = -r.solve(Eigen::MatrixXd(pivoted_.matrixR().topRightCorner(rank, left)));
    }
    const auto& order = pivoted_.colsPermutation().indices();
    directions = unitScale(gram_, flat, independent).asDiagonal() * (pivoted_.colsPermutation() * directions);
    independent.assign(order.data(), order.data() + rank);
    std::ranges::sort(independent);
    return directions;
}

} // namespace zipml::reference
