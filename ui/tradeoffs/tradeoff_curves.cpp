#include "ui/tradeoffs/tradeoff_curves.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace zipml::ui {
namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN(); // where a line is interrupted
constexpr double kPercent = 100;
/// The line of full precision's loss lies this many times below the lowest point above it.
constexpr double kRoom = 2.5;

QString bitsText(const TradeoffRow& row) {
    return TradeoffModel::tr("%1 bits stored a value").arg(QString::number(row.point->bitsPerValue, 'g', 3));
}

bool plotted(const TradeoffRow& row) {
    return row.point && row.point->excess && std::isfinite(row.point->excess->median);
}

/// Percent above full precision; what is not above lies on `bottom`, for the axis is logarithmic.
double heightOf(double excess, double bottom) {
    return std::max(kPercent * excess, bottom);
}

/// Where what is not above full precision is drawn.
double bottomOf(const std::vector<TradeoffRow>& rows, const TradeoffLook& look) {
    double least = look.tolerance;
    for (const auto& row : rows)
        if (plotted(row))
            for (const double value : {row.point->excess->least, row.point->excess->median})
                if (value > 0)
                    least = std::min(least, value);
    return kPercent * least / kRoom;
}

class Builder {
  public:
    Builder(const std::vector<TradeoffRow>& rows, const TradeoffLook& look)
        : rows_(rows), look_(look), bottom_(bottomOf(rows, look)) {}

    TradeoffCurves build() {
        for (int series = 0; !rows_.empty() && series <= rows_.back().series; ++series) {
            std::vector<int> own;
            for (int i = 0; i < static_cast<int>(rows_.size()); ++i)
                if (at(i).series == series && plotted(at(i)))
                    own.push_back(i);
            if (!own.empty())
                addSeries(std::move(own));
        }
        if (made_.curves.empty())
            return std::move(made_);
        addFront();
        addLevel(bottom_, CurveRole::Reference, TradeoffModel::tr("full precision's loss"));
        addLevel(kPercent * look_.tolerance, CurveRole::Secondary, TradeoffModel::tr("threshold"));
        if (look_.selected >= 0 && plotted(at(look_.selected))) {
            Curve ring = named(at(look_.selected), CurveRole::Ring);
            place(ring, look_.selected);
            add(std::move(ring), {look_.selected});
        }
        return std::move(made_);
    }

  private:
    [[nodiscard]] const TradeoffRow& at(int row) const { return rows_[static_cast<std::size_t>(row)]; }
    static Curve named(const TradeoffRow& row, CurveRole role) {
        Curve curve;
        curve.run = row.series;
        curve.look.run = row.look;
        curve.name = row.seriesName;
        curve.quantity = TradeoffModel::tr("% above full precision:");
        curve.role = role;
        curve.labelsBeside = false;
        return curve;
    }
    void place(Curve& curve, int row) const {
        curve.x << costOf(*at(row).point, look_);
        curve.y << heightOf(at(row).point->excess->median, bottom_);
        curve.labels << bitsText(at(row));
    }
    void add(Curve curve, QVector<int> rows) {
        made_.curves.push_back(std::move(curve));
        made_.rows.push_back(std::move(rows));
    }

    void addSeries(std::vector<int> own) {
        // Bytes rise with the bits; seconds need not, and a line would go back and forth.
        const bool line = look_.cost != TradeoffCost::Seconds && own.size() > 1;
        Curve points = named(at(own.front()), line ? CurveRole::Main : CurveRole::Points);
        Curve whiskers = named(at(own.front()), CurveRole::Roof);
        whiskers.quantity = TradeoffModel::tr("% above full precision, over the seeds:");
        std::ranges::stable_sort(own, {}, [&](int row) { return costOf(*at(row).point, look_); });
        QVector<int> ofWhiskers;
        for (const int row : own) {
            place(points, row);
            const SeedRange& excess = *at(row).point->excess;
            if (!(excess.most > excess.least))
                continue;
            const double x = costOf(*at(row).point, look_);
            whiskers.x << x << x << x;
            whiskers.y << heightOf(excess.least, bottom_)
                       << (std::isfinite(excess.most) ? heightOf(excess.most, bottom_) : kGap) << kGap;
            ofWhiskers << row << row << row;
        }
        add(std::move(points), QVector<int>(own.begin(), own.end()));
        if (!whiskers.x.isEmpty())
            add(std::move(whiskers), std::move(ofWhiskers));
    }

