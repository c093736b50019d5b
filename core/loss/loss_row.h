#pragma once
/// What is known of one loss: a row of the table of losses, a file of core/loss/losses. Functions take a
/// sample's score s = a.x (the intercept's part included), its label b and the weight C of its class.

#include "core/loss/loss_kind.h"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace zipml {

/// C for each class, above 0; least squares has none.
struct ClassWeights {
    double positive = 1, negative = 1;
    bool operator==(const ClassWeights&) const = default;
};

struct LossRow {
    std::string_view name;    ///< as typed
    std::string_view title;   ///< as shown
    std::string_view summary; ///< one sentence for help and tooltips
    std::string_view form;    ///< as records state it: reportedForm
    bool twoClasses = false;  ///< labels must be -1 and +1
    bool quadratic = false;   ///< it is 1/2 (s - b)^2, whose gradient is linear in the model
    bool piecewise = false;   ///< 0 from the margin 1 on
    /// As reported: twice the minimised one for least squares, the minimised one for the others.
    double (*value)(double score, double label, double weight) = nullptr;
    /// Derivative of the minimised loss by the score.
    double (*slope)(double score, double label, double weight) = nullptr;
    /// Scores become slopes, in float32. @param labels as many as scores
    void (*toSlopes)(const ClassWeights& weights, std::span<const float> labels,
                     std::span<float> scores) = nullptr;
    /// Second derivative by the score; null: the slope has a step at the margin 1.
    double (*curvature)(double score, double label, double weight) = nullptr;
    double largestCurvature = 1; ///< for a weight of 1; where there is none, as the squared hinge's
    // What opts in:
    std::optional<int> onDevices{}; ///< its number in accel/kernels/loss.cl
};

/// The table, in the order of LossKind; null behind its last row. For rowOf, which is asked for each sample.
constexpr std::size_t kMostLosses = 32;
extern std::array<const LossRow*, kMostLosses> lossRows;

inline const LossRow& rowOf(LossKind kind) {
    return *lossRows[static_cast<std::size_t>(kind)];
}
/// Adds a row, which stays, for programs that bring their own: at their start, before other threads.
LossKind addLoss(const LossRow& row);

} // namespace zipml
