#include "ui/widgets/folder_row.h"

#include "ui/widgets/file_dialogs.h"

#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

namespace zipml::ui {

FolderRow::FolderRow(const QString& label, const QString& name, const QString& spoken, QWidget* parent)
    : QWidget(parent), spoken_(spoken), label_(new QLabel(label, this)), edit_(new QLineEdit(this)) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    edit_->setObjectName(name);
    edit_->setAccessibleName(spoken);
    label_->setBuddy(edit_);
    auto* browse = new QPushButton(tr("Browse…"), this);
    browse->setAccessibleName(tr("Browse: %1").arg(spoken));
    browse->setToolTip(tr("Choose another folder"));
    browse->setAutoDefault(false);
    layout->addWidget(label_);
    layout->addWidget(edit_, 1);
    layout->addWidget(browse);
    connect(browse, &QPushButton::clicked, this, &FolderRow::choose);
    connect(edit_, &QLineEdit::textChanged, this, &FolderRow::changed);
}

std::filesystem::path FolderRow::folder() const {
    return QDir(edit_->text()).absolutePath().toStdString();
}

bool FolderRow::isEmpty() const {
    return edit_->text().isEmpty();
}

void FolderRow::setFolder(const QString& folder) {
    edit_->setText(folder);
}

void FolderRow::setExplanation(const QString& text) {
    edit_->setToolTip(text);
}

void FolderRow::alignWith(FolderRow& other) {
    const int width = std::max(label_->sizeHint().width(), other.label_->sizeHint().width());
    for (auto* label : {label_, other.label_})
        label->setMinimumWidth(width);
}

void FolderRow::choose() {
    chooseFolder(*this, spoken_, edit_->text(), false,
                 [this](const QString& folder) { edit_->setText(folder); });
}

} // namespace zipml::ui
