#pragma once
/// A folder that a person names or looks for.

#include <QString>
#include <QWidget>

#include <filesystem>

class QLabel;
class QLineEdit;

namespace zipml::ui {

class FolderRow : public QWidget {
    Q_OBJECT
  public:
    /// @param label before it, with a mnemonic @param name of the edit for tests
    /// @param spoken what the edit is to somebody who hears it
    FolderRow(const QString& label, const QString& name, const QString& spoken, QWidget* parent);

    [[nodiscard]] std::filesystem::path folder() const; ///< absolute
    [[nodiscard]] bool isEmpty() const;
    void setFolder(const QString& folder);
    void setExplanation(const QString& text); ///< as a tool tip
    /// Rows one below the other: their edits begin at one place.
    void alignWith(FolderRow& other);

  signals:
    void changed();

  private:
    void choose();

    QString spoken_;
    QLabel* label_;
    QLineEdit* edit_;
};

} // namespace zipml::ui
