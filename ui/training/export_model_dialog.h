#pragma once
/// Asks where to save a model, and as what: the file type decides the format.

#include "core/model/export/format.h"

#include <QFileDialog>

class QLabel;

namespace zipml::ui {

class ExportModelDialog : public QFileDialog {
    Q_OBJECT
  public:
    /// Deletes itself when it is closed.
    ExportModelDialog(LinearModel model, QWidget* parent);

  signals:
    void message(const QString& text, bool bad);

  private:
    struct Choice {
        const ModelFormat* format;
        ExportOptions options;
        QString filter;
    };
    [[nodiscard]] const Choice& choice() const;
    void write(const QString& file);
    /// Ending and note become those of the chosen file type.

    void follow();

    LinearModel model_;
    QLabel* note_; ///< where the chosen format runs
    std::vector<Choice> choices_;
};

} // namespace zipml::ui
