#pragma once
/// The published experiments (`zipml reproduce`): what each claims, what it needs, how long it takes; run it,
/// and read the report.

#include "ui/gallery/reproduce_worker.h"

#include <QWidget>

class QPushButton;
class QRadioButton;
class QTextBrowser;

namespace zipml::ui {

class FolderRow;
class RowList;
class WorkProgress;

class ExperimentsPanel : public QWidget {
    Q_OBJECT
  public:
    /// @param worker outlives the panel
    explicit ExperimentsPanel(ReproduceWorker& worker, QWidget* parent = nullptr);

    /// Looks anew which data sets are there.
    void refresh();
    /// Return in the dialog runs.
    void makeDefault();

  signals:
    /// The person wants to bring a data set into the folder.
    void fetchWanted(const std::filesystem::path& folder);
    void closeWanted();

  private:
    QWidget* buildList();
    QWidget* buildFolders();
    QWidget* buildSettings();
    QWidget* buildButtons();
    void fillList();
    /// Null: all of them.
    [[nodiscard]] const Experiment* selected() const;
    [[nodiscard]] bool quick() const;
    /// Of the report and the records.
    [[nodiscard]] std::filesystem::path results() const;
    [[nodiscard]] double expectedSeconds(bool quick) const;
    void showSelection();
    void showProgress();
    void showEnding();
    void updateButtons();
    void run();

    ReproduceWorker& worker_;
    RowList* list_;
    QTextBrowser* about_;
    FolderRow *data_, *results_;
    QRadioButton *quick_, *full_;
    WorkProgress* progress_;
    QPushButton *run_, *stop_, *open_;
};

} // namespace zipml::ui
