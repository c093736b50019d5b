#pragma once
/// Asks where to save a model, and as what: the file type decides the format.

#include "core/model/export/format.h"

#include <QFileDialog>

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
        int bits;
        QString filter;
    };
    [[nodiscard]] const Choice& choice() const;
    void write(const QString& file);

    LinearModel model_;
    std::vector<Choice> choices_;
};

} // namespace zipml::ui
