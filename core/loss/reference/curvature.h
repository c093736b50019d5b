#pragma once
/// The matrix of a Newton step, H + diag: from the rows' Gram matrix by Cholesky, and where that has lost
/// digits from the rows themselves by QR.

#include "core/loss/reference/scaled_rows.h"

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <optional>

namespace zipml::reference {

/// Some of the parameters.
using Indices = std::vector<Eigen::Index>;
Indices allIndices(Eigen::Index size);

class Curvature {
  public:
    /// @param factors H = mean of factors[row] * row row'; at least 0 @param rows outlive this
    Curvature(const ScaledRows& rows, std::vector<double> factors);

    [[nodiscard]] Eigen::Index size() const { return gram_.rows(); }
    [[nodiscard]] const Eigen::MatrixXd& gram() const { return gram_; } ///< H, all of it
    /// H v, as exact as the rows allow.
    [[nodiscard]] Eigen::VectorXd multiply(const Eigen::VectorXd& v) const;

    /// (H + diag)^-1 right on the parameters `on`, 0 elsewhere. Directions in which H + diag is 0 to rounding
    /// get a curvature of 1e-10 of the others'.
    /// @param rough a step that is repeated anyway need not see what Cholesky does not
    [[nodiscard]] Eigen::VectorXd solve(const Eigen::VectorXd& diagonal, const Indices& on,
                                        const Eigen::VectorXd& right, bool rough = false);
    /// Directions v with H v = 0, one a column, and parameters that determine all others up to these. Of a
    /// parameter that H says nothing about there is none.
    [[nodiscard]] Eigen::MatrixXd nullSpace(Indices& independent);
    /// Whether some solve so far could not do with Cholesky.
    [[nodiscard]] bool neededRows() const { return root_.has_value(); }
    /// R with R'R = H.
    const Eigen::MatrixXd& root();

  private:
    [[nodiscard]] Eigen::VectorXd solvePivoted(const Eigen::VectorXd& right) const;
    bool factorize(const Eigen::VectorXd& diagonal, const Indices& on, bool rough = false);

    const ScaledRows& rows_;
    std::vector<double> factors_;
    Eigen::MatrixXd gram_;
    std::optional<Eigen::MatrixXd> root_;
    // The last factorization, and what it is of.
    Eigen::VectorXd factorizedDiagonal_;
    Indices factorizedOn_;
    bool factorizedRoughly_ = false, sound_ = false;
    Eigen::LLT<Eigen::MatrixXd> cholesky_;
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> pivoted_;
};

} // namespace zipml::reference
