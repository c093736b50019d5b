#include "ui/devices/image_folder.h"

#include "ui/widgets/file_dialogs.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace zipml::ui {
namespace {

constexpr int kPollMilliseconds = 50;

} // namespace

ImageFolderRow::ImageFolderRow(ImageFolder folder, QWidget* parent)
    : QWidget(parent), folder_(std::move(folder)), path_(new QLineEdit(this)),
      browse_(new QPushButton(tr("&Browse…"), this)), found_(new QLabel(this)) {
    auto* label = new QLabel(tr("FPGA &images"), this);
    label->setBuddy(path_);
    path_->setObjectName("imageFolder");
    path_->setAccessibleName(tr("Folder of FPGA images"));
    path_->setPlaceholderText(tr("folder of .aocx or .xclbin files; none: the pipeline is emulated"));
    path_->setText(QString::fromStdString(folder_.path.string()));
    path_->setFixedWidth(400);
    browse_->setObjectName("browseImages");
    browse_->setAccessibleName(tr("Browse for the folder of FPGA images"));
    found_->setObjectName("imagesFound");
    found_->setTextFormat(Qt::PlainText);
    found_->setMinimumWidth(1); // long findings are cut; the tool tip has them whole
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 0, 8, 4);
    layout->addWidget(label);
    layout->addWidget(path_);
    layout->addWidget(browse_);
    layout->addSpacing(8);
    layout->addWidget(found_, 1);
    connect(path_, &QLineEdit::editingFinished, this, [this] { choose(path_->text().trimmed()); });
    connect(browse_, &QPushButton::clicked, this, &ImageFolderRow::browse);
    job_.deliver(kPollMilliseconds, [this](const News& news) {
        if (news.description)
            show(*news.description, false);
        else if (!news.error.isEmpty())
            show(news.error, true);
    });
    setChoosable({});
    look();
}

void ImageFolderRow::setChoosable(const QString& whyNot) {
    const QString reason = folder_.fixedBy.isEmpty() ? whyNot : tr("%1 decides it").arg(folder_.fixedBy);
    path_->setReadOnly(!reason.isEmpty());
    browse_->setEnabled(reason.isEmpty());
    path_->setToolTip(reason.isEmpty() ? tr("Images that aoc or v++ made, named zipml_DESIGN.aocx or .xclbin")
                                       : reason);
    browse_->setToolTip(reason.isEmpty() ? tr("Choose the folder of images") : reason);
}

void ImageFolderRow::browse() {
    chooseFolder(*this, tr("Folder of FPGA images"), path_->text(), true,
                 [this](const QString& folder) { choose(folder); });
}

void ImageFolderRow::choose(const QString& path) {
    const std::filesystem::path wanted = path.toStdString();
    if (path_->isReadOnly() || wanted == folder_.path)
        return;
    folder_.path = wanted;
    path_->setText(path);
    folder_.choose(wanted);
    look();
    emit chosen();
}

void ImageFolderRow::look() {
    if (folder_.path.empty()) {
        job_.abandon();
        return show({}, false);
    }
    show(tr("Looking…"), false);
    job_.replace([this, path = folder_.path, describe = folder_.describe](const Job&, RunControl&) {
        job_.tell([found = QString::fromStdString(describe(path))](News& news) { news.description = found; });
    });
}

void ImageFolderRow::show(const QString& found, bool bad) {
    found_->setText(bad ? "⚠ " + found : found);
    found_->setToolTip(found);
    found_->setAccessibleDescription(found);
}

} // namespace zipml::ui
