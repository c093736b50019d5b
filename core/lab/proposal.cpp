#include "core/lab/proposal.h"

#include "core/base/number_text.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace zipml {
namespace {

/// Labels that are numbered 0, 1, ... or 1, 2, ... with some rows each are names of classes rather than
/// measures.
bool numbersClasses(const DataReport& report) {
    constexpr std::size_t kMost = 26, kFewestRows = 5;
    if (!report.mayBeClasses() || report.labelCounts.size() > kMost)
        return false;
    double least = HUGE_VAL, greatest = -HUGE_VAL;
    for (const auto& [label, rows] : report.labelCounts) {
        if (rows < kFewestRows)
            return false;
        const double number = std::strtod(label.c_str(), nullptr);
        least = std::min(least, number);
        greatest = std::max(greatest, number);
    }
    const auto count = static_cast<double>(report.labelCounts.size());
    return (least == 0 || least == 1) && greatest - least == count - 1;
}

std::string percent(double share) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2g%%", 100 * share);
    return text;
}

class Proposer {
  public:
    Proposer(const DataReport& report, const RunSpec& now, const RunSpec& usual)
        : report_(report), usual_(usual), proposal_{now, {}} {}

    Proposal make() {
        task();
        loss();
        labelScaling();
        split();
        scaling();
        return std::move(proposal_);
    }

  private:
    /// What is as it comes was not chosen, and neither is what an earlier proposal set.
    template <class Value>
    static bool isChosen(const Value& now, const Value& usual, const Value& first) {
        return now != usual && now != first;
    }
    /// @param chosen whether the person has chosen it
    template <class Value>
    void set(std::string_view key, Value& setting, const Value& wanted, bool chosen, std::string why) {
        if (chosen || setting == wanted)
            return;
        setting = wanted;
        proposal_.changes.push_back({key, std::move(why)});
    }

    void task() {
        DataSpec& data = proposal_.spec.data;
        if (numbersClasses(report_))
            set("task", data.task, std::optional(Task::Classification),
                isChosen(data.task, usual_.data.task, first_.data.task),
                "the labels are numbered from 0 or 1 on");
        const RunSpec& now = proposal_.spec;
        const bool wanted = report_.mayBeClasses() && needsTwoClasses(now.loss) &&
                            isChosen(now.loss, usual_.loss, first_.loss);
        isClassification_ =
            data.task.value_or(*report_.task) == Task::Classification || (!data.task && wanted);
    }

    void loss() {
        RunSpec& spec = proposal_.spec;
        const bool chosen = isChosen(spec.loss, usual_.loss, first_.loss);
        if (isClassification_ && !needsTwoClasses(spec.loss))
            set("loss", spec.loss, LossKind::Logistic, chosen, classes());
        else if (!isClassification_ && needsTwoClasses(spec.loss))
            set("loss", spec.loss, LossKind::LeastSquares, false, "the labels are no classes");
        if (!whyNotWith(spec.estimator, spec.loss).empty())
            set("estimator", spec.estimator, EstimatorKind::Double, false, "it goes with every loss");
    }

    void labelScaling() {
        DataSpec& data = proposal_.spec.data;
        const ColumnReport& label = report_.labelColumn;
        if (isClassification_) {
            set("label_scaling", data.labelScaling, LabelScalingKind::None, false, "classes have none");
            return;
        }
        constexpr double kFar = 10; // from labels of a deviation of about 1, which a step suits
        const bool far = label.deviation > kFar || (label.deviation > 0 && label.deviation < 1 / kFar);
        if (far)
            set("label_scaling", data.labelScaling, LabelScalingKind::Standard,
                isChosen(data.labelScaling, usual_.data.labelScaling, first_.data.labelScaling),
                "labels from " + shortest(label.minimum) + " to " + shortest(label.maximum));
    }

    void split() {
        constexpr std::size_t kFewestRows = 50;
        DataSpec& data = proposal_.spec.data;
        if (data.test.empty() && report_.rows >= kFewestRows)
            set("split", data.split, 0.8, isChosen(data.split, usual_.data.split, first_.data.split),
                "the other rows test it");
    }

    void scaling() {
        constexpr double kSparse = 0.5;
        DataSpec& data = proposal_.spec.data;
        if (report_.nonzeroShare < kSparse)
            set("scaling", data.scaling, ScalingKind::MaxAbs,
                isChosen(data.scaling, usual_.data.scaling, first_.data.scaling),
                percent(1 - report_.nonzeroShare) + " of the cells are 0, and stay it");
    }

    [[nodiscard]] std::string classes() const {
        return std::to_string(report_.labelCounts.size()) + " classes";
    }

    const DataReport& report_;
    const RunSpec& usual_;
    const RunSpec first_{}; ///< what a new experiment begins with
    Proposal proposal_;
    bool isClassification_ = false;
};

} // namespace

Proposal proposalFor(const DataReport& report, const RunSpec& now, const RunSpec& usual) {
    return Proposer(report, now, usual).make();
}

} // namespace zipml
