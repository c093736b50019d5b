#include "ui/plot/run_curves.h"

#include <QObject>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>

namespace zipml::ui {
namespace {

constexpr double kNoValue = std::numeric_limits<double>::quiet_NaN();

QString xLabel(XAxis xAxis) {
    switch (xAxis) {
    case XAxis::Epoch:
        return "Epoch";
    case XAxis::MegabytesMoved:
        return "Data moved (MB: samples, model and gradient)";
    case XAxis::Seconds:
        return "Training time (s)";
    }
    return {};
}

double shownOf(const EpochRecord& epoch, TrainingCurve shows) {
    return shows == TrainingCurve::Loss ? epoch.trainLoss : epoch.minimised();
}

using Quantity = std::function<std::optional<double>(const EpochRecord&)>;

/// An empty curve when no epoch has a value.
Curve makeCurve(const RunCurveData& run, XAxis xAxis, CurveRole role, const QString& quantity,
                const Quantity& value) {
    Curve curve{run.run, run.name, quantity, role, {}, {}};
    if (run.initial == nullptr)
        return curve;
    double seconds = 0; // of complete epochs
    bool any = false;
    for (const EpochRecord* state : statesOf(run)) {
        const double now = seconds + state->seconds;
        if (state->within == 0)
            seconds = now;
        const auto y = value(*state);
        any = any || y.has_value();
        curve.x << (xAxis == XAxis::Epoch            ? state->position()
                    : xAxis == XAxis::MegabytesMoved ? static_cast<double>(state->bytesMoved) / 1e6
                                                     : now);
        curve.y << y.value_or(kNoValue);
    }
    if (!any)
        curve.x = curve.y = {};
    return curve;
}

void append(std::vector<Curve>& curves, Curve curve) {
    if (!curve.x.isEmpty())
        curves.push_back(std::move(curve));
}

/// A cross at the last state of a run that diverged, and a name that says so.
void markDivergence(std::vector<Curve>& curves, std::size_t first, const RunCurveData& run) {
    if (!run.diverged)
        return;
    std::optional<Curve> cross;
    for (std::size_t i = first; i < curves.size(); ++i) {
        Curve& curve = curves[i];
        curve.name = QObject::tr("%1 (diverged)").arg(run.name);
        if (curve.role != CurveRole::Main || cross)
            continue;
        for (qsizetype j = 0; j < curve.x.size(); ++j)
            if (std::isfinite(curve.y[j])) {
                cross = Curve{run.run,      curve.name,  curve.quantity, CurveRole::Diverged,
                              {curve.x[j]}, {curve.y[j]}};
                cross->labels = {QObject::tr("diverged")};
            }
    }
    if (cross)
        curves.push_back(std::move(*cross));
}

/// Full precision's epoch over each of the run's.
Curve savingOf(const RunCurveData& run, XAxis xAxis, SecondPlot what) {
    std::uint64_t movedBefore = 0;
    const auto saved = [&](const EpochRecord& epoch) -> std::optional<double> {
        if (epoch.epoch == 0 || epoch.within > 0)
            return {};
        const std::uint64_t moved = epoch.bytesMoved - std::exchange(movedBefore, epoch.bytesMoved);
        const double full = what == SecondPlot::TimesFaster ? run.fullSeconds : run.fullBytes;
        const double own = what == SecondPlot::TimesFaster ? epoch.seconds : static_cast<double>(moved);
        return full > 0 && own > 0 ? std::optional(full / own) : std::nullopt;
    };
    return makeCurve(run, xAxis, CurveRole::Main,
                     what == SecondPlot::TimesFaster ? "times faster" : "times less data", saved);
}

/// The median in a band of nine tenths, and the extremes.
void appendSpread(std::vector<Curve>& curves, const RunCurveData& run, XAxis xAxis, const QString& what,
                  std::optional<Quantiles> EpochRecord::*field) {
    const auto of = [&](CurveRole role, std::size_t index, const QString& name) {
        return makeCurve(run, xAxis, role, name, [=](const EpochRecord& epoch) {
            return epoch.*field ? std::optional((*(epoch.*field))[index]) : std::nullopt;
        });
    };
    enum : std::size_t { Least, Low, Median = 3, High = 5, Greatest };
    Curve median = of(CurveRole::Main, Median, what + ", median");
    median.low = of(CurveRole::Main, Low, {}).y;
    median.high = of(CurveRole::Main, High, {}).y;
    append(curves, std::move(median));
    append(curves, of(CurveRole::Secondary, Least, what + ", least"));
    append(curves, of(CurveRole::Secondary, Greatest, what + ", greatest"));
}

} // namespace

std::vector<const EpochRecord*> statesOf(const RunCurveData& run) {
    std::vector<const EpochRecord*> states{run.initial};
    for (const auto* some : {run.epochs, run.steps})
        if (some != nullptr)
            for (const auto& state : *some)
                states.push_back(&state);
    if (run.steps != nullptr && !run.steps->empty())
        std::ranges::stable_sort(states, {}, [](const EpochRecord* state) { return state->position(); });
    return states;
}

std::vector<Curve> lossCurves(const std::vector<RunCurveData>& runs, XAxis xAxis, TrainingCurve shows) {
    const QString what = shows == TrainingCurve::Objective ? "objective, " : "training ";
    std::vector<Curve> curves;
    std::set<double> optima; // runs on the same data share one line
    for (const auto& run : runs) {
        const std::size_t first = curves.size();
        const QString loss = isQuadratic(run.loss) ? QString("loss") : lossName(run.loss);
        append(curves, makeCurve(run, xAxis, CurveRole::Main, what + loss,
                                 [shows](const EpochRecord& e) { return std::optional(shownOf(e, shows)); }));
        append(curves, makeCurve(run, xAxis, CurveRole::Secondary, "test " + loss,
                                 [](const EpochRecord& e) { return e.testLoss; }));
        if (run.optimumLoss && optima.insert(*run.optimumLoss).second) {
            Curve optimum = makeCurve(run, xAxis, CurveRole::Reference, "exact optimum's training " + loss,
                                      [&](const EpochRecord&) { return run.optimumLoss; });
            optimum.endLabel = QObject::tr("optimum %1").arg(*run.optimumLoss, 0, 'g', 4);
            append(curves, std::move(optimum));
        }
        markDivergence(curves, first, run);
    }
    fitTheOthers(curves);
    return curves;
}

std::vector<Curve> secondCurves(const std::vector<RunCurveData>& runs, XAxis xAxis, SecondPlot what) {
    const auto plain = [](std::optional<double> EpochRecord::*field) {
        return [field](const EpochRecord& e) { return e.*field; };
    };
    struct Line {
        CurveRole role;
        const char* quantity;
        Quantity value;
    };
    std::vector<Line> lines;
    switch (what) {
    case SecondPlot::Bias:
        lines = {{CurveRole::Main, "measured bias", plain(&EpochRecord::biasNorm)},
                 {CurveRole::Secondary, "predicted bias", plain(&EpochRecord::predictedBiasNorm)},
                 {CurveRole::Reference, "noise (standard error)", plain(&EpochRecord::biasStandardError)}};
        break;
    case SecondPlot::Variance:
        lines = {{CurveRole::Main, "measured variance", plain(&EpochRecord::variance)},
                 {CurveRole::Secondary, "predicted variance", plain(&EpochRecord::predictedVariance)},
                 {CurveRole::Reference, "the lemma's bound", plain(&EpochRecord::varianceBound)}};
        break;
    case SecondPlot::DistanceToOptimum:
        lines = {{CurveRole::Main, "distance to the optimum", plain(&EpochRecord::distanceToOptimum)}};
        break;
    case SecondPlot::Accuracy:
        lines = {{CurveRole::Main, "training accuracy", plain(&EpochRecord::trainAccuracy)},
                 {CurveRole::Secondary, "test accuracy", plain(&EpochRecord::testAccuracy)}};
        break;
    case SecondPlot::RefetchRate:
        lines = {{CurveRole::Main, "refetch rate", plain(&EpochRecord::refetchRate)}};
        break;
    case SecondPlot::OutsideShare:
        lines = {{CurveRole::Main, "outside the interval", plain(&EpochRecord::outsideShare)}};
        break;
    case SecondPlot::ModelSpread:
    case SecondPlot::GradientSpread:
        break; // bands
    case SecondPlot::TimesFaster:
    case SecondPlot::TimesLessData:
        break; // held against another run
    }
    std::vector<Curve> curves;
    for (const auto& run : runs) {
        const std::size_t first = curves.size();
        if (what == SecondPlot::ModelSpread)
            appendSpread(curves, run, xAxis, "weights", &EpochRecord::modelQuantiles);
        if (what == SecondPlot::GradientSpread)
            appendSpread(curves, run, xAxis, "gradient", &EpochRecord::gradientQuantiles);
        if (isSaving(what))
            append(curves, savingOf(run, xAxis, what));
        for (const auto& line : lines)
            append(curves, makeCurve(run, xAxis, line.role, line.quantity, line.value));
        markDivergence(curves, first, run);
    }
    fitTheOthers(curves);
    return curves;
}

void fitTheOthers(std::vector<Curve>& curves) {
    constexpr double kFarAbove = 10;
    std::set<int> diverged;
    for (const auto& curve : curves)
        if (curve.role == CurveRole::Diverged)
            diverged.insert(curve.run);
    double greatest = 0;
    bool others = false;
    for (const auto& curve : curves)
        for (const double y : curve.y)
            if (curve.role == CurveRole::Main && !diverged.contains(curve.run) && std::isfinite(y)) {
                greatest = std::max(greatest, y);
                others = true;
            }
    for (auto& curve : curves)
        curve.fitsUpTo = others && diverged.contains(curve.run) ? kFarAbove * greatest
                                                                : std::numeric_limits<double>::infinity();
}

Curve noteCurve(const RunCurveData& run, XAxis xAxis, TrainingCurve shows,
                const std::map<int, QString>& texts) {
    const auto noted = [&](const EpochRecord& state) {
        return state.within == 0 && texts.contains(state.epoch);
    };
    Curve notes = makeCurve(run, xAxis, CurveRole::Notes, "training loss", [&](const EpochRecord& state) {
        return noted(state) ? std::optional(shownOf(state, shows)) : std::nullopt;
    });
    qsizetype kept = 0;
    for (qsizetype i = 0; i < notes.x.size(); ++i)
        if (!std::isnan(notes.y[i])) {
            notes.x[kept] = notes.x[i];
            notes.y[kept++] = notes.y[i];
        }
    notes.x.resize(kept);
    notes.y.resize(kept);
    for (const EpochRecord* state : statesOf(run))
        if (noted(*state) && notes.labels.size() < kept)
            notes.labels << texts.at(state->epoch);
    return notes;
}

QString lossName(LossKind loss) {
    const std::string_view form = reportedForm(loss);
    const std::string_view name = form.substr(0, form.find(':'));
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

bool isSaving(SecondPlot what) {
    return what == SecondPlot::TimesFaster || what == SecondPlot::TimesLessData;
}

bool isShare(SecondPlot what) {
    return what == SecondPlot::Accuracy || what == SecondPlot::RefetchRate ||
           what == SecondPlot::OutsideShare;
}

QString secondEmptyText(SecondPlot what) {
    switch (what) {
    case SecondPlot::Bias:
    case SecondPlot::Variance:
        return "The bias of the gradient estimate\nappears here while a run trains.";
    case SecondPlot::DistanceToOptimum:
        return "The distance to the exact optimum\nappears here while a run trains\nwhose optimum is known.";
    case SecondPlot::Accuracy:
        return "The accuracy appears here\nwhile a run trains on classes.";
    case SecondPlot::RefetchRate:
        return "The share of rows that are read again exactly\nappears here: choose Loss Hinge\nand "
               "Estimator Refetching.";
    case SecondPlot::OutsideShare:
        return "The share of scores outside of the interval\nappears here: choose Loss Logistic or a hinge\n"
               "and Estimator Polynomial.";
    case SecondPlot::ModelSpread:
        return "How the model's weights are spread\nappears here while a run trains.";
    case SecondPlot::TimesFaster:
    case SecondPlot::TimesLessData:
        return "What the bits save an epoch appears here\nbeside a run in full precision\non the same data, "
               "loss "
               "and batch.";
    case SecondPlot::GradientSpread:
        return "How the gradient's coordinates are spread\nappears here while a run trains\nwhose bias is "
               "measured.";
    }
    return {};
}

Axes lossAxes(const std::vector<RunCurveData>& runs, XAxis xAxis) {
    const LossKind first = runs.empty() ? LossKind::LeastSquares : runs.front().loss;
    const bool same = std::ranges::all_of(
        runs, [&](const RunCurveData& run) { return lossName(run.loss) == lossName(first); });
    QString name = same ? lossName(first) : QString("loss of the run's own kind");
    name[0] = name[0].toUpper();
    return {"Loss",        "solid: training   dashed: test   dotted: the exact optimum's training loss",
            xLabel(xAxis), name,
            true,          true};
}

Axes secondAxes(XAxis xAxis, SecondPlot what) {
    if (what == SecondPlot::ModelSpread || what == SecondPlot::GradientSpread) {
        const bool model = what == SecondPlot::ModelSpread;
        Axes axes{model ? "Spread of the model's weights" : "Spread of the exact gradient's coordinates",
                  "solid: median   band: 5 to 95 %   dashed: least and greatest",
                  xLabel(xAxis),
                  model ? "Weight (of scaled features)" : "Coordinate of the gradient",
                  false,
                  false};
        axes.bothSigns = true;
        return axes;
    }
    if (what == SecondPlot::TimesFaster)
        return {"Times faster than full precision",
                "full precision's median seconds an epoch, over the run's",
                xLabel(xAxis),
                "Times faster an epoch",
                true,
                false};
    if (what == SecondPlot::TimesLessData)
        return {"Times less data than full precision",
                "full precision's bytes an epoch over the run's (samples, model and gradient)",
                xLabel(xAxis),
                "Times fewer bytes an epoch",
                true,
                false};
    if (what == SecondPlot::Accuracy)
        return {"Accuracy",    "share of rows whose class is right   solid: training   dashed: test",
                xLabel(xAxis), "Accuracy",
                false,         false};
    if (what == SecondPlot::RefetchRate)
        return {"Refetch rate", "rows that the code left uncertain, read again exactly",
                xLabel(xAxis),  "Share of rows",
                false,          false};
    if (what == SecondPlot::OutsideShare)
        return {"Outside the interval",
                "training rows whose score leaves the polynomial's interval",
                xLabel(xAxis),
                "Share of rows",
                false,
                false};
    if (what == SecondPlot::DistanceToOptimum)
        return {"Distance to the exact optimum",
                "|x - x*| / |x*|, x* the exact solution",
                xLabel(xAxis),
                "Relative distance",
                true,
                false};
    if (what == SecondPlot::Variance)
        return {"Gradient variance",
                "solid: measured   dashed: by formula   dotted: the lemma's bound",
                xLabel(xAxis),
                "Variance of the average gradient",
                true,
                false};
    return {"Gradient bias",
            "solid: measured   dashed: predicted   dotted: what noise alone shows",
            xLabel(xAxis),
            "Norm of the gradient's bias",
            true,
            false};
}

} // namespace zipml::ui
