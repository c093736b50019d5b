#include "ui/quantizer/quantizer_worker.h"

#include "core/quant/build_grids.h"

#include <algorithm>
#include <utility>

namespace zipml::ui {

std::vector<double> levelsOf(const Grid& grid) {
    std::vector<double> levels(grid.levels());
    for (std::uint32_t i = 0; i < grid.levels(); ++i)
        levels[i] = grid.level(i);
    if (grid.levels() > 1)
        levels.back() = grid.high(); // low + count * gap may miss it by a rounding
    return levels;
}

QuantizerWorker::QuantizerWorker(std::shared_ptr<PreparedDataCache> cache)
    : cache_(std::move(cache)), thread_([this](const std::stop_token& stop) { work(stop); }) {}

QuantizerWorker::~QuantizerWorker() {
    thread_.request_stop();
    const std::lock_guard lock(mutex_);
    fetching_.request_stop();
    wish_.kinds.clear();
}

void QuantizerWorker::fetch(const ValueChoice& choice) {
    const std::lock_guard lock(mutex_);
    fetching_.request_stop();
    wanted_ = choice;
    wish_.kinds.clear(); // those were over other values
    news_ = {};
    wake_.notify_one();
}

void QuantizerWorker::forget() {
    const std::lock_guard lock(mutex_);
    fetching_.request_stop();
    wanted_.reset();
    wish_.kinds.clear();
    news_ = {};
}

void QuantizerWorker::place(int bits, GridKind first) {
    const std::lock_guard lock(mutex_);
    wish_ = {bits, {first}};
    for (const auto& entry : namesOf<GridKind>())
        if (entry.value != first)
            wish_.kinds.push_back(entry.value);
    wake_.notify_one();
}

QuantizerWorker::News QuantizerWorker::takeNews() {
    const std::lock_guard lock(mutex_);
    News news = std::move(news_);
    news_ = {};
    news_.share = news.share;
    news_.phase = news.phase;
    news.idle = !working_ && !wanted_ && wish_.kinds.empty();
    return news;
}

void QuantizerWorker::work(const std::stop_token& stop) {
    ThreadTeam team;
    while (true) {
        std::unique_lock lock(mutex_);
        working_ = false;
        wake_.wait(lock, stop, [this] { return wanted_ || !wish_.kinds.empty(); });
        if (stop.stop_requested())
            return;
        working_ = true;
        if (wanted_) {
            const ValueChoice choice = *std::exchange(wanted_, std::nullopt);
            fetching_ = std::stop_source();
            const auto token = fetching_.get_token();
            lock.unlock();
            fetchNow(choice, token, team);
            continue;
        }
        const GridKind kind = wish_.kinds.front();
        const int bits = wish_.bits;
        wish_.kinds.erase(wish_.kinds.begin());
        lock.unlock();
        if (values_)
            placeNow(kind, bits);
    }
}

void QuantizerWorker::fetchNow(const ValueChoice& choice, const std::stop_token& stop, ThreadTeam& team) {
    const Job job{stop, [&](double share, std::string_view what) {
                      const std::lock_guard lock(mutex_);
                      if (stop.stop_requested())
                          return;
                      news_.share = share;
                      news_.phase = QString::fromUtf8(what.data(), static_cast<qsizetype>(what.size()));
                  }};
    std::optional<ChosenValues> values;
    QString error;
    try {
        values = fetchValues(choice, *cache_, team, job);
    } catch (const Cancelled&) {
        return;
    } catch (const std::bad_alloc&) {
        error = QString("the values do not fit into memory; use fewer rows");
    } catch (const std::exception& failure) {
        error = QString::fromUtf8(failure.what());
    }
    const std::lock_guard lock(mutex_);
    if (stop.stop_requested())
        return;
    values_ = values ? values->values : nullptr;
    news_.values = std::move(values);
    news_.error = error;
}

void QuantizerWorker::placeNow(GridKind kind, int bits) {
    {
        const std::lock_guard lock(mutex_);
        const auto title = entryOf(kind).title;
        news_.phase = QString("%1 levels").arg(QString::fromUtf8(title.data(), qsizetype(title.size())));
        news_.share = 0;
    }
    const auto& values = values_;
    Placement placement{kind, bits, {}, 0};
    placement.levels = levelsOf(
        placeLevels(values->values(), {kind, GridSpec{}.candidates}, std::size_t{1} << unsigned(bits)));
    placement.meanVariance = values->meanRoundingVariance(placement.levels);
    const std::lock_guard lock(mutex_);
    if (!wanted_) // else it is over values that nobody looks at any more
        news_.placements.push_back(std::move(placement));
}

} // namespace zipml::ui
