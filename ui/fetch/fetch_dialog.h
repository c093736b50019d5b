#pragma once
/// The dialog lists public data sets: choose one, fetch it, open it.

#include "core/fetch/fetch.h"
#include "ui/widgets/background_job.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace zipml::ui {

class FolderRow;
class RowList;
class WorkProgress;

class FetchDialog : public QDialog {
    Q_OBJECT
  public:
    explicit FetchDialog(QWidget* parent = nullptr,
                         std::vector<CatalogueEntry> catalogue = builtInCatalogue());

    /// Where the files go.
    void setFolder(const std::filesystem::path& folder);

  signals:
    /// The person wants to train on a set that is here.
    void opened(const zipml::DataSpec& data);

  private:
    void buildList();
    QWidget* buildButtons();
    [[nodiscard]] const CatalogueEntry* selected() const;
    void showStates();
    void showSelection();
    void updateButtons();
    void fetch();
    void receive(const JobNews& news);
    void finish(const QString& text, bool error);

    std::vector<CatalogueEntry> catalogue_;
    bool active_ = false;
    RowList* list_;
    QLabel* details_;
    FolderRow* folder_;
    WorkProgress* progress_;
    QPushButton *fetch_, *cancel_, *open_;
    BackgroundJob<JobNews> job_{JobPriority::Normal};
};

} // namespace zipml::ui
