#include "ui/quantizer/values_section.h"

#include "ui/quantizer/quantizer_model.h"

#include <QCompleter>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QSignalBlocker>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr int kAllFeatures = -1;

} // namespace

ValuesSection::ValuesSection(const RunList& runs, QWidget* parent)
    : PanelSection(tr("Values"), parent), runs_(runs) {
    buildLists();
    note_ = addNote("valuesNote");
    progress_ = new QProgressBar(this);
    progress_->setObjectName("valuesProgress");
    progress_->setAccessibleName(tr("Progress"));
    progress_->setRange(0, 100);
    progress_->setTextVisible(false);
    progress_->setFixedHeight(6);
    QSizePolicy policy = progress_->sizePolicy();
    policy.setRetainSizeWhenHidden(true); // nothing jumps when it appears
    progress_->setSizePolicy(policy);
    progress_->hide();
    form_->addRow(QString(), progress_);

    connect(kind_, &QComboBox::currentIndexChanged, this, [this] { updateAvailability(); });
    for (auto* combo : {kind_, distribution_, count_, feature_, run_})
        connect(combo, &QComboBox::currentIndexChanged, this, [this] { emit choiceChanged(); });
    connect(&runs_, &RunList::reset, this, &ValuesSection::updateRuns);
    connect(&runs_, &RunList::rowChanged, this, &ValuesSection::updateRuns);
    updateRuns();
    updateAvailability();
}

