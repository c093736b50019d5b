#include "core/advise/advice.h"

#include "core/base/number_text.h"
#include "core/data/source_name.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

template <class... Values>
std::string text(const char* format, Values... values) {
    char buffer[400];
    std::snprintf(buffer, sizeof buffer, format, values...);
    return buffer;
}

/// The curves of the plan: points of one estimator and placement, by rising bits.
std::vector<std::vector<std::size_t>> curvesOf(const Advice& advice) {
    std::vector<std::vector<std::size_t>> curves;
    for (std::size_t i = 0; i < advice.points.size(); ++i) {
        const TradeoffSetting& setting = advice.points[i].setting;
        const auto same = std::ranges::find_if(curves, [&](const auto& curve) {
            const TradeoffSetting& other = advice.points[curve.front()].setting;
            return other.estimator == setting.estimator && other.grid == setting.grid;
        });
        if (same == curves.end())
            curves.push_back({i});
        else
            same->push_back(i);
    }
    return curves;
}

double shareAt(const ColumnRounding& column, GridKind grid, int bits) {
    const auto& shares = grid == GridKind::Uniform ? column.uniform : column.optimal;
    return shares[static_cast<std::size_t>(bits - 1)];
}

bool takenAsExact(const TradeoffSetting& setting) {
    const Estimator& estimator = estimatorOf(setting.estimator);
    return !estimator.unbiased && estimator.copies == 1;
}

nlohmann::json json(const AdvicePoint& point) {
    const Forecast& f = point.forecast;
    nlohmann::json object = {{"estimator", nameOf(point.setting.estimator)},
                             {"over_full", point.overFull},
                             {"most_over_full", point.mostOver},
                             {"excess", f.excess},
                             {"pulled", f.pulled},
                             {"frozen", f.frozen},
                             {"noise", f.noise},
                             {"least", f.least},
                             {"most", f.most},
                             {"step", f.step},
                             {"bias_norm", f.biasNorm},
                             {"variance", f.variance ? nlohmann::json(*f.variance) : nlohmann::json()},
                             {"bits_per_value", f.bitsPerValue},
                             {"store_bytes", f.storeBytes}};
    if (!point.setting.full()) {
        object["grid"] = nameOf(point.setting.grid);
        object["bits"] = point.setting.bits;
    }
    return object;
}

} // namespace

std::vector<EstimatorKind> advisedEstimators(LossKind loss) {
    using enum EstimatorKind;
    std::vector<EstimatorKind> estimators;
    for (const EstimatorKind kind : {Naive, Nearest, Double, Corrected})
        if (whyNotWith(kind, loss).empty())
            estimators.push_back(kind);
    return estimators;
}

TradeoffPlan advicePlan(const RunSpec& base) {
    TradeoffPlan plan;
    plan.base = base;
    plan.leastBits = 1;
    plan.mostBits = kMostAdvisedBits;
    plan.estimators = advisedEstimators(base.loss);
    return plan;
}

Advice advise(const TradeoffPlan& plan, const PreparedData& data, ThreadTeam& team, const Job& job) {
    const auto began = std::chrono::steady_clock::now();
    const TradeoffSettings settings = settingsOf(plan);
    Advice advice;
    advice.plan = plan;
    advice.leftOut = settings.leftOut;
    advice.dataName = data.train.name;
    advice.rows = data.train.rows;
    advice.features = data.train.features;
    job.report(0, "looking at the optimum");
    const Forecaster forecaster(plan.base, data, team, job);
    advice.optimum = forecaster.optimum();
    advice.approximate = forecaster.approximate();
    advice.sensitivity = forecaster.sensitivity(false);
    advice.sensitivityAsExact = forecaster.sensitivity(true);
    advice.columns = columnRoundings(data.train, team, partOf(job, 0.05, 0.3));
    std::vector<AdvicePoint> points(settings.chosen.size());
    std::atomic<std::size_t> done = 0;
    std::mutex reporting;
    team.forEachChunk(points.size(), [&](std::size_t i) {
        points[i].setting = settings.chosen[i];
        points[i].forecast = forecaster.of(settings.chosen[i], {job.stop, {}});
        const double share = static_cast<double>(++done) / static_cast<double>(points.size());
        const std::lock_guard lock(reporting);
        job.report(0.3 + 0.7 * share, "forecasting");
    });
    const double full = advice.optimum + points.front().forecast.excess;
    for (AdvicePoint& point : points) {
        const auto over = [&](double excess) {
            const double objective = advice.optimum + excess;
            return full > 0 ? objective / full - 1 : objective > 0 ? HUGE_VAL : 0;
        };
        point.overFull = over(point.forecast.excess);
        point.mostOver = over(point.forecast.most);
    }
    advice.full = points.front();
    advice.points.assign(points.begin() + 1, points.end());
    advice.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return advice;
}

