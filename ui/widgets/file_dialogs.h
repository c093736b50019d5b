#pragma once
/// File dialogs ask a person for a file; they do not block the window.

#include <QString>

#include <functional>

class QFileDialog;
class QLabel;
class QWidget;

namespace zipml::ui {

/// @param chosen is called with a file that exists @param folder to begin with; empty: the usual one
void chooseFileToOpen(QWidget& parent, const QString& title,
                      const std::function<void(const QString&)>& chosen, const QString& folder = {},
                      const QString& filter = {});

/// Likewise a folder. @param showFiles that are in it
void chooseFolder(QWidget& parent, const QString& title, const QString& folder, bool showFiles,
                  const std::function<void(const QString&)>& chosen);

/// How a file to be saved is asked for.
struct SaveRequest {
    QString title;
    QString name;        ///< proposed, with the ending that others get too
    QString filter = {}; ///< empty: all files
};

/// @param chosen is called with the file
void chooseFileToSave(QWidget& parent, const SaveRequest& request,
                      const std::function<void(const QString&)>& chosen);
/// A line of text below a dialog's file types, empty at first. The dialog becomes Qt's own: those of the
/// platform take none. @return the line, the dialog's
QLabel* addNote(QFileDialog& dialog);
/// Saves, then tells that it is saved, or what `save` threw. @param tell a text, and whether it is bad
void saveToFile(QWidget& parent, const SaveRequest& request, const std::function<void(const QString&)>& save,
                const std::function<void(const QString&, bool)>& tell);

} // namespace zipml::ui
