#pragma once
/// The page of double sampling shows why naive rounding is biased and double sampling is not: gradient
/// estimates as arrows in the plane of two parameters.

#include "ui/double_sampling/plane_plot.h"
#include "ui/widgets/page.h"

#include <QElapsedTimer>
#include <QTimer>

class QTableView;

namespace zipml::ui {

class EstimateTableModel;
class PlanePanel;

class DoubleSamplingPage : public Page {
    Q_OBJECT
  public:
    explicit DoubleSamplingPage(QWidget* parent = nullptr);

    /// Draw again, Animate, Start at the optimum, Reset.
    [[nodiscard]] QList<QAction*> barActions() const override {
        return {drawAgain_, animate_, toOptimum_, reset_};
    }
    [[nodiscard]] PlanePanel& panel() const { return *panel_; }
    [[nodiscard]] PlanePlot& plot() const { return *plot_; }
    [[nodiscard]] QTableView& table() const { return *table_; }
    /// What is asked for now; plot().result() may still be of an earlier point.
    [[nodiscard]] PlaneRequest request() const;

  signals:
    /// Plot and table show another result.
    void resultShown();

  protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

  private:
    void buildTable();
    void buildActions();
    void arrange();
    void ask();
    void receive(PlaneNews news);
    void tellOfDivergence(const PlaneResult& result);
    void setPoint(const Eigen::Vector2d& point);
    void animate(bool on);
    void showNextUpdate();

    PlanePanel* panel_;
    PlanePlot* plot_;
    EstimateTableModel* rows_;
    QTableView* table_;
    QAction *drawAgain_, *animate_, *toOptimum_, *reset_;
    std::uint64_t seed_ = PlaneRequest{}.seed;
    int updates_ = 0;       ///< of the paths that the animation has shown
    bool diverged_ = false; ///< a path of the result shown
    QElapsedTimer asked_;   ///< since the first request that nothing came for
    QTimer frames_;
    bool shown_ = false; ///< ever: until then there is nothing to compute
    PlaneWorker worker_;
};

} // namespace zipml::ui