std::vector<std::size_t> withinTolerance(const Advice& advice, double tolerance) {
    std::vector<std::size_t> found;
    for (const auto& curve : curvesOf(advice)) {
        auto from = curve.end();
        while (from != curve.begin() && advice.points[*std::prev(from)].mostOver <= tolerance)
            --from;
        if (from != curve.end())
            found.push_back(*from);
    }
    return found;
}

std::optional<std::size_t> bestPoint(const Advice& advice, double tolerance) {
    std::optional<std::size_t> best;
    const auto rank = [&](std::size_t i) {
        return std::pair(advice.points[i].forecast.storeBytes, advice.points[i].overFull);
    };
    for (const std::size_t i : withinTolerance(advice, tolerance))
        if (!best || rank(i) < rank(*best))
            best = i;
    return best;
}

std::vector<ColumnGroup> columnGroups(const Advice& advice, std::size_t index, double tolerance) {
    const AdvicePoint& point = advice.points[index];
    const bool exact = takenAsExact(point.setting);
    const Eigen::VectorXd& weights = exact ? advice.sensitivityAsExact : advice.sensitivity;
    const auto costAt = [&](std::size_t f, int bits) {
        const ColumnRounding& column = advice.columns[f];
        const double variance = column.variance * shareAt(column, point.setting.grid, bits);
        return weights[static_cast<Eigen::Index>(f)] * (exact ? variance * variance : variance);
    };
    const auto wholeAt = [&](int bits) {
        double whole = 0;
        for (std::size_t f = 0; f < advice.columns.size(); ++f)
            whole += costAt(f, bits);
        return whole;
    };
    // What a unit of cost is in the objective: as forecast at the point's width and the one below.
    double unit = 0;
    for (const AdvicePoint& other : advice.points) {
        const TradeoffSetting& setting = other.setting;
        const double whole = wholeAt(setting.bits);
        const bool near = setting.bits == point.setting.bits || setting.bits == point.setting.bits - 1;
        if (setting.estimator == point.setting.estimator && setting.grid == point.setting.grid && near &&
            whole > 0 && std::isfinite(other.forecast.most))
            unit = std::max(unit, (other.forecast.most - advice.full.forecast.excess) / whole);
    }
    const double allowed = std::max(unit * wholeAt(point.setting.bits),
                                    tolerance * (advice.optimum + advice.full.forecast.excess));
    std::vector<int> bits(advice.columns.size());
    double spent = 0;
    for (std::size_t f = 0; f < bits.size(); ++f) {
        bits[f] = advice.columns[f].constant ? 0 : 1;
        if (bits[f] > 0)
            spent += unit * costAt(f, 1);
    }
    while (spent > allowed) {
        std::size_t most = bits.size();
        double saved = 0;
        for (std::size_t f = 0; f < bits.size(); ++f) {
            if (bits[f] == 0 || bits[f] == kMostAdvisedBits)
                continue;
            const double saves = unit * (costAt(f, bits[f]) - costAt(f, bits[f] + 1));
            if (saves > saved) {
                saved = saves;
                most = f;
            }
        }
        if (most == bits.size())
            break; // none has more bits to win
        ++bits[most];
        spent -= saved;
    }
    std::map<int, ColumnGroup> groups;
    for (std::size_t f = 0; f < bits.size(); ++f) {
        groups[bits[f]].bits = bits[f];
        groups[bits[f]].columns.push_back(f);
    }
    std::vector<ColumnGroup> sorted;
    sorted.reserve(groups.size());
    for (auto& [width, group] : groups)
        sorted.push_back(std::move(group));
    return sorted;
}

std::string nameOf(const TradeoffSetting& setting) {
    std::string name(entryOf(setting.estimator).title);
    if (setting.full())
        return name;
    return name + (setting.grid == GridKind::Uniform ? ", uniform levels, " : ", optimal levels, ") +
           bitsPhrase(setting.bits);
}

