#include "ui/data/reading_section.h"

#include "ui/data/column_edits.h"

#include <QCheckBox>
#include <QDoubleValidator>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QSpinBox>

namespace zipml::ui {
namespace {

constexpr int kTaskAuto = -1;
constexpr int kContents = 14;                  ///< letters of a choice: "Detected: classification"
constexpr std::size_t kMostLabelChoices = 500; ///< columns in a list; the table below has all

void select(QComboBox* combo, const std::string& value) {
    const QString wanted = QString::fromStdString(value);
    if (combo->findData(wanted) < 0)
        combo->addItem(wanted, wanted);
    combo->setCurrentIndex(combo->findData(wanted));
}

std::string selected(const QComboBox* combo) {
    return combo->currentData().toString().toStdString();
}

std::string textIn(const QLineEdit* edit) {
    return edit->text().trimmed().toStdString();
}

} // namespace

ReadingSection::ReadingSection(QWidget* parent) : PanelSection(tr("Reading"), parent) {
    Names formats{{tr("Detected"), "auto"}};
    static const std::vector<std::string> names = formatNames();
    for (const auto& name : names)
        formats << std::pair{QString::fromStdString(name), name.c_str()};
    format_ = addChoice(tr("Format"), "format", formats);
    buildTable();
    addHeading(tr("Label and features"));
    label_ = addChoice(tr("Label"), "label_column", {{tr("Detected"), "auto"}, {tr("None"), "none"}});
    task_ = add(tr("Task"), new QComboBox(this), "task");
    task_->addItem(tr("Detected"), kTaskAuto);
    fill<Task>(task_);
    task_->setMinimumContentsLength(kContents);
    connect(task_, &QComboBox::currentIndexChanged, this, &ReadingSection::tell);
    times_ =
        addChoice(tr("Dates, times"), "times", {{tr("Left out"), "ignore"}, {tr("As seconds"), "seconds"}});
    categories_ = addNumber(tr("Categories"), "categories", 2, 100'000);
    categories_->setPrefix(tr("at most "));
    buildMissing();
    buildOthers();
}

QComboBox* ReadingSection::addChoice(const QString& label, const char* key, const Names& names) {
    auto* combo = add(label, new QComboBox(this), key);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(kContents);
    for (const auto& [title, name] : names)
        combo->addItem(title, QString(name));
    connect(combo, &QComboBox::currentIndexChanged, this, &ReadingSection::tell);
    return combo;
}

QLineEdit* ReadingSection::addText(const QString& label, const char* key, const QString& hint) {
    auto* edit = add(label, new QLineEdit(this), key);
    edit->setPlaceholderText(hint);
    connect(edit, &QLineEdit::editingFinished, this, &ReadingSection::tell);
    return edit;
}

QSpinBox* ReadingSection::addNumber(const QString& label, const char* key, int least, int most) {
    auto* spin = add(label, new QSpinBox(this), key);
    spin->setRange(least, most);
    spin->setKeyboardTracking(false);
    connect(spin, &QSpinBox::valueChanged, this, &ReadingSection::tell);
    return spin;
}

void ReadingSection::buildTable() {
    delimiter_ = addChoice(tr("Delimiter"), "delimiter",
                           {{tr("Detected"), "auto"},
                            {tr("Comma"), "comma"},
                            {tr("Tab"), "tab"},
                            {tr("Semicolon"), "semicolon"},
                            {tr("Blanks"), "space"},
                            {tr("Pipe"), "pipe"}});
    decimal_ = addChoice(tr("Decimal mark"), "decimal",
                         {{tr("Detected"), "auto"}, {tr("Point"), "point"}, {tr("Comma"), "comma"}});
    header_ = addChoice(tr("Header line"), "header",
                        {{tr("Detected"), "auto"}, {tr("Yes"), "yes"}, {tr("No"), "no"}});
    skipLines_ = addNumber(tr("Skip lines"), "skip_lines", 0, 1'000'000);
    encoding_ = addChoice(tr("Encoding"), "encoding",
                          {{tr("Detected"), "auto"}, {tr("UTF-8"), "utf-8"}, {tr("Latin-1"), "latin1"}});
}

void ReadingSection::buildMissing() {
    addHeading(tr("Missing values"));
    missing_ = addChoice(tr("Missing"), "missing",
                         {{tr("Refused"), "refuse"},
                          {tr("Rows left out"), "drop"},
                          {tr("Mean of the column"), "mean"},
                          {tr("Median of the column"), "median"},
                          {tr("A constant"), "constant"}});
    constant_ = new QLineEdit(this);
    constant_->setObjectName("missingConstant");
    constant_->setAccessibleName(tr("Constant for missing values"));
    constant_->setToolTip(tr("What stands in for a missing value"));
    auto* validator = new QDoubleValidator(constant_);
    validator->setLocale(QLocale::c());
    constant_->setValidator(validator);
    connect(constant_, &QLineEdit::editingFinished, this, &ReadingSection::tell);
    addLabelled(tr("Constant"), constant_, constant_);
    marks_ = addText(tr("Also missing"), "missing_marks", tr("such as -999, unknown"));
}

void ReadingSection::buildOthers() {
    others_ = addHeading(tr("Other formats"));
    indexBase_ =
        addChoice(tr("First index"), "index_base", {{tr("Detected"), "auto"}, {"0", "0"}, {"1", "1"}});
    width_ = addNumber(tr("Features"), "width", 0, 1'000'000'000);
    width_->setSpecialValueText(tr("Detected"));
    matrix_ = addText(tr("Values"), "matrix", tr("member or variable"));
    labels_ = addText(tr("Labels"), "labels", tr("file or member"));
    upright_ = add(tr("Upright"), new QCheckBox(tr("turn the images"), this), "upright");
    connect(upright_, &QCheckBox::toggled, this, &ReadingSection::tell);
}

void ReadingSection::show(const DataSpec& spec, const DataReport* report) {
    showing_ = true;
    data_ = spec;
    const LoadOptions& load = spec.load;
    showLabelChoices(report);
    showFound(report);
    select(format_, load.format);
    select(delimiter_, load.delimiter);
    select(decimal_, load.decimal);
    select(header_, load.header);
    select(encoding_, load.encoding);
    select(label_, load.labelColumn);
    select(times_, load.times);
    select(indexBase_, load.indexBase);
    const bool constant = load.missing.starts_with("constant:");
    select(missing_, constant ? "constant" : load.missing);
    constant_->setText(constant ? behindColon(load.missing) : "0");
    task_->setCurrentIndex(task_->findData(spec.task ? static_cast<int>(*spec.task) : kTaskAuto));
    skipLines_->setValue(static_cast<int>(load.skipLines));
    categories_->setValue(static_cast<int>(load.categories));
    width_->setValue(static_cast<int>(load.width));
    marks_->setText(QString::fromStdString(load.missingMarks));
    labels_->setText(QString::fromStdString(load.labels));
    matrix_->setText(QString::fromStdString(load.matrix));
    upright_->setChecked(load.upright);
    showRows(report);
    showing_ = false;
}

void ReadingSection::showLabelChoices(const DataReport* report) {
    while (label_->count() > 2)
        label_->removeItem(label_->count() - 1);
    if (report == nullptr || report->schema.sparse)
        return;
    for (std::size_t c = 0; c < std::min(kMostLabelChoices, report->columns.size()); ++c)
        label_->addItem(QString("%1  %2").arg(c + 1).arg(QString::fromStdString(report->columns[c].name)),
                        QString::fromStdString(referenceTo(*report, c)));
}

/// "Detected: comma"
void ReadingSection::showFound(const DataReport* report) {
    const auto set = [](QComboBox* combo, const std::string& found) {
        combo->setItemText(0, found.empty() ? tr("Detected")
                                            : tr("Detected: %1").arg(QString::fromStdString(found)));
    };
    set(format_, report == nullptr ? "" : report->format);
    set(delimiter_, report == nullptr ? "" : report->delimiter);
    set(decimal_, report == nullptr ? "" : report->decimal);
    set(header_, report == nullptr ? "" : report->header ? tr("yes").toStdString() : tr("no").toStdString());
    set(label_, report == nullptr || !report->label ? "" : report->labelColumn.name);
    set(indexBase_,
        report == nullptr || !report->schema.sparse ? "" : std::to_string(report->schema.indexBase));
    task_->setItemText(0, report == nullptr || !report->task || data_.task
                              ? tr("Detected")
                              : tr("Detected: %1").arg(toQt(nameOf(*report->task))));
}

/// What another format has is not shown, unless it was chosen.
void ReadingSection::showRows(const DataReport* report) {
    const LoadOptions& load = data_.load;
    const LoadOptions usual;
    const std::string format = report == nullptr ? load.format : report->format;
    const bool known = report != nullptr;
    const bool sparse = known && report->schema.sparse;
    const bool table = !known || (!sparse && !report->columns.empty() && !report->delimiter.empty());
    const auto show = [this](QWidget* control, bool visible) { form_->setRowVisible(control, visible); };
    show(delimiter_, table || load.delimiter != usual.delimiter);
    show(decimal_, table || load.decimal != usual.decimal);
    show(header_, table || load.header != usual.header);
    show(encoding_, !sparse || load.encoding != usual.encoding);
    show(label_, !sparse);
    show(times_, !sparse);
    show(categories_, !sparse);
    show(constant_, load.missing.starts_with("constant:"));
    show(indexBase_, !known || sparse || load.indexBase != usual.indexBase);
    show(width_, !known || sparse || load.width != usual.width);
    const bool members = !known || (!sparse && !table);
    show(matrix_, members || load.matrix != usual.matrix);
    show(labels_, members || load.labels != usual.labels);
    show(upright_, format == "idx" || load.upright);
    form_->setRowVisible(others_, [this] {
        for (QWidget* control : {static_cast<QWidget*>(indexBase_), static_cast<QWidget*>(width_),
                                 static_cast<QWidget*>(matrix_), static_cast<QWidget*>(labels_),
                                 static_cast<QWidget*>(upright_)})
            if (form_->isRowVisible(control))
                return true;
        return false;
    }());
}

void ReadingSection::tell() {
    if (showing_)
        return;
    DataSpec spec = data_;
    LoadOptions& load = spec.load;
    load.format = selected(format_);
    load.delimiter = selected(delimiter_);
    load.decimal = selected(decimal_);
    load.header = selected(header_);
    load.encoding = selected(encoding_);
    load.labelColumn = selected(label_);
    load.times = selected(times_);
    load.indexBase = selected(indexBase_);
    load.missing = selected(missing_);
    if (load.missing == "constant")
        load.missing += ":" + (constant_->hasAcceptableInput() ? textIn(constant_) : std::string("0"));
    load.skipLines = static_cast<std::size_t>(skipLines_->value());
    load.categories = static_cast<std::size_t>(categories_->value());
    load.width = static_cast<std::size_t>(width_->value());
    load.missingMarks = textIn(marks_);
    load.labels = textIn(labels_);
    load.matrix = textIn(matrix_);
    load.upright = upright_->isChecked();
    const int task = task_->currentData().toInt();
    spec.task = task == kTaskAuto ? std::nullopt : std::optional(static_cast<Task>(task));
    if (spec != data_)
        emit chosen(spec);
}

} // namespace zipml::ui
