#include "ui/gallery/gallery_dialog.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace zipml::ui {
namespace {

constexpr QSize kPicture{200, 120};

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

GalleryDialog::GalleryDialog(QWidget* parent) : QDialog(parent), presets_(builtInPresets()) {
    setWindowTitle(tr("Presets"));
    list_ = new QListWidget(this);
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
    for (const auto& preset : presets_) {
        const QIcon picture(QString(":/presets/%1.png").arg(QString::fromStdString(preset.name)));
        auto* item = new QListWidgetItem(picture, QString::fromStdString(preset.action.title), list_);
        item->setToolTip(tr("%n run(s)", nullptr, static_cast<int>(preset.action.runs.size())));
    }
    summary_ = new QLabel(this);
    summary_->setObjectName("presetSummary");
    summary_->setWordWrap(true);
    summary_->setMinimumHeight(summary_->fontMetrics().lineSpacing() * 3);
    summary_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    auto* run = buttons->addButton(tr("&Run"), QDialogButtonBox::AcceptRole);
    run->setObjectName("runPreset");
    run->setToolTip(tr("Replaces the runs on the Training page"));
    run->setDefault(true);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(list_, 1);
    layout->addWidget(summary_);
    layout->addWidget(buttons);
    resize(960, 560);

    connect(list_, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0)
            summary_->setText(QString::fromStdString(presets_[static_cast<std::size_t>(row)].summary));
    });
    connect(list_, &QListWidget::itemActivated, this, &GalleryDialog::choose);
    connect(buttons, &QDialogButtonBox::accepted, this, &GalleryDialog::choose);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    list_->setCurrentRow(0);
    list_->setFocus();
}

void GalleryDialog::choose() {
    if (result() == Accepted || list_->currentRow() < 0) // Return activates item and button
        return;
    accept();
    emit chosen(presets_[static_cast<std::size_t>(list_->currentRow())]);
}

} // namespace zipml::ui
