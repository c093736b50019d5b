#include "ui/training/experiment_panel.h"

#include "core/data/synthetic.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <limits>
#include <nlohmann/json.hpp>

namespace zipml::ui {
namespace {

QString toQt(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

template <class Enum>
void fill(QComboBox* combo) {
    for (const auto& entry : namesOf<Enum>()) {
        combo->addItem(toQt(entry.title), static_cast<int>(entry.value));
        combo->setItemData(combo->count() - 1, toQt(entry.summary), Qt::ToolTipRole);
    }
}

template <class Enum>
Enum chosen(const QComboBox* combo) {
    return static_cast<Enum>(combo->currentData().toInt());
}

template <class Enum>
void choose(QComboBox* combo, Enum value) {
    combo->setCurrentIndex(combo->findData(static_cast<int>(value)));
}

constexpr int kTaskAuto = -1;
/// Rows of the data section that only files need: test file, share, label column, delimiter, header, skipped
/// lines.
constexpr int kFirstFileRow = 2;
constexpr int kLastFileRow = 7;
/// Of an entry in the list of data: the lines shown under it.
constexpr int kCardRole = Qt::UserRole + 1;

/// The part of a schedule's text behind the colon: "10" of "halve-every:10".
QString detailOf(const Schedule& schedule) {
    return QString::fromStdString(toString(schedule)).section(':', 1);
}

QString helpOf(std::string_view key) {
    for (const auto& entry : specKeys())
        if (entry.name == key)
            return toQt(entry.help);
    return {};
}

} // namespace

ExperimentPanel::ExperimentPanel(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(4);
    buildData();
    buildQuantization();
    buildTraining();
    buildMeasurement();
    layout->addStretch(1);
    setSpec({});
}

QFormLayout* ExperimentPanel::addSection(const QString& title) {
    auto* heading = new QLabel(title, this);
    QFont font = heading->font();
    font.setBold(true);
    heading->setFont(font);
    heading->setContentsMargins(0, 8, 0, 2);
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addWidget(heading);
    auto* form = new QFormLayout;
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(10);
    form->setVerticalSpacing(5);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    column->addLayout(form);
    return form;
}

template <class Widget>
Widget* ExperimentPanel::add(QFormLayout* form, const QString& label, Widget* widget, const char* key) {
    auto* text = new QLabel(label, this);
    text->setMinimumWidth(92); // the sections' fields line up
    text->setBuddy(widget);
    widget->setObjectName(key);
    widget->setAccessibleName(QString(label).remove('&'));
    widget->setToolTip(helpOf(key));
    text->setToolTip(widget->toolTip());
    form->addRow(text, widget);
    return widget;
}

void ExperimentPanel::buildData() {
    auto* form = dataForm_ = addSection(tr("Data"));
    source_ = new QComboBox(this);
    source_->setObjectName("data");
    source_->setAccessibleName(tr("Training data"));
    source_->setToolTip(helpOf("data"));
    source_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    source_->setMinimumContentsLength(12);
    for (const char* features : {"10", "100", "1000"})
        source_->addItem(tr("Synthetic, %1 features").arg(features), QString("synthetic:%1").arg(features));
    for (int item = 0; item < source_->count(); ++item)
        source_->setItemData(item, tr("generated: 10,000 training rows and as many test rows"), kCardRole);
    auto* open = new QPushButton(tr("&Open…"), this);
    open->setObjectName("openData");
    open->setAccessibleName(tr("Open a data file"));
    open->setToolTip(tr("LIBSVM or CSV/TSV text, plain or compressed (Ctrl+O)"));
    connect(open, &QPushButton::clicked, this, &ExperimentPanel::openRequested);
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(source_, 1);
    row->addWidget(open);
    auto* label = new QLabel(tr("&Training"), this);
    label->setMinimumWidth(92);
    label->setBuddy(source_);
    form->addRow(label, row);
    card_ = new QLabel(this);
    card_->setObjectName("dataCard");
    card_->setWordWrap(true);
    card_->setForegroundRole(QPalette::PlaceholderText);
    form->addRow(QString(), card_);
    connect(source_, &QComboBox::currentIndexChanged, this, [this] {
        const QString source = source_->currentData().toString();
        card_->setText(source_->currentData(kCardRole).toString());
        updateAvailability();
        source_->setToolTip(source);
    });

    test_ = new QLineEdit(this);
    test_->setPlaceholderText(tr("none"));
    auto* testRow = new QHBoxLayout;
    testRow->setSpacing(6);
    test_->setObjectName("test");
    test_->setAccessibleName(tr("Test file"));
    test_->setToolTip(helpOf("test"));
    auto* browse = new QToolButton(this);
    browse->setText("…");
    browse->setObjectName("openTest");
    browse->setAccessibleName(tr("Choose a test file"));
    browse->setToolTip(tr("Choose a test file"));
    connect(browse, &QToolButton::clicked, this, &ExperimentPanel::openTestRequested);
    testRow->addWidget(test_, 1);
    testRow->addWidget(browse);
    auto* testLabel = new QLabel(tr("T&est file"), this);
    testLabel->setBuddy(test_);
    form->addRow(testLabel, testRow);
    connect(test_, &QLineEdit::textChanged, this, [this] { updateAvailability(); });

    split_ = add(form, tr("Train s&hare"), new QDoubleSpinBox(this), "split");
    split_->setRange(0.01, 1.0);
    split_->setSingleStep(0.05);
    split_->setDecimals(2);
    buildFileOptions(form);
    task_ = add(form, tr("Task"), new QComboBox(this), "task");
    task_->addItem(tr("Detected"), kTaskAuto);
    fill<Task>(task_);
    scaling_ = add(form, tr("S&caling"), new QComboBox(this), "scaling");
    fill<ScalingKind>(scaling_);
}

void ExperimentPanel::buildFileOptions(QFormLayout* form) {
    labelColumn_ = add(form, tr("Label column"), new QLineEdit(this), "label_column");
    delimiter_ = add(form, tr("Delimiter"), new QComboBox(this), "delimiter");
    delimiter_->addItem(tr("Detected"), "auto");
    for (const char* name : {"comma", "tab", "semicolon", "space", "pipe"})
        delimiter_->addItem(tr(name), name);
    header_ = add(form, tr("Header line"), new QComboBox(this), "header");
    for (const auto& [title, name] :
         {std::pair{tr("Detected"), "auto"}, std::pair{tr("Yes"), "yes"}, std::pair{tr("No"), "no"}})
        header_->addItem(title, name);
    skipLines_ = add(form, tr("Skip lines"), new QSpinBox(this), "skip_lines");
    skipLines_->setRange(0, 1'000'000);
}

LoadOptions ExperimentPanel::loadOptions() const {
    LoadOptions options = base_.data.load;
    const QString label = labelColumn_->text().trimmed();
    options.labelColumn = label.isEmpty() ? "auto" : label.toStdString();
    options.delimiter = delimiter_->currentData().toString().toStdString();
    options.header = header_->currentData().toString().toStdString();
    options.skipLines = static_cast<std::size_t>(skipLines_->value());
    return options;
}

void ExperimentPanel::buildQuantization() {
    auto* form = addSection(tr("Model and quantization"));
    loss_ = add(form, tr("&Loss"), new QComboBox(this), "loss");
    fill<LossKind>(loss_);
    estimator_ = add(form, tr("E&stimator"), new QComboBox(this), "estimator");
    fill<EstimatorKind>(estimator_);
    connect(estimator_, &QComboBox::currentIndexChanged, this, [this] { updateAvailability(); });

    bits_ = new QSpinBox(this);
    bits_->setRange(1, 16);
    bits_->setSuffix(tr(" bits"));
    bits_->setObjectName("bits");
    bits_->setAccessibleName(tr("Bits of the samples"));
    bitsSlider_ = new QSlider(Qt::Horizontal, this);
    bitsSlider_->setRange(1, 16);
    bitsSlider_->setPageStep(1);
    bitsSlider_->setTickPosition(QSlider::TicksBelow);
    bitsSlider_->setTickInterval(1);
    bitsSlider_->setObjectName("bitsSlider");
    bitsSlider_->setAccessibleName(tr("Bits of the samples, slider"));
    connect(bits_, &QSpinBox::valueChanged, bitsSlider_, &QSlider::setValue);
    connect(bitsSlider_, &QSlider::valueChanged, bits_, &QSpinBox::setValue);
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(bitsSlider_, 1);
    row->addWidget(bits_);
    auto* label = new QLabel(tr("Samples' &bits"), this);
    label->setMinimumWidth(92);
    label->setBuddy(bits_);
    form->addRow(label, row);
    levels_ = new QLabel(this);
    levels_->setObjectName("levels");
    levels_->setForegroundRole(QPalette::PlaceholderText);
    form->addRow(QString(), levels_);
    connect(bits_, &QSpinBox::valueChanged, this, [this] { updateAvailability(); });
    rounding_ = add(form, tr("&Rounding"), new QComboBox(this), "rounding");
    fill<RoundingTime>(rounding_);
}

void ExperimentPanel::buildTraining() {
    auto* form = addSection(tr("Training"));
    batch_ = add(form, tr("B&atch (rows)"), new QSpinBox(this), "batch");
    batch_->setRange(1, 1'000'000);
    epochs_ = add(form, tr("E&pochs"), new QSpinBox(this), "epochs");
    epochs_->setRange(1, 1'000'000);
    step_ = add(form, tr("Step si&ze"), new QLineEdit(this), "step");
    step_->setPlaceholderText(tr("auto, 0.05 or 2^-6"));
    schedule_ = add(form, tr("Schedule"), new QComboBox(this), "schedule");
    fill<ScheduleKind>(schedule_);
    scheduleDetail_ = add(form, QString(), new QLineEdit(this), "scheduleDetail");
    scheduleDetailLabel_ = static_cast<QLabel*>(form->labelForField(scheduleDetail_));
    connect(schedule_, &QComboBox::currentIndexChanged, this, [this] { updateAvailability(); });
    order_ = add(form, tr("Row order"), new QComboBox(this), "order");
    fill<RowOrder>(order_);
    intercept_ =
        add(form, tr("&Intercept"), new QCheckBox(tr("an exact constant feature"), this), "intercept");
    seed_ = add(form, tr("See&d"), new QLineEdit(this), "seed");
}

void ExperimentPanel::buildMeasurement() {
    auto* form = addSection(tr("Measurement"));
    earlyStop_ = add(form, tr("Early stop"), new QSpinBox(this), "early_stop");
    earlyStop_->setRange(0, 100'000);
    earlyStop_->setSpecialValueText(tr("never"));
    earlyStop_->setSuffix(tr(" epochs"));
    biasDraws_ = add(form, tr("Bias draws"), new QSpinBox(this), "bias_draws");
    biasDraws_->setRange(1, 10'000);
    biasDraws_->setSpecialValueText(tr("not measured"));
}

void ExperimentPanel::updateAvailability() {
    const bool quantized = estimatorOf(chosen<EstimatorKind>(estimator_)).copies > 0;
    const QString why = tr("Full precision does not round: choose another estimator to use this");
    for (QWidget* control : std::initializer_list<QWidget*>{bits_, bitsSlider_}) {
        control->setEnabled(quantized);
        control->setToolTip(quantized ? helpOf("bits") : why);
    }
    rounding_->setEnabled(quantized);
    rounding_->setToolTip(quantized ? helpOf("rounding") : why);
    const int bits = bits_->value();
    const int stored = bits + std::max(1, estimatorOf(chosen<EstimatorKind>(estimator_)).copies) - 1;
    levels_->setText(quantized ? tr("%1 levels a feature, %2 stored")
                                     .arg(1 << bits)
                                     .arg(stored == 1 ? tr("1 bit") : tr("%1 bits").arg(stored))
                               : tr("32-bit floats, not quantized"));

    // What a generated set does not have is not shown: it comes with its own test rows and from no file.
    const bool generated = source_->currentData().toString().startsWith("synthetic:");
    for (int row = kFirstFileRow; row <= kLastFileRow; ++row)
        dataForm_->setRowVisible(row, !generated);
    const bool hasTest = !test_->text().trimmed().isEmpty();
    split_->setEnabled(!hasTest);
    split_->setToolTip(hasTest ? tr("The test rows come from the test file") : helpOf("split"));

    const auto kind = chosen<ScheduleKind>(schedule_);
    const bool detailed = kind == ScheduleKind::HalveEvery || kind == ScheduleKind::List;
    scheduleDetail_->setVisible(detailed);
    scheduleDetailLabel_->setVisible(detailed);
    scheduleDetailLabel_->setText(kind == ScheduleKind::List ? tr("Factors") : tr("N (epochs)"));
    scheduleDetail_->setAccessibleName(scheduleDetailLabel_->text());
    scheduleDetail_->setToolTip(kind == ScheduleKind::List
                                    ? tr("Factors on the step size for epoch 1, 2, …: 1,0.5,0.1")
                                    : tr("Epochs until the step size halves"));
}

RunSpec ExperimentPanel::spec() const {
    RunSpec spec = base_;
    spec.data.source = source_->currentData().toString().toStdString();
    const bool generated = spec.data.source.starts_with("synthetic:");
    spec.data.test = generated ? std::string() : test_->text().trimmed().toStdString();
    spec.data.split = generated || !spec.data.test.empty() ? 1.0 : split_->value();
    spec.data.load = loadOptions();
    const int task = task_->currentData().toInt();
    spec.data.task = task == kTaskAuto ? std::nullopt : std::optional(static_cast<Task>(task));
    spec.data.scaling = chosen<ScalingKind>(scaling_);
    spec.loss = chosen<LossKind>(loss_);
    spec.estimator = chosen<EstimatorKind>(estimator_);
    spec.bits = bits_->value();
    spec.intercept = intercept_->isChecked();
    spec.sgd.batch = static_cast<std::size_t>(batch_->value());
    spec.sgd.epochs = epochs_->value();
    const QString step = step_->text().trimmed();
    spec.sgd.step = parseStep(step.isEmpty() ? "auto" : step.toStdString());
    std::string schedule(nameOf(chosen<ScheduleKind>(schedule_)));
    if (scheduleDetail_->isVisibleTo(this))
        schedule += ":" + scheduleDetail_->text().trimmed().toStdString();
    spec.sgd.schedule = parseSchedule(schedule);
    spec.sgd.order = chosen<RowOrder>(order_);
    spec.sgd.rounding = chosen<RoundingTime>(rounding_);
    spec.sgd.earlyStop = earlyStop_->value();
    bool ok = false;
    spec.seed = seed_->text().trimmed().toULongLong(&ok);
    if (!ok)
        throw InputError("seed: '" + seed_->text().toStdString() + "' is not a whole number of 0 or more");
    spec.biasDraws = biasDraws_->value() < 2 ? 0 : biasDraws_->value();
    validate(spec);
    return spec;
}

void ExperimentPanel::selectSource(const QString& source) {
    int index = source_->findData(source);
    if (index < 0) {
        source_->addItem(source.startsWith("synthetic:") ? source : source.section('/', -1), source);
        index = source_->count() - 1;
    }
    source_->setCurrentIndex(index);
}

void ExperimentPanel::setData(const QString& source, const QString& card) {
    selectSource(source);
    source_->setItemData(source_->currentIndex(), card, kCardRole);
    card_->setText(card);
    test_->clear(); // it belonged to the data before
}

void ExperimentPanel::setSpec(const RunSpec& spec) {
    base_ = spec;
    base_.name.clear();
    selectSource(QString::fromStdString(spec.data.source));
    test_->setText(QString::fromStdString(spec.data.test));
    split_->setValue(spec.data.split);
    labelColumn_->setText(QString::fromStdString(spec.data.load.labelColumn));
    delimiter_->setCurrentIndex(
        std::max(0, delimiter_->findData(QString::fromStdString(spec.data.load.delimiter))));
    header_->setCurrentIndex(std::max(0, header_->findData(QString::fromStdString(spec.data.load.header))));
    skipLines_->setValue(static_cast<int>(spec.data.load.skipLines));
    task_->setCurrentIndex(task_->findData(spec.data.task ? static_cast<int>(*spec.data.task) : kTaskAuto));
    choose(scaling_, spec.data.scaling);
    choose(loss_, spec.loss);
    choose(estimator_, spec.estimator);
    bits_->setValue(spec.bits == 32 ? RunSpec{}.bits : spec.bits);
    intercept_->setChecked(spec.intercept);
    batch_->setValue(static_cast<int>(std::min<std::size_t>(spec.sgd.batch, 1'000'000)));
    epochs_->setValue(spec.sgd.epochs);
    step_->setText(spec.sgd.step ? QString::fromStdString(nlohmann::json(*spec.sgd.step).dump())
                                 : QString("auto"));
    choose(schedule_, spec.sgd.schedule.kind);
    scheduleDetail_->setText(detailOf(spec.sgd.schedule).isEmpty() ? QString("10")
                                                                   : detailOf(spec.sgd.schedule));
    choose(order_, spec.sgd.order);
    choose(rounding_, spec.sgd.rounding);
    earlyStop_->setValue(spec.sgd.earlyStop);
    seed_->setText(QString::number(spec.seed));
    biasDraws_->setValue(std::max(1, spec.biasDraws));
    card_->setText(source_->currentData(kCardRole).toString());
    updateAvailability();
}

} // namespace zipml::ui