    void addFront() {
        std::vector<CostAndLoss> points;
        std::vector<int> owners;
        for (int i = 0; i < static_cast<int>(rows_.size()); ++i)
            if (plotted(at(i))) {
                points.push_back({costOf(*at(i).point, look_), at(i).point->excess->median});
                owners.push_back(i);
            }
        Curve front;
        front.name = TradeoffModel::tr("Pareto front");
        front.quantity = TradeoffModel::tr("% above full precision:");
        front.role = CurveRole::Front;
        QVector<int> ofFront;
        for (const auto i : paretoFront(points)) {
            place(front, owners[i]);
            front.labels.back() = QString::number(at(owners[i]).point->bitsPerValue, 'g', 3);
            ofFront << owners[i];
        }
        front.labelsBeside = true;
        add(std::move(front), std::move(ofFront));
    }

    /// A line across the plot.
    void addLevel(double height, CurveRole role, const QString& name) {
        double low = HUGE_VAL, high = 0;
        for (const auto& row : rows_)
            if (plotted(row)) {
                low = std::min(low, costOf(*row.point, look_));
                high = std::max(high, costOf(*row.point, look_));
            }
        Curve level;
        level.name = name;
        level.quantity = TradeoffModel::tr("% above full precision:");
        level.role = role;
        level.x = {low, high};
        level.y = {height, height};
        add(std::move(level), {-1, -1});
    }

    const std::vector<TradeoffRow>& rows_;
    const TradeoffLook& look_;
    double bottom_;
    TradeoffCurves made_;
};

} // namespace

double costOf(const TradeoffPoint& point, const TradeoffLook& look) {
    switch (look.cost) {
    case TradeoffCost::Bytes:
        return point.bytes.median / 1e6;
    case TradeoffCost::Seconds:
        return point.seconds.median;
    case TradeoffCost::Energy:
        break;
    }
    return movingEnergy(point.bytes.median, look.picojoulesPerBit) * 1e3;
}

QString excessText(double excess) {
    constexpr double kAsFactor = 9; // 10 times and more
    constexpr double kNothing = 5e-6;
    if (!std::isfinite(excess))
        return TradeoffModel::tr("diverged");
    if (excess >= kAsFactor)
        return QString("× %1").arg(static_cast<qlonglong>(std::llround(1 + excess)));
    if (std::abs(excess) < kNothing)
        return "0%";
    const double percent = kPercent * excess;
    return std::abs(percent) >= 10 ? QString::number(std::llround(percent)) + "%"
                                   : QString::number(percent, 'g', 2) + "%";
}

TradeoffCurves tradeoffCurves(const std::vector<TradeoffRow>& rows, const TradeoffLook& look) {
    return Builder(rows, look).build();
}

Axes tradeoffAxes(const TradeoffLook& look, int seeds) {
    Axes axes;
    axes.title = TradeoffModel::tr("Loss against cost");
    axes.caption =
        TradeoffModel::tr(
            "broad: Pareto front   numbers: bits stored a value   dotted: full precision's loss, or "
            "less   dashed: %1% above")
            .arg(kPercent * look.tolerance);
    if (seeds > 1)
        axes.caption += TradeoffModel::tr("   median of %1 seeds, least to most").arg(seeds);
    switch (look.cost) {
    case TradeoffCost::Bytes:
        axes.xLabel = TradeoffModel::tr("Data moved (MB: samples, model and gradient)");
        break;
    case TradeoffCost::Seconds:
        axes.xLabel = TradeoffModel::tr("Training time (s)");
        break;
    case TradeoffCost::Energy:
        axes.xLabel = TradeoffModel::tr("Energy of moving the data (mJ, estimated at %1 pJ a bit)")
                          .arg(look.picojoulesPerBit);
        break;
    }
    axes.yLabel = TradeoffModel::tr("Loss above full precision's (%)");
    axes.logarithmicX = true;
    return axes;
}

