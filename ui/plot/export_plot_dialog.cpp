#include "ui/plot/export_plot_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>

namespace zipml::ui {
namespace {

constexpr double kMillimetresPerPoint = 25.4 / 72;

struct Size {
    const char* title;
    double width, height, font; ///< mm, mm, pt
    int resolution;             ///< pixels an inch
};
constexpr Size kSizes[] = {
    {QT_TRANSLATE_NOOP("ExportPlotDialog", "One column of a paper"), 88, 62, 7, 600},
    {QT_TRANSLATE_NOOP("ExportPlotDialog", "Two columns of a paper"), 180, 95, 8, 600},
    {QT_TRANSLATE_NOOP("ExportPlotDialog", "Slide, 16:9"), 254, 143, 14, 192},
    {QT_TRANSLATE_NOOP("ExportPlotDialog", "Web page"), 212, 127, 9, 192},
};

} // namespace

ExportPlotDialog::ExportPlotDialog(QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Export the plot"));
    const auto named = [](auto* widget, const char* name, const QString& label, const QString& help) {
        widget->setObjectName(name);
        widget->setAccessibleName(label);
        widget->setToolTip(help);
        return widget;
    };
    const auto millimetres = [&](const char* name, const QString& label) {
        auto* box = named(new QDoubleSpinBox(this), name, label, tr("On paper, in millimetres"));
        box->setRange(30, 1000);
        box->setDecimals(0);
        box->setSuffix(tr(" mm"));
        return box;
    };
    format_ = named(new QComboBox(this), "plotFormat", tr("Format"),
                    tr("PDF and SVG are lines at any size; PNG is pixels"));
    for (const char* ending : {"pdf", "svg", "png"})
        format_->addItem(QString(ending).toUpper(), ending);
    size_ =
        named(new QComboBox(this), "plotSize", tr("Size for"), tr("Sets width, height, type and resolution"));
    for (const auto& size : kSizes)
        size_->addItem(tr(size.title));
    size_->addItem(tr("Other"));
    width_ = millimetres("plotWidth", tr("Width"));
    height_ = millimetres("plotHeight", tr("Height"));
    font_ = named(new QDoubleSpinBox(this), "plotFont", tr("Type size"), tr("Of all text, in points"));
    font_->setRange(4, 40);
    font_->setDecimals(1);
    font_->setSuffix(tr(" pt"));
    resolution_ =
        named(new QSpinBox(this), "plotResolution", tr("Resolution"), tr("Pixels an inch, for PNG"));
    resolution_->setRange(72, 1200);
    resolution_->setSuffix(tr(" dpi"));
    result_ = new QLabel(this);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    buttons->addButton(tr("Save as…"), QDialogButtonBox::AcceptRole)->setDefault(true);
    auto* form = new QFormLayout(this);
    form->addRow(tr("&Format"), format_);
    form->addRow(tr("&Size for"), size_);
    form->addRow(tr("&Width"), width_);
    form->addRow(tr("&Height"), height_);
    form->addRow(tr("&Type size"), font_);
    form->addRow(tr("&Resolution"), resolution_);
    form->addRow(result_);
    form->addRow(buttons);

    QSettings settings;
    settings.beginGroup("plotExport");
    size_->setCurrentIndex(std::clamp(settings.value("size", 0).toInt(), 0, size_->count() - 1));
    sizeChosen(size_->currentIndex() < static_cast<int>(std::size(kSizes)) ? size_->currentIndex() : 0);
    width_->setValue(settings.value("width", width_->value()).toDouble());
    height_->setValue(settings.value("height", height_->value()).toDouble());
    font_->setValue(settings.value("font", font_->value()).toDouble());
    resolution_->setValue(settings.value("resolution", resolution_->value()).toInt());
    format_->setCurrentIndex(std::max(0, format_->findData(settings.value("format", "pdf"))));

    connect(size_, &QComboBox::activated, this, &ExportPlotDialog::sizeChosen);
    const auto other = [this] { size_->setCurrentIndex(size_->count() - 1); };
    for (auto* box : {width_, height_, font_})
        connect(box, &QDoubleSpinBox::valueChanged, this, [this, other] {
            other();
            showResult();
        });
    connect(resolution_, &QSpinBox::valueChanged, this, [this, other] {
        other();
        showResult();
    });
    connect(format_, &QComboBox::currentIndexChanged, this, &ExportPlotDialog::showResult);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        QSettings kept;
        kept.beginGroup("plotExport");
        kept.setValue("size", size_->currentIndex());
        kept.setValue("width", width_->value());
        kept.setValue("height", height_->value());
        kept.setValue("font", font_->value());
        kept.setValue("resolution", resolution_->value());
        kept.setValue("format", ending());
        accept();
    });
    showResult();
}

void ExportPlotDialog::sizeChosen(int index) {
    if (index < 0 || index >= static_cast<int>(std::size(kSizes)))
        return;
    const auto& size = kSizes[index];
    width_->setValue(size.width);
    height_->setValue(size.height);
    font_->setValue(size.font);
    resolution_->setValue(size.resolution);
    size_->setCurrentIndex(index);
    showResult();
}

void ExportPlotDialog::showResult() {
    const bool pixels = ending() == "png";
    resolution_->setEnabled(pixels);
    const auto plot = look();
    result_->setText(pixels ? tr("%1 × %2 pixels")
                                  .arg(qRound(plot.size.width() * plot.pixelsPerPoint))
                                  .arg(qRound(plot.size.height() * plot.pixelsPerPoint))
                            : tr("%1 × %2 points").arg(plot.size.width()).arg(plot.size.height()));
}

PlotLook ExportPlotDialog::look() const {
    return {{qRound(width_->value() / kMillimetresPerPoint), qRound(height_->value() / kMillimetresPerPoint)},
            resolution_->value() / 72.0,
            font_->value()};
}

QString ExportPlotDialog::ending() const {
    return format_->currentData().toString();
}

} // namespace zipml::ui
