#pragma once
/// A linear model on raw data, its scaling folded in, with all that another program needs to know of it. It
/// has one score, of a regression or of two classes, or one for each of more classes:
///   score[k] = constant[k] + sum_f weight(k, f) * factor[f] * (value[f] - centre[f])
/// Floats lose digits where a feature's offset is large beside its spread: subtract the centre in double, or
/// take centres that are floats (roundCentres).

#include "core/loss/loss_kind.h"
#include "core/model/linear_model.h"

#include <optional>
#include <span>
#include <vector>

namespace zipml::exported {

struct FoldedModel {
    using Weights = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

    bool unitRows = false; ///< each row is first divided by its Euclidean norm (a row of zeros is kept)
    bool wide = false;     ///< raw values need doubles: training read them less an offset (Schema::offsets)
    std::vector<double> centre;   ///< one a feature, the feature's units
    std::vector<double> factor;   ///< one a feature: scaled = (value - centre) * factor
    Weights weight;               ///< scores x features, of scaled values
    std::vector<double> constant; ///< one a score

    Task task = Task::Regression;
    std::vector<double> classLabels; ///< classification: of a negative and of a positive score (0 counts as
                                     ///< positive); of more classes that of each score, the highest and
                                     ///< first of which decides
    std::vector<std::string> classNames; ///< of labels that are texts, one a class label; else empty
    std::optional<LossKind> loss;        ///< that it was trained with; empty: not known

    [[nodiscard]] std::size_t features() const { return centre.size(); }
    [[nodiscard]] std::size_t scores() const { return constant.size(); }
    [[nodiscard]] std::size_t classes() const { return classLabels.size(); } ///< 0: a regression
    [[nodiscard]] std::span<const double> weightsOf(std::size_t score) const {
        return {weight.data() + score * features(), features()};
    }
    [[nodiscard]] bool centred() const; ///< some centre is not 0
    /// Scores are log odds, from which classes have probabilities (core/loss/class_probabilities.h).
    [[nodiscard]] bool hasProbabilities() const;
};

/// @param middle of the scaled values: what a centred value of 0 stands for
FoldedModel fold(const LinearModel& model, double middle = 0);
/// Makes each centre the nearest float; constants take up the difference.
void roundCentres(FoldedModel& model);

/// "0 setosa, 1 versicolor": what the numbers of classes with names stand for; empty where they have none.
std::string classList(const LinearModel& model);

/// LIBSVM-style whole labels: all class labels are whole numbers of at most 2^53.
bool wholeLabels(const std::vector<double>& labels);

} // namespace zipml::exported
