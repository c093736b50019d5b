#include "ui/plot/run_curves.h"

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

using Quantity = std::function<std::optional<double>(const EpochRecord&)>;

/// An empty curve when no epoch has a value.
Curve makeCurve(const RunCurveData& run, XAxis xAxis, CurveRole role, const QString& quantity,
                const Quantity& value) {
    Curve curve{run.run, run.name, quantity, role, {}, {}};
    if (run.initial == nullptr)
        return curve;
    double seconds = 0;
    bool any = false;
    const auto add = [&](const EpochRecord& epoch) {
        seconds += epoch.seconds;
        const auto y = value(epoch);
        any = any || y.has_value();
        curve.x << (xAxis == XAxis::Epoch            ? epoch.epoch
                    : xAxis == XAxis::MegabytesMoved ? static_cast<double>(epoch.bytesMoved) / 1e6
                                                     : seconds);
        curve.y << y.value_or(kNoValue);
    };
    add(*run.initial);
    for (const auto& epoch : *run.epochs)
        add(epoch);
    if (!any)
        curve.x = curve.y = {};
    return curve;
}

void append(std::vector<Curve>& curves, Curve curve) {
    if (!curve.x.isEmpty())
        curves.push_back(std::move(curve));
}

} // namespace

std::vector<Curve> lossCurves(const std::vector<RunCurveData>& runs, XAxis xAxis) {
    std::vector<Curve> curves;
    std::set<double> optima; // runs on the same data share one line
    for (const auto& run : runs) {
        append(curves, makeCurve(run, xAxis, CurveRole::Main, "training loss",
                                 [](const EpochRecord& e) { return std::optional(e.trainLoss); }));
        append(curves, makeCurve(run, xAxis, CurveRole::Secondary, "test loss",
                                 [](const EpochRecord& e) { return e.testLoss; }));
        if (run.optimumLoss && optima.insert(*run.optimumLoss).second)
            append(curves, makeCurve(run, xAxis, CurveRole::Reference, "exact optimum's training loss",
                                     [&](const EpochRecord&) { return run.optimumLoss; }));
    }
    return curves;
}

std::vector<Curve> secondCurves(const std::vector<RunCurveData>& runs, XAxis xAxis, SecondPlot what) {
    std::vector<Curve> curves;
    for (const auto& run : runs) {
        if (what == SecondPlot::DistanceToOptimum) {
            append(curves, makeCurve(run, xAxis, CurveRole::Main, "distance to the optimum",
                                     [](const EpochRecord& e) { return e.distanceToOptimum; }));
            continue;
        }
        if (what == SecondPlot::Variance) {
            const auto positive = [](std::optional<double> EpochRecord::*field) {
                return [field](const EpochRecord& e) {
                    return e.*field && *(e.*field) > 0 ? e.*field : std::nullopt;
                };
            };
            append(curves, makeCurve(run, xAxis, CurveRole::Main, "measured variance",
                                     positive(&EpochRecord::variance)));
            append(curves, makeCurve(run, xAxis, CurveRole::Secondary, "predicted variance",
                                     positive(&EpochRecord::predictedVariance)));
            append(curves, makeCurve(run, xAxis, CurveRole::Reference, "the lemma's bound",
                                     positive(&EpochRecord::varianceBound)));
            continue;
        }
        append(curves, makeCurve(run, xAxis, CurveRole::Main, "measured bias",
                                 [](const EpochRecord& e) { return e.biasNorm; }));
        // A bias of exactly zero (unbiased estimators) has no place on a logarithmic axis; the caption says
        // so.
        append(
            curves, makeCurve(run, xAxis, CurveRole::Secondary, "predicted bias", [](const EpochRecord& e) {
                return e.predictedBiasNorm && *e.predictedBiasNorm > 0 ? e.predictedBiasNorm : std::nullopt;
            }));
        append(
            curves,
            makeCurve(run, xAxis, CurveRole::Reference, "noise (standard error)", [](const EpochRecord& e) {
                return e.biasStandardError && *e.biasStandardError > 0 ? e.biasStandardError : std::nullopt;
            }));
    }
    return curves;
}

Curve noteCurve(const RunCurveData& run, XAxis xAxis, const std::map<int, QString>& texts) {
    Curve notes = makeCurve(run, xAxis, CurveRole::Notes, "training loss", [&](const EpochRecord& epoch) {
        return texts.contains(epoch.epoch) ? std::optional(epoch.trainLoss) : std::nullopt;
    });
    qsizetype kept = 0;
    for (qsizetype i = 0; i < notes.x.size(); ++i)
        if (!std::isnan(notes.y[i])) {
            notes.x[kept] = notes.x[i];
            notes.y[kept++] = notes.y[i];
        }
    notes.x.resize(kept);
    notes.y.resize(kept);
    const auto add = [&](const EpochRecord& epoch) {
        if (const auto text = texts.find(epoch.epoch); text != texts.end() && notes.labels.size() < kept)
            notes.labels << text->second;
    };
    add(*run.initial);
    for (const auto& epoch : *run.epochs)
        add(epoch);
    return notes;
}

Axes lossAxes(XAxis xAxis) {
    return {"Loss",        "solid: training   dashed: test   dotted: the exact optimum's training loss",
            xLabel(xAxis), "Mean squared error",
            true,          true};
}

Axes secondAxes(XAxis xAxis, SecondPlot what) {
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
