#include "ui/widgets/file_dialogs.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QGridLayout>
#include <QLabel>

namespace zipml::ui {

void chooseFileToOpen(QWidget& parent, const QString& title,
                      const std::function<void(const QString&)>& chosen, const QString& folder,
                      const QString& filter) {
    auto* dialog = new QFileDialog(&parent, title, folder, filter);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::fileSelected, &parent, chosen);
    dialog->open();
}

void chooseFolder(QWidget& parent, const QString& title, const QString& folder, bool showFiles,
                  const std::function<void(const QString&)>& chosen) {
    auto* dialog = new QFileDialog(&parent, title, folder);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly, !showFiles);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::fileSelected, &parent, chosen);
    dialog->open();
}

void chooseFileToSave(QWidget& parent, const SaveRequest& request,
                      const std::function<void(const QString&)>& chosen) {
    auto* dialog = new QFileDialog(&parent, request.title, request.name, request.filter);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(request.name.section('.', -1));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::fileSelected, &parent, chosen);
    dialog->open();
}

QLabel* addNote(QFileDialog& dialog) {
    dialog.setOption(QFileDialog::DontUseNativeDialog);
    auto* note = new QLabel(&dialog);
    note->setWordWrap(true);
    note->setObjectName("note");
    if (auto* grid = qobject_cast<QGridLayout*>(dialog.layout()))
        grid->addWidget(note, grid->rowCount(), 0, 1, grid->columnCount());
    return note;
}

void saveToFile(QWidget& parent, const SaveRequest& request, const std::function<void(const QString&)>& save,
                const std::function<void(const QString&, bool)>& tell) {
    chooseFileToSave(parent, request, [save, tell](const QString& file) {
        try {
            save(file);
            tell(QCoreApplication::translate("FileDialogs", "Saved %1").arg(file), false);
        } catch (const std::exception& error) {
            tell(QString::fromUtf8(error.what()), true);
        }
    });
}

} // namespace zipml::ui
