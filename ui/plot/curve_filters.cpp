#include "ui/plot/curve_filters.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace zipml::ui {
namespace {

QVector<double> average(const QVector<double>& y, double weight) {
    QVector<double> smooth;
    smooth.reserve(y.size());
    double mean = 0, share = 0; // of the weights so far
    for (const double value : y) {
        if (!std::isfinite(value)) {
            smooth << value;
            continue;
        }
        mean = weight * mean + (1 - weight) * value;
        share = weight * share + (1 - weight);
        smooth << mean / share;
    }
    return smooth;
}

Curve merged(const std::vector<const Curve*>& members, const RunGroup& group) {
    Curve curve = *members.front();
    curve.run = group.run;
    curve.name = group.name;
    const auto length =
        (*std::ranges::max_element(members, {}, [](const Curve* c) { return c->x.size(); }))->x.size();
    curve.x.resize(length);
    curve.y.resize(length);
    curve.low.resize(length);
    curve.high.resize(length);
    for (qsizetype i = 0; i < length; ++i) {
        double x = 0, y = 0, come = 0, valued = 0;
        double low = std::numeric_limits<double>::infinity(), high = -low;
        for (const auto* member : members) {
            if (i >= member->x.size())
                continue;
            ++come;
            x += member->x[i];
            if (std::isnan(member->y[i]))
                continue;
            ++valued;
            y += member->y[i];
            low = std::min(low, member->y[i]);
            high = std::max(high, member->y[i]);
        }
        constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
        curve.x[i] = x / come;
        curve.y[i] = valued > 0 ? y / valued : kNone;
        curve.low[i] = valued > 0 ? low : kNone;
        curve.high[i] = valued > 0 ? high : kNone;
    }
    if (curve.role != CurveRole::Main)
        curve.low = curve.high = {};
    return curve;
}

} // namespace

std::vector<Curve> smoothed(const std::vector<Curve>& curves, double weight) {
    std::vector<Curve> result;
    for (const auto& curve : curves) {
        if (weight <= 0 || curve.role != CurveRole::Main) {
            result.push_back(curve);
            continue;
        }
        Curve raw = curve;
        raw.role = CurveRole::Faint;
        raw.low = raw.high = {};
        result.push_back(std::move(raw));
        Curve smooth = curve;
        for (auto* values : {&smooth.y, &smooth.low, &smooth.high})
            *values = average(*values, weight);
        smooth.quantity += ", smoothed";
        result.push_back(std::move(smooth));
    }
    return result;
}

std::vector<Curve> seedBands(const std::vector<Curve>& curves, const std::map<int, RunGroup>& groups) {
    std::vector<Curve> result;
    std::map<std::tuple<int, CurveRole, QString>, std::vector<const Curve*>> members;
    const auto groupOf = [&](const Curve& curve) {
        const auto found = groups.find(curve.run);
        const bool alone = found == groups.end() || found->second.runs < 2;
        const bool mark = curve.role == CurveRole::Notes || curve.role == CurveRole::Diverged;
        return alone || mark ? nullptr : &found->second;
    };
    for (const auto& curve : curves)
        if (const auto* group = groupOf(curve))
            members[{group->run, curve.role, curve.quantity}].push_back(&curve);
    for (const auto& curve : curves) {
        const auto* group = groupOf(curve);
        if (group == nullptr) {
            result.push_back(curve);
            continue;
        }
        auto& those = members[{group->run, curve.role, curve.quantity}];
        if (!those.empty()) // in the place of the first
            result.push_back(merged(those, *group));
        those.clear();
    }
    return result;
}

std::vector<Curve> aboveOptimum(std::vector<Curve> curves, const std::map<int, double>& optima) {
    std::erase_if(curves, [&](const Curve& curve) {
        return curve.role == CurveRole::Reference || !optima.contains(curve.run);
    });
    for (auto& curve : curves)
        for (auto* values : {&curve.y, &curve.low, &curve.high})
            for (double& value : *values)
                value = value / optima.at(curve.run) - 1;
    return curves;
}

} // namespace zipml::ui
