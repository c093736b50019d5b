#pragma once
/// The networks page has networks with low-precision weights: trained side by side, with what they learn
/// before your eyes.

#include "ui/networks/network_curves.h"
#include "ui/plot/live_plot.h"
#include "ui/widgets/page.h"

class QComboBox;
class QLabel;
class QSplitter;
class QTableView;

namespace zipml::ui {

class NetworkInspector;
class NetworkPanel;
class NetworkTableModel;
class SettingsHistory;
class WorkProgress;

class NetworksPage : public Page {
    Q_OBJECT
  public:
    /// @param folder keeps the networks that can go on; empty: while this lives
    explicit NetworksPage(const QString& folder = {}, QWidget* parent = nullptr);
    ~NetworksPage() override;

    /// In the application's data.
    [[nodiscard]] static QString usualFolder();

    /// Compare, Train, Pause, Stop, Go on.
    [[nodiscard]] QList<QAction*> barActions() const override {
        return {compare_, start_, pause_, stop_, goOn_};
    }
    /// Also Export, Copy, Use its settings, Rename, Paste.
    [[nodiscard]] QList<QAction*> menuActions() const override {
        return barActions() + QList{export_, copy_, reuse_, rename_, paste_};
    }
    [[nodiscard]] QString interruptedByClosing() const override;
    [[nodiscard]] bool hasSteps() const override { return history_ != nullptr; }
    [[nodiscard]] NetworkPanel& panel() const { return *panel_; }
    [[nodiscard]] NetworkRuns& runs() { return runs_; }
    [[nodiscard]] LivePlot& lossPlot() const { return *loss_; }
    [[nodiscard]] LivePlot& accuracyPlot() const { return *accuracy_; }
    [[nodiscard]] NetworkInspector& inspector() const { return *inspector_; }
    [[nodiscard]] QTableView& table() const { return *table_; }
    /// Where removing networks becomes a step that can be undone. @param history outlives this
    void undoWith(SettingsHistory& history);
    /// A picture, or images to train on.
    void open(const QString& file);

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    bool eventFilter(QObject* object, QEvent* event) override;

  private:
    void build();
    void buildTable();
    void buildActions();
    void startAll(const std::function<std::vector<deep::DeepSpec>(const deep::DeepSpec&)>& specs);
    void exportNetwork();
    void remove(const QList<int>& rows);
    [[nodiscard]] int selectedRow() const;
    /// Those selected, or all.
    [[nodiscard]] QList<int> targets() const;
    /// The run that is inspected: the selected one, else the one that trains, else the last; -1: none
    [[nodiscard]] int shownRow() const;
    void updatePlots();
    void updateInspector();
    void updateProgress();
    void updateActions();
    void updateColumns();

    const QString missing_; ///< what to install; empty: networks can be trained
    NetworkRuns runs_;
    SettingsHistory* history_ = nullptr; ///< null: what is removed is gone
    NetworkPanel* panel_;
    LivePlot *loss_, *accuracy_;
    QComboBox* xAxis_;
    NetworkInspector* inspector_;
    NetworkTableModel* model_;
    QTableView* table_;
    QLabel* shown_;
    WorkProgress* progress_;
    QAction *compare_, *start_, *pause_, *stop_, *goOn_, *export_, *copy_, *reuse_, *rename_, *remove_,
        *paste_;
};

} // namespace zipml::ui
