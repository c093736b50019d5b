#pragma once
/// Public data sets: choose one, fetch it, open it.

#include "core/fetch/fetch.h"
#include "ui/data/fetch_worker.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QTreeWidget;

namespace zipml::ui {

class FetchDialog : public QDialog {
    Q_OBJECT
  public:
    explicit FetchDialog(QWidget* parent = nullptr,
                         std::vector<CatalogueEntry> catalogue = builtInCatalogue());

  signals:
    /// The person wants to train on a set that is here.
    void opened(const zipml::DataSpec& data);

  private:
    void buildList();
    QWidget* buildFolderRow();
    QWidget* buildProgress();
    QWidget* buildButtons();
    [[nodiscard]] const CatalogueEntry* selected() const;
    [[nodiscard]] std::filesystem::path folder() const;
    void chooseFolder();
    void showStates();
    void showSelection();
    void updateButtons();
    void fetch();
    void finish(const QString& text, bool error);

    std::vector<CatalogueEntry> catalogue_;
    FetchWorker worker_;
    QTreeWidget* list_;
    QLabel *details_, *status_;
    QLineEdit* folder_;
    QProgressBar* progress_;
    QPushButton *browse_, *fetch_, *cancel_, *open_;
};

} // namespace zipml::ui
