#include "ui/report/advice_figure.h"

#include "ui/plot/estimator_color.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace zipml::ui {
namespace {

constexpr double kPercent = 100;
constexpr double kLowest = 1e-3; ///< %: what is below is drawn there
constexpr double kHighest = 1e4; ///< %: likewise

QString inAdvice(const char* text) {
    return QCoreApplication::translate("Advice", text);
}

double heightOf(double over) {
    return std::isfinite(over) ? std::clamp(kPercent * over, kLowest, kHighest)
                               : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

std::vector<Curve> adviceCurves(const Advice& advice, double tolerance) {
    std::vector<Curve> curves;
    const TradeoffSetting* before = nullptr;
    std::map<EstimatorKind, int> ofEstimator; // curves
    for (const AdvicePoint& point : advice.points) {
        const TradeoffSetting& setting = point.setting;
        if (before == nullptr || before->estimator != setting.estimator || before->grid != setting.grid) {
            Curve curve;
            curve.run = static_cast<int>(curves.size());
            const int variant = ofEstimator[setting.estimator]++;
            curve.look.run = RunLook{colorOfEstimator(setting.estimator), variant, variant};
            const std::string name = nameOf(setting);
            curve.name = QString::fromStdString(name.substr(0, name.rfind(',')));
            curve.quantity = inAdvice("% above full precision, forecast:");
            curve.labelsBeside = false;
            curve.predicted = true;
            curves.push_back(curve);
        }
        before = &setting;
        Curve& curve = curves.back();
        curve.x << setting.bits;
        curve.y << heightOf(point.overFull);
        curve.labels << QString::fromStdString(overText(point.overFull));
    }
    Curve level;
    level.run = kNoRun;
    level.name = inAdvice("tolerance");
    level.quantity = inAdvice("% above full precision:");
    level.role = CurveRole::Secondary;
    level.x = {static_cast<double>(advice.plan.leastBits), static_cast<double>(advice.plan.mostBits)};
    level.y = {kPercent * tolerance, kPercent * tolerance};
    curves.push_back(level);
    return curves;
}

Axes adviceAxes(double tolerance) {
    Axes axes;
    axes.title = inAdvice("Forecast loss against bits");
    axes.caption = inAdvice("dashed across: the tolerance, %1%   below %2% everything is drawn there")
                       .arg(kPercent * tolerance)
                       .arg(kLowest);
    axes.xLabel = inAdvice("Bits of a level's index");
    axes.yLabel = inAdvice("Loss above full precision's (%)");
    return axes;
}

} // namespace zipml::ui
