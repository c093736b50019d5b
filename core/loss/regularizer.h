#pragma once
/// Regularizers and constraints R(x), applied by a proximal step after each gradient step
/// (docs/method.md#s9). They act on the weights, never on the intercept.

#include "core/base/names.h"

#include <Eigen/Core>

#include <array>
#include <span>
#include <string>
#include <vector>

namespace zipml {

/// Those that the program names, in the order of their table; one that is added needs no name here.
enum class RegularizerKind { None, L2, L1, Elastic, Ball, Box };
template <>
std::span<const Named<RegularizerKind>> namesOf<RegularizerKind>();

struct Regularizer {
    RegularizerKind kind = RegularizerKind::None;
    double l1 = 0;               ///< L1, Elastic: R has l1 * sum |x_i|; >= 0
    double l2 = 0;               ///< L2, Elastic: R has l2 / 2 * |x|^2; >= 0
    double radius = 1;           ///< Ball: |x| <= radius, > 0
    double low = 0, high = 1;    ///< Box: low <= x_i <= high
    std::array<double, 2> own{}; ///< numbers of regularizers that are added
    bool operator==(const Regularizer&) const = default;

    /// R(x); constraints have the value 0.
    [[nodiscard]] double value(const Eigen::VectorXd& weights) const;
    /// x <- argmin_z R(z) + |z - x|^2 / (2 step).
    void applyProximalStep(Eigen::VectorXd& weights, double step) const;
};

/// What is known of one regularizer: a file in core/loss/regularizers and a line in regularizers.def there.
struct RegularizerRow {
    std::string_view name;    ///< as typed
    std::string_view title;   ///< as shown
    std::string_view summary; ///< one sentence for help and tooltips
    std::string_view form; ///< how it is written, for people: "ball:R with a radius above 0, such as ball:5"
    std::string_view numbersAre{}, usual{}; ///< as the window names its numbers, and usual ones; empty: none
    /// Takes the numbers behind its name. @return whether they are right; null: there are none
    bool (*read)(std::span<const double> numbers, Regularizer& into) = nullptr;
    std::vector<double> (*numbers)(const Regularizer& own) = nullptr;
    double (*value)(const Regularizer& own, const Eigen::VectorXd& weights) = nullptr; ///< null: 0
    /// x <- argmin_z R(z) + |z - x|^2 / (2 step); null: x stays
    void (*proximal)(const Regularizer& own, Eigen::VectorXd& weights, double step) = nullptr;
    bool constraint = false; ///< it keeps the weights somewhere, at a value of 0
    // What opts in:
    bool known = false;     ///< the search for exact optima (core/loss/reference)
    bool onDevices = false; ///< the OpenCL kernels
};

const RegularizerRow& rowOf(RegularizerKind kind);
/// Adds a row, which stays, for programs that bring their own: at their start, before other threads.
RegularizerKind addRegularizer(const RegularizerRow& row);

/// "none", "l2:0.1", "l1:0.1", "elastic:0.1,0.2" (l1, l2), "ball:5", "box:-1,1". @throws InputError.
Regularizer parseRegularizer(const std::string& text);
std::string toString(const Regularizer& regularizer);
/// "none|l2:LAMBDA|...": what parseRegularizer takes.
std::string regularizerForms();

} // namespace zipml
