#include "ui/double_sampling/plane_curves.h"

#include "ui/plot/estimator_color.h"
#include "ui/widgets/estimator_choice.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>

#include <Eigen/Eigenvalues>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace zipml::ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(DoubleSampling)
};

constexpr int kEllipsePoints = 96;
constexpr int kLeastContour = -8, kGreatestContour = 12; ///< exponents of 2, above the least loss

Curve curveOf(CurveRole role, int run, const QString& name) {
    Curve curve;
    curve.role = role;
    curve.run = run;
    curve.name = name;
    curve.quantity = "x₂";
    curve.labelsBeside = false;
    return curve;
}

void append(Curve& curve, const Eigen::Vector2d& point) {
    curve.x << point[0];
    curve.y << point[1];
}

Curve pointOf(int run, const QString& name, const Eigen::Vector2d& point, bool predicted) {
    Curve curve = curveOf(CurveRole::Points, run, name);
    append(curve, point);
    curve.predicted = predicted;
    return curve;
}

Curve arrowOf(int run, const QString& name, const Eigen::Vector2d& from, const Eigen::Vector2d& to) {
    Curve curve = curveOf(CurveRole::Arrow, run, name);
    append(curve, from);
    append(curve, to);
    return curve;
}

QString vectorText(const Eigen::Vector2d& vector) {
    return QString("(%1, %2)").arg(vector[0], 0, 'g', 4).arg(vector[1], 0, 'g', 4);
}

Curve outlineOf(CurveRole role, int run, const QString& name, const Ellipse& ellipse) {
    Curve curve = curveOf(role, run, name);
    for (int i = 0; i <= kEllipsePoints; ++i)
        append(curve, ellipse.at(2 * std::numbers::pi * i / kEllipsePoints));
    return curve;
}

/// The loss is least + d'Hd, d = x - optimum: its contours are ellipses.
void addContours(const PlaneResult& result, std::vector<Curve>& curves) {
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix2d> solver(result.curvature);
    for (int power = kLeastContour; power <= kGreatestContour; ++power) {
        const double height = std::exp2(power);
        const Eigen::Vector2d radii = (height * solver.eigenvalues().cwiseInverse()).cwiseSqrt();
        Curve curve = outlineOf(CurveRole::Contour, kNoRun, Text::tr("Contour of the loss"),
                                {result.optimum, solver.eigenvectors() * radii.asDiagonal()});
        curve.labels.fill(Text::tr("mean squared error %1").arg(result.leastLoss + height, 0, 'g', 4),
                          curve.x.size());
        curve.fits = false;
        curves.push_back(std::move(curve));
    }
}

void addPaths(const PlaneResult& result, const PlaneView& view, std::vector<Curve>& curves) {
    for (const PlanePath& path : result.paths) {
        const auto last = static_cast<std::size_t>(view.updates.value_or(result.request.updates));
        const QString name = toQt(entryOf(path.estimator).title);
        Curve curve = curveOf(CurveRole::Path, runOf(path.estimator), Text::tr("%1: path").arg(name));
        for (std::size_t i = 0; i < path.points.size() && i <= last; ++i) {
            append(curve, path.points[i]);
            curve.labels << Text::tr("update %1 of %2").arg(i).arg(result.request.updates);
        }
        curve.fits = !path.diverged;
        Curve end = pointOf(curve.run, Text::tr("%1: the path's end").arg(name),
                            {curve.x.back(), curve.y.back()}, false);
        end.labels << curve.labels.back() + (path.diverged ? Text::tr(": it diverged") : QString());
        end.fits = curve.fits;
        end.legend = false;
        curves.push_back(std::move(curve));
        curves.push_back(std::move(end));
    }
}

} // namespace

std::span<const EstimatorKind> planeEstimators() {
    // Those with kernels for packed codes, which the plane is computed by.
    static const std::vector<EstimatorKind> all = estimatorsThat(
        [](const Estimator& each) { return each.pairs && !each.roundsChannels; },
        {EstimatorKind::Full, EstimatorKind::Naive, EstimatorKind::Double, EstimatorKind::Corrected});
    return all;
}

int runOf(EstimatorKind estimator) {
    return colorOfEstimator(estimator);
}

