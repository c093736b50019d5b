#pragma once
/// Training rows as the reference solutions see them: (1, (a - shift) / spread), in double, so that columns
/// in unlike units or with a large common part decide nothing. Parameters are (intercept, weights) for such
/// rows.
///
/// With an intercept the shift is the column's mean; without one it is 0 and so is the row's first entry.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/dataset.h"
#include "core/kernels/double_row_kernels.h"
#include "core/model/linear_parameters.h"

#include <algorithm>
#include <vector>

namespace zipml::reference {

class ScaledRows {
  public:
    /// @param data must outlive this, as team and job must
    ScaledRows(const Dataset& data, bool intercept, ThreadTeam& team, const Job& job);

    [[nodiscard]] std::size_t rows() const { return data_.rows; }
    [[nodiscard]] std::span<const float> labels() const { return data_.labels; }
    [[nodiscard]] Eigen::Index size() const { return scale_.size() + 1; } ///< of parameters
    [[nodiscard]] bool intercept() const { return constant_ != 0; }
    [[nodiscard]] const Eigen::VectorXd& shift() const { return shift_; }
    /// 1 / root mean square of the shifted column; 0 where the column says nothing: its values are all equal.
    [[nodiscard]] const Eigen::VectorXd& scale() const { return scale_; }
    [[nodiscard]] const Job& job() const { return job_; }

    /// For the rows as they are, from parameters for the scaled ones. Columns that say nothing get weight 0.
    [[nodiscard]] LinearParameters unscaled(const Eigen::VectorXd& parameters) const;

    /// The inverse of unscaled, but for columns that say nothing, whose parameters are 0.
    [[nodiscard]] Eigen::VectorXd scaled(const LinearParameters& model) const;

    /// scores[row] = row . parameters
    void scores(const Eigen::VectorXd& parameters, std::vector<double>& scores) const;
    /// Mean of factors[row] * row.
    [[nodiscard]] Eigen::VectorXd combine(const std::vector<double>& factors) const;
    /// Mean of factors[row] * (row . v) * row.
    [[nodiscard]] Eigen::VectorXd multiply(const std::vector<double>& factors,
                                           const Eigen::VectorXd& v) const;
    /// Mean of factors[row] * row row', the lower triangle; factors >= 0.
    [[nodiscard]] Eigen::MatrixXd gram(const std::vector<double>& factors) const;
    /// An upper triangular R with R'R = gram, by orthogonal transformations of the rows: as exact where gram
    /// has lost all digits of the smallest eigenvalues.
    [[nodiscard]] Eigen::MatrixXd root(const std::vector<double>& factors) const;
    /// Mean over the rows of of(row).
    template <class Of>
    [[nodiscard]] double mean(Of&& of) const {
        std::vector<double> sums(kParts, 0.0);
        team_.forEachChunk(kParts, [&](std::size_t part) {
            job_.checkpoint();
            double sum = 0;
            for (std::size_t row = begin(part); row < begin(part + 1); ++row)
                sum += of(row);
            sums[part] = sum;
        });
        double sum = 0;
        for (const double part : sums)
            sum += part;
        return sum / static_cast<double>(rows());
    }

  private:
    static constexpr std::size_t kParts = 16;     ///< fixed, so that sums do not depend on the threads
    static constexpr std::size_t kBlockParts = 4; ///< where a part holds a matrix

    using Row = Eigen::Map<const Eigen::VectorXf>;

    [[nodiscard]] double scoreOf(const Row& a, const Eigen::VectorXd& weights) const;
    /// sums += factor * (1, a - shift)
    void add(double factor, const Row& a, Eigen::VectorXd& sums) const;
    /// Of sums a part: the mean over the rows, scaled.
    [[nodiscard]] Eigen::VectorXd scaledMean(std::vector<Eigen::VectorXd>& sums) const;
    [[nodiscard]] std::size_t begin(std::size_t part) const { return data_.rows * part / kParts; }
    template <class Work>
    void forEachRow(Work&& work) const;
    template <class Use>
    void forEachBlock(const std::vector<double>& factors, Use&& use) const;

    const Dataset& data_;
    const double constant_;
    ThreadTeam& team_;
    const Job& job_;
    const DoubleRowKernels& kernels_;
    Eigen::VectorXd shift_, scale_;
};

} // namespace zipml::reference
