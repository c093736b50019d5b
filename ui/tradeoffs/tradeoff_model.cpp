#include "ui/tradeoffs/tradeoff_model.h"

#include "ui/plot/estimator_color.h"
#include "ui/widgets/text.h"

#include <algorithm>
#include <set>

namespace zipml::ui {
namespace {

constexpr int kPollMilliseconds = 50;

/// What a colour stands for.
TradeoffSetting seriesOf(TradeoffSetting setting) {
    setting.bits = 0;
    return setting;
}

QString seriesNameOf(const TradeoffSetting& setting, bool withDevice) {
    QString name = toQt(entryOf(setting.estimator).title);
    if (!setting.full())
        name += ", " + toQt(nameOf(setting.grid));
    return withDevice ? name + " (" + QString::fromStdString(setting.device) + ")" : name;
}

} // namespace

TradeoffModel::TradeoffModel(std::filesystem::path folder, std::shared_ptr<PreparedDataCache> cache,
                             QObject* parent)
    : QObject(parent), worker_(std::move(folder), std::move(cache)) {
    worker_.job().deliver(kPollMilliseconds, [this](TradeoffNews news) { receive(std::move(news)); });
}

void TradeoffModel::setPlan(const TradeoffPlan& plan) {
    TradeoffSettings settings = settingsOf(plan);
    const bool other = rows_.empty() || !(baseOf(plan.base) == results_.base);
    plan_ = plan;
    settings_ = std::move(settings);
    failures_.clear();
    if (other) {
        results_ = {baseOf(plan.base), {}, {}};
        worker_.open(plan.base);
    }
    makeRows();
}

void TradeoffModel::start() {
    failures_.clear();
    current_.reset();
    doneBefore_.reset();
    sweeping_ = true;
    worker_.start(plan_);
    updatePoints();
    emit progressed();
}

void TradeoffModel::stop() {
    if (sweeping_)
        worker_.stop();
}

void TradeoffModel::discard() {
    failures_.clear();
    worker_.open(plan_.base, true);
}

int TradeoffModel::rowOf(const TradeoffSetting& setting) const {
    const auto row = std::ranges::find(rows_, setting, &TradeoffRow::setting);
    return row == rows_.end() ? -1 : static_cast<int>(row - rows_.begin());
}

std::vector<TradeoffPoint> TradeoffModel::points() const {
    std::vector<TradeoffPoint> points;
    for (const auto& row : rows_)
        if (row.point)
            points.push_back(*row.point);
    return points;
}

double TradeoffModel::share() const {
    return all_ == 0
               ? 0
               : (static_cast<double>(done_) + (current_ ? currentShare_ : 0)) / static_cast<double>(all_);
}

std::optional<double> TradeoffModel::secondsLeft() const {
    if (!sweeping_ || !doneBefore_ || done_ <= *doneBefore_)
        return {};
    const double made = static_cast<double>(done_ - *doneBefore_) + currentShare_;
    const double left = static_cast<double>(all_ - done_) - currentShare_;
    return static_cast<double>(elapsed_.elapsed()) / 1e3 / made * std::max(0.0, left);
}

void TradeoffModel::receive(TradeoffNews news) {
    if (news.opened && news.opened->base != baseOf(plan_.base))
        news.opened.reset(); // of the experiment before
    if (news.opened)
        results_ = std::move(*news.opened);
    for (auto& [run, result] : news.results)
        results_.runs.emplace(std::move(run), std::move(result));
    for (const auto& [run, why] : news.failures)
        failures_.emplace(run.setting, why);
    const bool ended = sweeping_ && news.finished;
    sweeping_ = sweeping_ && !news.finished;
    if (news.current)
        current_ = news.current;
    if (news.share) {
        currentShare_ = std::clamp(*news.share, 0.0, 1.0);
        phase_ = news.phase;
    }
    if (ended)
        current_.reset();
    if (news.opened || !news.results.empty() || !news.failures.empty())
        updatePoints();
    if (news.opened && sweeping_) {
        elapsed_.start();
        doneBefore_ = done_;
    }
    emit progressed();
    if (!news.note.isEmpty())
        emit message(news.note, false);
    if (!news.error.isEmpty())
        emit message(news.error, true);
    else if (ended && !failures_.empty())
        emit message(
            tr("Settings that could not be run: %1. %2").arg(failures_.size()).arg(failures_.begin()->second),
            true);
}

void TradeoffModel::makeRows() {
    rows_.clear();
    std::map<TradeoffSetting, int> series;
    std::map<EstimatorKind, int> ofEstimator; // series
    std::vector<RunLook> looks;               // by series
    const bool devices = plan_.devices.size() > 1;
    for (const auto& setting : settings_.chosen) {
        TradeoffRow row;
        row.setting = setting;
        const auto [known, isNew] = series.emplace(seriesOf(setting), static_cast<int>(series.size()));
        row.series = known->second;
        if (isNew) {
            const int variant = ofEstimator[setting.estimator]++;
            looks.push_back({colorOfEstimator(setting.estimator), variant, variant});
        }
        row.look = looks[static_cast<std::size_t>(row.series)];
        row.seriesName = seriesNameOf(setting, devices);
        row.shortName = setting.full() ? tr("full precision") : toQt(nameOf(setting.estimator));
        if (!setting.full())
            row.shortName += ", " + toQt(nameOf(setting.grid));
        if (devices)
            row.shortName += ", " + QString::fromStdString(setting.device);
        if (!setting.full())
            row.bits = ", " + QString::number(setting.bits) + (setting.bits == 1 ? tr(" bit") : tr(" bits"));
        row.name = row.seriesName + row.bits;
        rows_.push_back(std::move(row));
    }
    emit rowsReset();
    updatePoints();
    emit progressed();
}

void TradeoffModel::updatePoints() {
    std::map<TradeoffSetting, TradeoffPoint> points;
    for (auto& point : tradeoffPoints(plan_, settings_.chosen, results_))
        points.emplace(point.setting, std::move(point));
    done_ = 0;
    all_ = settings_.chosen.size() * static_cast<std::size_t>(plan_.seeds);
    for (auto& row : rows_) {
        const auto found = points.find(row.setting);
        row.point = found == points.end() ? std::nullopt : std::optional(found->second);
        done_ += row.point ? row.point->runs : 0;
        const auto failure = failures_.find(row.setting);
        row.failure = failure == failures_.end() ? QString() : failure->second;
    }
    emit rowsChanged();
}

} // namespace zipml::ui