void ValuesSection::buildLists() {
    const auto list = [this](const QString& label, const char* name, const QString& help) {
        auto* combo = new QComboBox(this);
        combo->setObjectName(name);
        combo->setAccessibleName(QString(label).remove('&'));
        combo->setToolTip(help);
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        combo->setMinimumContentsLength(12);
        addLabelled(label, combo, combo)->setToolTip(help);
        return combo;
    };
    kind_ = list(tr("&Values of"), "valueKind", tr("What is rounded"));
    fill<ValueKind>(kind_, {{ValueKind::Generated, tr("A distribution")},
                            {ValueKind::TrainingData, tr("Training data")},
                            {ValueKind::Model, tr("A run's model")},
                            {ValueKind::Gradient, tr("Gradient there")}});
    kind_->setItemData(1, tr("What the Training page has chosen, scaled as it says"), Qt::ToolTipRole);
    kind_->setItemData(2, tr("The weights that a run ended with"), Qt::ToolTipRole);
    kind_->setItemData(3, tr("The exact gradient of the loss at the weights that a run ended with"),
                       Qt::ToolTipRole);
    distribution_ = list(tr("&Shape"), "distribution", tr("The distribution that values are drawn from"));
    fill<Distribution>(distribution_);
    choose(distribution_, ValueChoice{}.distribution);
    count_ = list(tr("&Count"), "valueCount", tr("How many values are drawn"));
    for (const int count : {1'000, 10'000, 100'000, 1'000'000, 5'000'000})
        count_->addItem(QLocale(QLocale::English).toString(count), count);
    count_->setCurrentIndex(count_->findData(static_cast<int>(ValueChoice{}.count)));
    feature_ =
        list(tr("&Feature"), "feature", tr("One feature of the training data, or all: type to search"));
    feature_->setEditable(true);
    feature_->setInsertPolicy(QComboBox::NoInsert);
    feature_->completer()->setCompletionMode(QCompleter::PopupCompletion);
    feature_->completer()->setFilterMode(Qt::MatchContains);
    feature_->lineEdit()->setAccessibleName(tr("Feature"));
    feature_->addItem(tr("All features"), kAllFeatures);
    connect(feature_->lineEdit(), &QLineEdit::editingFinished, this, [this] {
        // What is no feature's name goes back to the one that is shown.
        if (feature_->findText(feature_->currentText(), Qt::MatchFixedString) < 0)
            feature_->setEditText(feature_->itemText(feature_->currentIndex()));
    });
    run_ = list(tr("R&un"), "valueRun", tr("A run that has ended"));
    connect(run_, &QComboBox::currentTextChanged, run_, &QWidget::setToolTip); // names are long
}

void ValuesSection::updateAvailability() {
    const ValueKind kind = this->kind();
    const bool generated = kind == ValueKind::Generated;
    form_->setRowVisible(distribution_, generated);
    form_->setRowVisible(count_, generated);
    form_->setRowVisible(feature_, kind == ValueKind::TrainingData);
    form_->setRowVisible(run_, kind == ValueKind::Model || kind == ValueKind::Gradient);
}

void ValuesSection::updateRuns() {
    QList<std::pair<QString, int>> ended;
    for (int row = 0; row < runs_.size(); ++row)
        if (const RunView& run = runs_.at(row); run.record)
            ended.emplace_back(run.name, run.id);
    if (ended == ended_ && run_->isEnabled() == !ended.isEmpty())
        return; // rows change sixty times a second while they train
    const bool more = std::ranges::equal(ended_, ended.first(std::min(ended_.size(), ended.size())));
    ended_ = ended;
    const QVariant before = run_->currentData();
    {
        const QSignalBlocker quiet(run_);
        if (!more) // else those that are there stay: they may be a thousand
            run_->clear();
        for (const auto& [name, id] : ended.mid(run_->count()))
            run_->addItem(name, id);
        run_->setEnabled(run_->count() > 0);
        run_->setPlaceholderText(tr("none has ended"));
        run_->setCurrentIndex(std::max(run_->findData(before), run_->count() > 0 ? 0 : -1));
    }
    const bool wanted = kind() == ValueKind::Model || kind() == ValueKind::Gradient;
    if (wanted && run_->currentData() != before)
        emit choiceChanged();
}

std::optional<std::size_t> ValuesSection::feature() const {
    const int feature = feature_->currentData().toInt();
    return feature == kAllFeatures ? std::nullopt : std::optional(static_cast<std::size_t>(feature));
}

std::optional<ValueChoice> ValuesSection::choice(const RunSpec& training) const {
    ValueChoice choice;
    choice.kind = kind();
    choice.distribution = chosen<Distribution>(distribution_);
    choice.count = static_cast<std::size_t>(count_->currentData().toInt());
    choice.feature = feature();
    choice.spec = training;
    if (choice.kind == ValueKind::Generated || choice.kind == ValueKind::TrainingData)
        return choice;
    for (int row = 0; row < runs_.size(); ++row)
        if (const RunView& run = runs_.at(row); run.record && run.id == run_->currentData().toInt()) {
            choice.spec = run.spec;
            choice.model = run.record->model.parameters;
            choice.run = run.name;
            return choice;
        }
    return std::nullopt;
}

void ValuesSection::show(const QuantizerModel& model) {
    const QStringList& names = model.chosen().featureNames;
    if (!names.isEmpty() &&
        (feature_->count() != names.size() + 1 || feature_->itemText(1) != names.first())) {
        const QSignalBlocker quiet(feature_);
        const int before = feature_->currentIndex();
        feature_->clear();
        feature_->addItem(tr("All features"), kAllFeatures);
        for (int f = 0; f < names.size(); ++f)
            feature_->addItem(names[f], f);
        feature_->setCurrentIndex(before < feature_->count() ? before : 0);
    }
    progress_->setVisible(model.busy());
    progress_->setValue(static_cast<int>(model.share() * 100));
    const bool needsRun = (kind() == ValueKind::Model || kind() == ValueKind::Gradient) && run_->count() == 0;
    note_->setText(
        !model.error().isEmpty() ? model.error()
        : needsRun               ? tr("Let a run end on the Training page first.")
        : model.busy()           ? model.phase()
        : model.values() == nullptr
            ? QString()
            : tr("%1 to %2").arg(model.values()->low(), 0, 'g', 5).arg(model.values()->high(), 0, 'g', 5));
}

} // namespace zipml::ui