std::vector<Curve> planeCurves(const PlaneResult& result, const PlaneView& view) {
    const Eigen::Vector2d& from = result.request.at;
    const auto tipOf = [&](const Eigen::Vector2d& gradient) -> Eigen::Vector2d {
        return from - view.arrowScale * gradient;
    };
    std::vector<Curve> curves;
    Curve point = pointOf(kNoRun, Text::tr("The point x"), from, false);
    point.labels << Text::tr("drag it, or move it with the arrow keys");
    point.legend = false;
    curves.push_back(std::move(point)); // first: where arrows begin, it is what the mouse reads
    if (view.contours)
        addContours(result, curves);
    if (view.clouds)
        for (const GradientCloud& cloud : result.clouds) {
            const QString name = toQt(entryOf(cloud.estimator).title);
            Curve tips =
                curveOf(CurveRole::Cloud, runOf(cloud.estimator), Text::tr("%1: an estimate").arg(name));
            for (std::size_t i = 0; i < std::min(cloud.draws.size(), kEstimatesShown); ++i)
                append(tips, tipOf(cloud.draws[i]));
            tips.origin = QPointF(from[0], from[1]);
            tips.fits = false;
            curves.push_back(std::move(tips));
        }
    if (view.paths)
        addPaths(result, view, curves);
    if (view.means) {
        for (const GradientCloud& cloud : result.clouds) {
            const QString name = toQt(entryOf(cloud.estimator).title);
            const int run = runOf(cloud.estimator);
            Curve mean = arrowOf(run, name, from, tipOf(cloud.statistics.mean));
            mean.labels << QString()
                        << Text::tr("mean of %1 estimates; gradient %2")
                               .arg(cloud.draws.size())
                               .arg(vectorText(cloud.statistics.mean));
            curves.push_back(std::move(mean));
        }
        for (const GradientCloud& cloud : result.clouds) {
            const QString name = toQt(entryOf(cloud.estimator).title);
            const int run = runOf(cloud.estimator);
            Ellipse ellipse = cloud.statistics.confidence();
            ellipse.centre = tipOf(ellipse.centre);
            ellipse.axes *= view.arrowScale;
            curves.push_back(outlineOf(CurveRole::Outline, run,
                                       Text::tr("%1: 95% confidence of the mean").arg(name), ellipse));
            if (cloud.predictedBias && cloud.predictedBias->norm() > 1e-12) {
                Curve predicted = pointOf(run, Text::tr("%1, predicted mean").arg(name),
                                          tipOf(result.gradient + *cloud.predictedBias), true);
                predicted.labels << Text::tr("bias D x = %1").arg(vectorText(*cloud.predictedBias));
                curves.push_back(std::move(predicted));
            }
        }
    }
    Curve truth = arrowOf(kNoRun, Text::tr("True gradient"), from, tipOf(result.gradient));
    truth.labels << QString() << Text::tr("gradient %1").arg(vectorText(result.gradient));
    curves.push_back(std::move(truth));
    Curve optimum = pointOf(kNoRun, Text::tr("Optimum"), result.optimum, true);
    optimum.labels << Text::tr("optimum");
    optimum.labelsBeside = true;
    optimum.legend = false;
    curves.push_back(std::move(optimum));
    Curve limit = pointOf(runOf(EstimatorKind::Naive), Text::tr("Where naive SGD ends, by formula"),
                          result.naiveLimit, true);
    limit.labels << Text::tr("naive limit");
    limit.labelsBeside = true;
    limit.legend = false;
    curves.push_back(std::move(limit));
    return curves;
}

Axes planeAxes(const PlaneResult& result, const PlaneView& view) {
    Axes axes;
    axes.title = result.request.estimators.empty()
                     ? Text::tr("The true gradient at x. Tick an estimator to see its estimates")
                     : Text::tr("Gradient estimates at x, and the paths of SGD from it");
    const QString length =
        view.arrowScale == 1 ? QString() : Text::tr(" × %1").arg(view.arrowScale, 0, 'g', 3);
    const QString arrows = Text::tr("Arrows: −gradient%1. Ellipses hold the expectation with 95% confidence. "
                                    "Contours: the loss, doubling")
                               .arg(length);
    const bool some = view.clouds && result.request.draws > static_cast<int>(kEstimatesShown);
    axes.caption =
        arrows + (some ? Text::tr(". %1 of %2 estimates drawn").arg(kEstimatesShown).arg(result.request.draws)
                       : QString());
    axes.xLabel = "x₁";
    axes.yLabel = "x₂";
    axes.logarithmic = false;
    axes.equalScale = true;
    return axes;
}

} // namespace zipml::ui
