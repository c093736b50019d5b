#include "ui/gallery/gallery_dialog.h"

#include "ui/gallery/experiments_panel.h"
#include "ui/theme/palette.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace zipml::ui {
namespace {

constexpr QSize kPicture{200, 120};

/// For a dark window: light becomes dark, hues stay.
QImage darkened(QImage image, const QColor& ground) {
    image.convertTo(QImage::Format_RGB32);
    const auto shade = [](int value, int darkest) { return darkest + value * (255 - darkest) / 255; };
    for (int y = 0; y < image.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < image.width(); ++x) {
            const int red = qRed(line[x]), green = qGreen(line[x]), blue = qBlue(line[x]);
            const auto [least, most] = std::minmax({red, green, blue});
            const int shift = 255 - least - most; // turns the lightness (least + most) / 2 over
            line[x] = qRgb(shade(red + shift, ground.red()), shade(green + shift, ground.green()),
                           shade(blue + shift, ground.blue()));
        }
    }
    return image;
}

} // namespace

std::vector<Preset> builtInPresets() {
    std::vector<Preset> presets;
    for (const QString& name : QDir(":/presets").entryList({"*.json"}, QDir::Files, QDir::Name)) {
        QFile file(":/presets/" + name);
        if (file.open(QIODevice::ReadOnly))
            presets.push_back(
                parsePreset(file.readAll().toStdString(), name.chopped(5).toStdString())); // ".json"
    }
    return presets;
}

GalleryDialog::GalleryDialog(ReproduceWorker& worker, QWidget* parent)
    : QDialog(parent), presets_(builtInPresets()), tabs_(new QTabWidget(this)),
      experiments_(new ExperimentsPanel(worker, this)) {
    setWindowTitle(tr("Gallery"));
    tabs_->setObjectName("galleryTabs");
    tabs_->addTab(buildPresets(), tr("&Comparisons"));
    tabs_->addTab(experiments_, tr("&Published experiments"));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(tabs_);
    resize(980, 530); // four pictures a row
    connect(experiments_, &ExperimentsPanel::closeWanted, this, &QDialog::reject);
    list_->setCurrentRow(0);
    list_->setFocus();
}

void GalleryDialog::showExperiments() {
    tabs_->setCurrentWidget(experiments_);
}

QWidget* GalleryDialog::buildPresets() {
    auto* tab = new QWidget(this);
    list_ = new QListWidget(tab);
    list_->setObjectName("presets");
    list_->setAccessibleName(tr("Presets"));
    list_->setViewMode(QListView::IconMode);
    list_->setMovement(QListView::Static);
    list_->setResizeMode(QListView::Adjust);
    list_->setWordWrap(true);
    list_->setIconSize(kPicture);
    list_->setSpacing(10);
    const int text = list_->fontMetrics().lineSpacing() * 2;
    list_->setGridSize({kPicture.width() + 24, kPicture.height() + text + 20});
    const PlotColors colors = PlotColors::ofApplication();
    for (const auto& preset : presets_) {
        QImage picture(QString(":/presets/%1.png").arg(QString::fromStdString(preset.name)));
        if (colors.dark)
            picture = darkened(std::move(picture), colors.background);
        auto* item = new QListWidgetItem(QIcon(QPixmap::fromImage(picture)),
                                         QString::fromStdString(preset.action.title), list_);
        item->setToolTip(tr("%n run(s)", nullptr, static_cast<int>(preset.action.runs.size())));
    }
    summary_ = new QLabel(tab);
    summary_->setObjectName("presetSummary");
    summary_->setWordWrap(true);
    summary_->setMinimumHeight(summary_->fontMetrics().lineSpacing() * 3);
    summary_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, tab);
    auto* run = buttons->addButton(tr("&Run"), QDialogButtonBox::AcceptRole);
    run->setObjectName("runPreset");
    run->setToolTip(tr("Replaces the runs on the Training page"));
    run->setDefault(true);
    connect(tabs_, &QTabWidget::currentChanged, this, [this, run] {
        tabs_->currentWidget() == experiments_ ? experiments_->makeDefault() : run->setDefault(true);
    });
    auto* layout = new QVBoxLayout(tab);
    layout->addWidget(list_, 1);
    layout->addWidget(summary_);
    layout->addWidget(buttons);

    connect(list_, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0)
            summary_->setText(QString::fromStdString(presets_[static_cast<std::size_t>(row)].summary));
    });
    connect(list_, &QListWidget::itemActivated, this, &GalleryDialog::choose);
    connect(buttons, &QDialogButtonBox::accepted, this, &GalleryDialog::choose);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    return tab;
}

void GalleryDialog::choose() {
    if (result() == Accepted || list_->currentRow() < 0) // Return activates item and button
        return;
    accept();
    emit chosen(presets_[static_cast<std::size_t>(list_->currentRow())]);
}

} // namespace zipml::ui
