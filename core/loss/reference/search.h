#pragma once
/// The search for the minimum of mean loss + regularizer, with a bound on how far above the minimum it ended.

#include "core/loss/reference/curvature.h"
#include "core/loss/reference/penalty.h"
#include "core/loss/reference/row_loss.h"

#include <memory>

namespace zipml::reference {

/// Above this many features no matrix of a Newton step is built: steps are by conjugate gradients alone.
constexpr Eigen::Index kMostDense = 1500;

/// Newton's method; the step by conjugate gradients (Dembo and Steihaug 1983) where they are quicker than the
/// matrix, and with a penalty of kinks or bounds by quadratic_program.h. The hinge by the method of
/// multipliers (row_loss.h), a ball through the l2 price whose solution lies on the sphere.
class Search {
  public:
    Search(const ScaledRows& rows, const Loss& loss, const Regularizer& regularizer);

    /// Where the search begins; at zero unless told. For losses and regularizers without kinks.
    void startAt(const Eigen::VectorXd& parameters) {
        x_ = parameters;
        direct_ = dense();
    }
    /// @return whether the bound is as low as was wanted: 1e-9 of the objective
    bool run();
    /// Without a bound, for a smooth objective. @param gain of the next step that is no longer worth it, a share
    /// of the zero model's objective
    void approach(double gain);

    [[nodiscard]] const Eigen::VectorXd& parameters() const { return x_; }
    /// Mean loss + regularizer at parameters().
    [[nodiscard]] double objective() const { return objective_; }
    [[nodiscard]] double zeroObjective() const { return zeroObjective_; } ///< of the zero model
    /// objective() - minimum is at most this; infinite where no bound is known.
    [[nodiscard]] double gap() const { return gap_; }
    /// Logistic loss without a regularizer: it falls to 0 as the weights grow.
    [[nodiscard]] bool separated() const { return separated_; }
    /// What the rows' columns leave open: parameters that change no score, one a column.
    [[nodiscard]] const Eigen::MatrixXd& nullSpace();

  private:
    struct Found {
        double gap, objective;
        Eigen::VectorXd x;
    };

    bool solve(const Penalty& penalty);
    void take(const Found& found);
    bool solveBall();
    bool descend(const Penalty& penalty, double goal);
    [[nodiscard]] Eigen::VectorXd smoothStep(const Penalty& penalty, const Eigen::VectorXd& gradient);
    [[nodiscard]] std::optional<Eigen::VectorXd>
    conjugateGradients(const Penalty& penalty, const Eigen::VectorXd& right, int mostProducts);
    [[nodiscard]] double meanCurvature() const;
    [[nodiscard]] bool priced(const Penalty& penalty) const;
    [[nodiscard]] double lineSearch(const Penalty& penalty, const Eigen::VectorXd& p,
                                    const std::vector<double>& direction) const;
    [[nodiscard]] double leastMargin() const;
    bool reachZero();
    Curvature& curvature();
    void findDependent();
    [[nodiscard]] Indices moving() const;
    void certify(const Penalty& penalty);
    [[nodiscard]] double generalGap(const Penalty& penalty, const Eigen::VectorXd& gradient);
    [[nodiscard]] double dualGap(const Penalty& penalty, const Eigen::VectorXd& gradient) const;
    [[nodiscard]] double interceptGap(const Eigen::VectorXd& gradient) const;
    [[nodiscard]] double wanted() const;
    [[nodiscard]] bool dense() const { return rows_.size() - 1 <= kMostDense; }
    [[nodiscard]] double weightNorm() const;

    const ScaledRows& rows_;
    const Regularizer& regularizer_;
    RowLoss loss_;
    bool free_; ///< no regularizer
    Eigen::VectorXd x_;
    std::vector<double> scores_;
    std::vector<double> factors_; ///< curvatures at the scores
    std::unique_ptr<Curvature> constantCurvature_, curvature_;
    std::unique_ptr<Curvature> earlier_; ///< of an earlier step: preconditions later ones
    double gained_ = 1;                  ///< by the last step, a share of the objective
    Indices independent_;                ///< parameters that a step without a regularizer moves
    Eigen::MatrixXd nullSpace_;
    bool dependentKnown_ = false;
    bool exact_ = false;  ///< nor did a matrix that has lost digits do
    bool direct_ = false; ///< conjugate gradients were too slow
    bool separated_ = false;
    double zeroObjective_ = 0, objective_ = 0, gap_ = 0;
    double progress_ = 0; ///< the gap, or the loss's part where the penalty's is not bounded yet
};

} // namespace zipml::reference
