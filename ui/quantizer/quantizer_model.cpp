#include "ui/quantizer/quantizer_model.h"

#include "ui/widgets/text.h"

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kPollMilliseconds = 17; // at most 60 updates a second

} // namespace

QuantizerModel::QuantizerModel(std::shared_ptr<PreparedDataCache> cache, QObject* parent)
    : QObject(parent), cache_(std::move(cache)) {
    fetching_.deliver(kPollMilliseconds, [this](ValueNews news) { receive(std::move(news)); });
    placing_.deliver(kPollMilliseconds, [this](PlacementNews news) { receive(std::move(news)); });
}

void QuantizerModel::setChoice(const ValueChoice& choice) {
    error_.clear();
    placing_.abandon(); // those were over other values
    fetchingNow_ = true;
    fetching_.replace(
        [this, choice](const Job& job, RunControl&) {
            ThreadTeam team;
            ChosenValues values = fetchValues(choice, *cache_, team, job);
            fetching_.tell([&](ValueNews& news) { news.values = std::move(values); });
        },
        QString("the values do not fit into memory; use fewer rows"));
    emit progressed();
}

void QuantizerModel::clear() {
    fetching_.abandon();
    placing_.abandon();
    fetchingNow_ = placingNow_ = false;
    phase_.clear();
    error_.clear();
    take({});
    emit progressed();
}

void QuantizerModel::take(ChosenValues values) {
    chosen_ = std::move(values);
    placements_.clear();
    kept_.reset();
    editor_.setBase({});
    emit valuesChanged();
    showStrategy();
}

/// By every strategy, the one that is shown before the others. What is being placed for an earlier wish is
/// still placed.
void QuantizerModel::wishPlacements() {
    std::vector<Named<GridKind>> order = strategies();
    std::ranges::stable_partition(order, [this](const auto& entry) { return entry.value == strategy_; });
    placingNow_ = true;
    placing_.stop();
    placing_.start([this, order, bits = bits_, values = chosen_.values](const Job& job, RunControl&) {
        for (const auto& entry : order) {
            job.checkpoint();
            job.report(0, std::string(entry.title) + " levels");
            Placement placement = placementOf(entry.value, bits, *values);
            placing_.tell([&](PlacementNews& news) { news.placements.push_back(std::move(placement)); });
        }
    });
}

void QuantizerModel::setBits(int bits) {
    if (bits == bits_)
        return;
    bits_ = bits;
    keepOwn();
    showStrategy();
}

void QuantizerModel::setStrategy(GridKind kind) {
    if (kind == strategy_ && !editor_.edited())
        return;
    strategy_ = kind;
    keepOwn();
    showStrategy();
}

void QuantizerModel::showOwn() {
    if (!kept_)
        return;
    editor_ = *kept_;
    kept_.reset();
    waiting_ = false;
    emit levelsChanged();
}

void QuantizerModel::keepOwn() {
    if (editor_.edited())
        kept_ = editor_;
}

void QuantizerModel::showStrategy() {
    const auto& all = strategies();
    if (values() != nullptr &&
        !std::ranges::all_of(all, [this](const auto& entry) { return placed(entry.value) != nullptr; }))
        wishPlacements();
    const Placement* placement = placed(strategy_);
    waiting_ = placement == nullptr;
    if (placement != nullptr)
        editor_.setBase(placement->levels);
    emit levelsChanged();
}

void QuantizerModel::levelsEdited() {
    waiting_ = false; // what comes later must not push an edit away
    if (editor_.edited())
        kept_.reset(); // these are the person's own now
    emit levelsChanged();
}

void QuantizerModel::follow(const JobNews& news, bool& underWay) {
    underWay = !news.finished;
    if (news.share) {
        share_ = *news.share;
        phase_ = news.phase;
    }
    if (!busy())
        phase_.clear();
}

void QuantizerModel::receive(ValueNews news) {
    follow(news, fetchingNow_);
    if (news.values || !news.error.isEmpty()) {
        error_ = news.error;
        take(news.values ? std::move(*news.values) : ChosenValues{});
    }
    emit progressed();
}

void QuantizerModel::receive(PlacementNews news) {
    follow(news, placingNow_);
    for (auto& placement : news.placements) {
        const std::pair key{placement.bits, placement.kind};
        placements_[key] = std::move(placement);
    }
    if (!news.placements.empty()) {
        if (waiting_ && placed(strategy_) != nullptr)
            showStrategy();
        else
            emit levelsChanged();
    }
    emit progressed();
}

const Placement* QuantizerModel::placed(GridKind kind) const {
    const auto found = placements_.find({bits_, kind});
    return found == placements_.end() ? nullptr : &found->second;
}

const LevelEditor* QuantizerModel::own() const {
    return editor_.edited() ? &editor_ : kept_ ? &*kept_ : nullptr;
}

std::optional<double> QuantizerModel::meanVariance() const {
    if (values() == nullptr || levels().empty())
        return std::nullopt;
    return values()->meanRoundingVariance(levels());
}

QuantizerModel::Row QuantizerModel::rowOf(const Named<GridKind>& entry) const {
    Row row{toQt(entry.title), toQt(entry.summary), entry.value, {}, {}, {}, {}};
    const Placement* uniform = placed(GridKind::Uniform);
    if (const Placement* placement = placed(entry.value)) {
        row.levels = placement->levels.size();
        row.meanVariance = placement->meanVariance;
        row.uniformBits = chosen_.yardstick->bitsOf(placement->meanVariance);
        if (uniform != nullptr && uniform->meanVariance > 0)
            row.ratio = placement->meanVariance / uniform->meanVariance;
    }
    return row;
}

std::vector<QuantizerModel::Row> QuantizerModel::rows() const {
    std::vector<Row> rows;
    for (const auto& entry : strategies())
        rows.push_back(rowOf(entry));
    if (const LevelEditor* mine = own(); mine != nullptr && values() != nullptr) {
        Row row{tr("Yours"), tr("The levels as you moved them. Use in training trains with them."),
                {},          mine->levels().size(),
                {},          {},
                {}};
        row.meanVariance = values()->meanRoundingVariance(mine->levels());
        row.uniformBits = chosen_.yardstick->bitsOf(*row.meanVariance);
        const Placement* uniform = placed(GridKind::Uniform);
        if (uniform != nullptr && uniform->meanVariance > 0)
            row.ratio = *row.meanVariance / uniform->meanVariance;
        rows.push_back(std::move(row));
    }
    return rows;
}

int QuantizerModel::shownRow() const {
    const auto& all = strategies();
    if (editor_.edited())
        return static_cast<int>(all.size());
    return static_cast<int>(std::ranges::find(all, strategy_, &Named<GridKind>::value) - all.begin());
}

QString QuantizerModel::levelsName() const {
    return editor_.edited() ? tr("Yours") : toQt(entryOf(strategy_).title);
}

} // namespace zipml::ui
