#include "ui/networks/network_sections.h"

#include "ui/widgets/file_dialogs.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include <stdexcept>

namespace zipml::ui {
namespace {

constexpr const char* kShapes = "shapes";

} // namespace

QString deepHelpOf(std::string_view key) {
    for (const auto& each : deep::deepKeys())
        if (each.name == key)
            return toQt(each.help);
    throw std::logic_error("no such setting of a network");
}

ImagesSection::ImagesSection(QWidget* parent) : PanelSection(tr("Images"), parent, deepHelpOf) {
    source_ = new QComboBox(this);
    source_->setEditable(true);
    source_->setInsertPolicy(QComboBox::NoInsert);
    source_->addItem(kShapes);
    source_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    source_->setMinimumContentsLength(8);
    browse_ = new QPushButton(tr("&Folder…"), this);
    browse_->setObjectName("imageFolder");
    browse_->setToolTip(tr("Choose a folder with CIFAR-10 (*.bin) or MNIST and Fashion-MNIST (*-ubyte) "
                           "files, plain or packed; or drop one on the page"));
    auto* both = new QWidget(this);
    auto* line = new QHBoxLayout(both);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(source_, 1);
    line->addWidget(browse_);
    auto* label = addLabelled(tr("&Data"), both, source_);
    source_->setObjectName("data");
    source_->setAccessibleName(tr("Data"));
    source_->setToolTip(tr("shapes: generated images of ten classes, no file needed; shapes:N for N training "
                           "images; else a folder with CIFAR-10 or MNIST files"));
    label->setToolTip(source_->toolTip());
    const auto addCount = [this](const QString& title, const char* key) {
        auto* box = new QSpinBox(this);
        box->setRange(0, 1'000'000);
        box->setSingleStep(1000);
        box->setSpecialValueText(tr("all"));
        add(title, box, key);
        connect(box, &QSpinBox::valueChanged, this, &ImagesSection::changed);
        return box;
    };
    trainImages_ = addCount(tr("Training, &most"), "train_images");
    testImages_ = addCount(tr("T&est, most"), "test_images");
    augmentation_ = add(tr("&Variation"), new QComboBox(this), "augmentation");
    fill<deep::Augmentation>(augmentation_);
    connect(source_, &QComboBox::currentTextChanged, this, &ImagesSection::changed);
    connect(augmentation_, &QComboBox::currentIndexChanged, this, &ImagesSection::changed);
    connect(browse_, &QPushButton::clicked, this, &ImagesSection::browse);
}

void ImagesSection::write(deep::DeepSpec& spec) const {
    spec.data = source_->currentText().trimmed().toStdString();
    spec.trainImages = static_cast<std::uint32_t>(trainImages_->value());
    spec.testImages = static_cast<std::uint32_t>(testImages_->value());
    spec.augmentation = chosen<deep::Augmentation>(augmentation_);
}

void ImagesSection::show(const deep::DeepSpec& spec) {
    const QString source = QString::fromStdString(spec.data);
    if (source_->findText(source) < 0)
        source_->addItem(source);
    source_->setCurrentText(source);
    trainImages_->setValue(static_cast<int>(spec.trainImages));
    testImages_->setValue(static_cast<int>(spec.testImages));
    choose(augmentation_, spec.augmentation);
}

void ImagesSection::setFolder(const QString& path) {
    const QFileInfo info(path);
    const QString folder = info.isDir() ? info.absoluteFilePath() : info.absolutePath();
    if (source_->findText(folder) < 0)
        source_->addItem(folder);
    source_->setCurrentText(folder);
}

void ImagesSection::browse() {
    chooseFolder(*this, tr("Folder with CIFAR-10 or MNIST files"), {}, true,
                 [this](const QString& folder) { setFolder(folder); });
}

} // namespace zipml::ui
