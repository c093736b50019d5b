#include "ui/quantizer/quantizer_model.h"

#include "ui/widgets/panel_section.h"

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kPollMilliseconds = 17; // at most 60 updates a second

} // namespace

QuantizerModel::QuantizerModel(std::shared_ptr<PreparedDataCache> cache, QObject* parent)
    : QObject(parent), worker_(std::move(cache)) {
    poll_.setInterval(kPollMilliseconds);
    connect(&poll_, &QTimer::timeout, this, &QuantizerModel::poll);
}

void QuantizerModel::setChoice(const ValueChoice& choice) {
    error_.clear();
    worker_.fetch(choice);
    poll_.start();
    emit progressed();
}

void QuantizerModel::clear() {
    worker_.forget();
    poll_.stop();
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

void QuantizerModel::wishPlacements() {
    worker_.place(bits_, strategy_);
    poll_.start();
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
    const auto all = namesOf<GridKind>();
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

void QuantizerModel::poll() {
    QuantizerWorker::News news = worker_.takeNews();
    phase_ = news.idle ? QString() : news.phase;
    share_ = news.share;
    if (news.idle)
        poll_.stop();
    if (news.values || !news.error.isEmpty()) {
        error_ = news.error;
        take(news.values ? std::move(*news.values) : ChosenValues{});
    }
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
    for (const auto& entry : namesOf<GridKind>())
        rows.push_back(rowOf(entry));
    if (const LevelEditor* mine = own(); mine != nullptr && values() != nullptr) {
        Row row{tr("Yours"), tr("The levels as you moved them."), {}, mine->levels().size(), {}, {}, {}};
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
    const auto all = namesOf<GridKind>();
    if (editor_.edited())
        return static_cast<int>(all.size());
    return static_cast<int>(std::ranges::find(all, strategy_, &Named<GridKind>::value) - all.begin());
}

QString QuantizerModel::levelsName() const {
    return editor_.edited() ? tr("Yours") : toQt(entryOf(strategy_).title);
}

} // namespace zipml::ui