std::string bitsPhrase(int bits) {
    return std::to_string(bits) + (bits == 1 ? " bit" : " bits");
}

std::string overText(double over, std::string_view times) {
    if (!std::isfinite(over))
        return "diverges";
    if (over >= 10)
        return std::string(times) + " " + text("%.3g", 1 + over);
    if (std::abs(over) < 0.000005)
        return "0%";
    return text(std::abs(over) >= 0.0995 ? "%.0f%%" : "%.2g%%", 100 * over);
}

std::string approximationNote(const Advice& advice) {
    if (!advice.approximate)
        return {};
    return "forecasts of the " + std::string(nameOf(advice.plan.base.loss)) +
           " loss are an approximation, from the mean motion over some of the rows and few draws: rough at "
           "few "
           "bits; prove them by runs";
}

double parseTolerance(const std::string& text) {
    const bool percent = text.ends_with('%');
    const auto number = parseFinite(std::string_view(text).substr(0, text.size() - (percent ? 1 : 0)));
    const double share = number ? *number / (percent ? 100 : 1) : 0;
    if (!(share > 0) || share > 10)
        throw InputError("tolerance: '" + text + "': write a share above 0, such as 1% or 0.01");
    return share;
}

std::string sentenceOf(const Advice& advice, double tolerance) {
    const std::string within = text("%g%%", 100 * tolerance);
    if (const auto best = bestPoint(advice, tolerance)) {
        const AdvicePoint& point = advice.points[*best];
        const double fewer = static_cast<double>(advice.full.forecast.storeBytes) /
                             static_cast<double>(point.forecast.storeBytes);
        const std::string least = overText(std::max(0.0, point.overFull));
        const std::string most = overText(std::max(0.0, point.mostOver));
        return "Within " + within + " of full precision: " + nameOf(point.setting) + ", " +
               text("%.3g", point.forecast.bitsPerValue) + " stored a value, " + text("%.3g", fewer) +
               " times fewer bytes of samples; " + least + " is forecast" +
               (most == least ? "." : ", at most " + most + " by the draw of the roundings.");
    }
    const auto nearest = std::ranges::min_element(advice.points, {}, &AdvicePoint::mostOver);
    std::string sentence = "Nothing up to 8 bits is forecast to be within " + within + " of full precision";
    if (nearest != advice.points.end())
        sentence += "; the nearest is " + nameOf(nearest->setting) + ": " + overText(nearest->mostOver);
    return sentence + ". Try a larger tolerance, or more epochs.";
}

nlohmann::json toJson(const Advice& advice, double tolerance) {
    nlohmann::json columns = nlohmann::json::array();
    for (const ColumnRounding& column : advice.columns)
        columns.push_back({{"name", column.name},
                           {"constant", column.constant},
                           {"variance", column.variance},
                           {"skewness", column.skewness},
                           {"rounding_uniform", column.uniform},
                           {"rounding_optimal", column.optimal}});
    nlohmann::json points = nlohmann::json::array();
    for (const AdvicePoint& point : advice.points)
        points.push_back(json(point));
    nlohmann::json enough = nlohmann::json::array();
    for (const std::size_t i : withinTolerance(advice, tolerance))
        enough.push_back(i);
    nlohmann::json groups = nlohmann::json::array();
    const auto best = bestPoint(advice, tolerance);
    if (best)
        for (const ColumnGroup& group : columnGroups(advice, *best, tolerance)) {
            nlohmann::json names = nlohmann::json::array();
            for (const std::size_t f : group.columns)
                names.push_back(advice.columns[f].name);
            groups.push_back({{"bits", group.bits}, {"columns", names}});
        }
    nlohmann::json leftOut = nlohmann::json::object();
    for (const auto& [why, count] : advice.leftOut)
        leftOut[why] = count;
    return {{"data", advice.dataName},
            {"rows", advice.rows},
            {"features", advice.features},
            {"tolerance", tolerance},
            {"optimum_objective", advice.optimum},
            {"approximate", advice.approximate},
            {"recommendation", sentenceOf(advice, tolerance)},
            {"best", best ? nlohmann::json(*best) : nlohmann::json()},
            {"within_tolerance", enough},
            {"column_groups", groups},
            {"columns", columns},
            {"full", json(advice.full)},
            {"points", points},
            {"left_out", leftOut},
            {"seconds", advice.seconds},
            {"spec", withNamesOnly(toJson(advice.plan.base))}};
}

} // namespace zipml