QString titleOf(TradeoffQuantity quantity) {
    switch (quantity) {
    case TradeoffQuantity::Bits:
        return TradeoffModel::tr("Bits");
    case TradeoffQuantity::Stored:
        return TradeoffModel::tr("Bits stored");
    case TradeoffQuantity::Excess:
        return TradeoffModel::tr("% above full");
    case TradeoffQuantity::Loss:
        return TradeoffModel::tr("Train loss");
    case TradeoffQuantity::Moved:
        return TradeoffModel::tr("MB moved");
    case TradeoffQuantity::Seconds:
        return TradeoffModel::tr("Seconds");
    case TradeoffQuantity::Energy:
        return TradeoffModel::tr("Energy (mJ)");
    }
    return {};
}

double valueOf(const TradeoffRow& row, TradeoffQuantity quantity, const TradeoffLook& look) {
    if (!row.point)
        return kGap;
    const TradeoffPoint& point = *row.point;
    TradeoffLook energy = look;
    energy.cost = TradeoffCost::Energy;
    switch (quantity) {
    case TradeoffQuantity::Bits:
        return row.setting.full() ? kGap : row.setting.bits;
    case TradeoffQuantity::Stored:
        return point.bitsPerValue;
    case TradeoffQuantity::Excess:
        return point.excess && std::isfinite(point.excess->median) ? kPercent * point.excess->median : kGap;
    case TradeoffQuantity::Loss:
        return std::isfinite(point.loss.median) ? point.loss.median : kGap;
    case TradeoffQuantity::Moved:
        return point.bytes.median / 1e6;
    case TradeoffQuantity::Seconds:
        return point.seconds.median;
    case TradeoffQuantity::Energy:
        return costOf(point, energy);
    }
    return kGap;
}

TradeoffCurves scatterCurves(const std::vector<TradeoffRow>& rows, const TradeoffLook& look) {
    TradeoffCurves made;
    const auto add = [&](Curve& curve, int row) {
        const TradeoffRow& at = rows[static_cast<std::size_t>(row)];
        const double x = valueOf(at, look.x, look), y = valueOf(at, look.y, look);
        if (std::isnan(x) || std::isnan(y))
            return false;
        curve.run = at.series;
        curve.look.run = at.look;
        curve.name = at.seriesName;
        curve.quantity = titleOf(look.y) + ":";
        curve.x << x;
        curve.y << y;
        curve.labels << at.name;
        curve.labelsBeside = false;
        return true;
    };
    for (int series = 0; !rows.empty() && series <= rows.back().series; ++series) {
        Curve points;
        points.role = CurveRole::Points;
        QVector<int> owners;
        for (int row = 0; row < static_cast<int>(rows.size()); ++row)
            if (rows[static_cast<std::size_t>(row)].series == series && add(points, row))
                owners << row;
        if (owners.isEmpty())
            continue;
        made.curves.push_back(std::move(points));
        made.rows.push_back(std::move(owners));
    }
    Curve ring;
    ring.role = CurveRole::Ring;
    if (look.selected >= 0 && add(ring, look.selected)) {
        made.curves.push_back(std::move(ring));
        made.rows.push_back({look.selected});
    }
    return made;
}

Axes scatterAxes(const TradeoffLook& look, const std::vector<Curve>& curves) {
    Axes axes;
    axes.title = TradeoffModel::tr("%1 against %2").arg(titleOf(look.y), titleOf(look.x).toLower());
    axes.xLabel = titleOf(look.x);
    axes.yLabel = titleOf(look.y);
    const auto positive = [&](QVector<double> Curve::*values) {
        return std::ranges::all_of(curves, [&](const Curve& curve) {
            return std::ranges::all_of(curve.*values, [](double value) { return value > 0; });
        });
    };
    axes.logarithmic = positive(&Curve::y);
    axes.logarithmicX = axes.logarithmic && positive(&Curve::x) && look.x != TradeoffQuantity::Bits;
    return axes;
}

} // namespace zipml::ui
