#include "ui/training/data_section.h"

#include "core/data/synthetic.h"
#include "ui/widgets/file_dialogs.h"

#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

namespace zipml::ui {
namespace {

constexpr int kTaskAuto = -1;
/// Of an entry in the list of data: the lines shown under it.
constexpr int kCardRole = Qt::UserRole + 1;

} // namespace

DataSection::DataSection(QWidget* parent) : PanelSection(tr("Data"), parent) {
    source_ = new QComboBox(this);
    source_->setObjectName("data");
    source_->setAccessibleName(tr("Training data"));
    source_->setToolTip(helpOf("data"));
    source_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    source_->setMinimumContentsLength(15);
    for (const char* features : {"10", "100", "1000"})
        source_->addItem(tr("Synthetic, %1 features").arg(features), QString("synthetic:%1").arg(features));
    for (int item = 0; item < source_->count(); ++item)
        source_->setItemData(item, tr("generated: 10,000 training rows and as many test rows"), kCardRole);
    auto* open = new QPushButton(tr("&Open…"), this);
    open->setObjectName("openData");
    open->setAccessibleName(tr("Open a data file"));
    open->setToolTip(tr("A table, LIBSVM or other data file, plain or compressed (Ctrl+O)"));
    connect(open, &QPushButton::clicked, this, &DataSection::openRequested);
    addLabelled(labelOf("data"), sideBySide(source_, open), source_);
    addSetting("data", source_);
    card_ = addNote("dataCard");
    look_ = new QPushButton(tr("See the columns…"), this);
    look_->setObjectName("showData");
    look_->setToolTip(tr("Rows, columns and options of reading, on the Data page"));
    connect(look_, &QPushButton::clicked, this, &DataSection::dataPageRequested);
    form_->addRow(QString(), look_);

    beginGroup(tr("Split and scaling"), "splitGroup");
    test_ = new QLineEdit(this);
    test_->setPlaceholderText(tr("none"));
    test_->setObjectName("test");
    test_->setAccessibleName(tr("Test file"));
    test_->setToolTip(helpOf("test"));
    auto* browse = new QToolButton(this);
    browse->setText("…");
    browse->setObjectName("openTest");
    browse->setAccessibleName(tr("Choose a test file"));
    browse->setToolTip(tr("Choose a test file"));
    connect(browse, &QToolButton::clicked, this, [this] {
        chooseFileToOpen(*this, tr("Choose a test file"),
                         [this](const QString& file) { test_->setText(file); });
    });
    addLabelled(labelOf("test"), testRow_ = sideBySide(test_, browse), test_);
    addSetting("test", test_);
    connect(test_, &QLineEdit::textChanged, this, [this] { updateAvailability(); });

    split_ = add(new QDoubleSpinBox(this), "split");
    split_->setRange(0.01, 1.0);
    split_->setSingleStep(0.05);
    split_->setDecimals(2);
    task_ = add(new QComboBox(this), "task");
    task_->addItem(tr("Detected"), kTaskAuto);
    fill<Task>(task_);
    scaling_ = add(new QComboBox(this), "scaling");
    fill<ScalingKind>(scaling_);
    labelScaling_ = add(new QComboBox(this), "label_scaling");
    fill<LabelScalingKind>(labelScaling_);
    buildFileOptions();
    shown_ = source_->currentData().toString();
    connect(source_, &QComboBox::currentIndexChanged, this, [this] {
        // How one file is read says nothing of another.
        chosen_[shown_] = loadOptions();
        shown_ = source_->currentData().toString();
        showOptions(chosen_[shown_]);
        showCard();
        updateAvailability();
        source_->setToolTip(source_->currentData().toString());
    });
}

QWidget* DataSection::sideBySide(QWidget* wide, QWidget* button) {
    auto* both = new QWidget(this);
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(wide, 1);
    row->addWidget(button);
    return both;
}

void DataSection::buildFileOptions() {
    beginGroup(tr("Reading the file"), "readingGroup");
    labelColumn_ = add(new QLineEdit(this), "label_column");
    delimiter_ = add(new QComboBox(this), "delimiter");
    delimiter_->addItem(tr("Detected"), "auto");
    for (const char* name : {"comma", "tab", "semicolon", "space", "pipe"})
        delimiter_->addItem(tr(name), name);
    header_ = add(new QComboBox(this), "header");
    for (const auto& [title, name] :
         {std::pair{tr("Detected"), "auto"}, std::pair{tr("Yes"), "yes"}, std::pair{tr("No"), "no"}})
        header_->addItem(title, name);
    skipLines_ = add(new QSpinBox(this), "skip_lines");
    skipLines_->setRange(0, 1'000'000);
}

LoadOptions DataSection::loadOptions() const {
    LoadOptions options = base_;
    const QString label = labelColumn_->text().trimmed();
    options.labelColumn = label.isEmpty() ? "auto" : label.toStdString();
    options.delimiter = delimiter_->currentData().toString().toStdString();
    options.header = header_->currentData().toString().toStdString();
    options.skipLines = static_cast<std::size_t>(skipLines_->value());
    return options;
}

void DataSection::selectSource(const QString& source) {
    int index = source_->findData(source);
    if (index < 0) {
        source_->addItem(source.startsWith("synthetic:") ? source : source.section('/', -1), source);
        index = source_->count() - 1;
    }
    source_->setCurrentIndex(index);
}

void DataSection::showOptions(const LoadOptions& options) {
    base_ = options;
    labelColumn_->setText(QString::fromStdString(options.labelColumn));
    delimiter_->setCurrentIndex(std::max(0, delimiter_->findData(QString::fromStdString(options.delimiter))));
    header_->setCurrentIndex(std::max(0, header_->findData(QString::fromStdString(options.header))));
    skipLines_->setValue(static_cast<int>(options.skipLines));
}

void DataSection::setCard(const QString& source, const QString& card) {
    if (const int index = source_->findData(source); index >= 0)
        source_->setItemData(index, card, kCardRole);
    showCard();
}

void DataSection::showCard() {
    card_->setText(source_->currentData(kCardRole).toString());
    showRow(look_, !source_->currentData().toString().startsWith("synthetic:"));
}

void DataSection::updateAvailability() {
    // What a generated set does not have is not shown: it comes with its own test rows and from no file.
    const bool generated = source_->currentData().toString().startsWith("synthetic:");
    for (QWidget* field :
         std::initializer_list<QWidget*>{testRow_, split_, labelColumn_, delimiter_, header_, skipLines_})
        showRow(field, !generated);
    setAvailable(split_, test_->text().trimmed().isEmpty(), "split",
                 tr("The test rows come from the test file"));
}

void DataSection::setData(const DataSpec& spec) {
    selectSource(QString::fromStdString(spec.source));
    test_->setText(QString::fromStdString(spec.test));
    split_->setValue(spec.split);
    showOptions(spec.load);
    task_->setCurrentIndex(task_->findData(spec.task ? static_cast<int>(*spec.task) : kTaskAuto));
    choose(scaling_, spec.scaling);
    choose(labelScaling_, spec.labelScaling);
    showCard();
    updateAvailability();
}

void DataSection::read(RunSpec& spec) const {
    spec.data.source = source_->currentData().toString().toStdString();
    const bool generated = spec.data.source.starts_with("synthetic:");
    spec.data.test = generated ? std::string() : test_->text().trimmed().toStdString();
    spec.data.split = generated || !spec.data.test.empty() ? 1.0 : split_->value();
    spec.data.load = loadOptions();
    const int task = task_->currentData().toInt();
    spec.data.task = task == kTaskAuto ? std::nullopt : std::optional(static_cast<Task>(task));
    spec.data.scaling = chosen<ScalingKind>(scaling_);
    spec.data.labelScaling = chosen<LabelScalingKind>(labelScaling_);
}

} // namespace zipml::ui
