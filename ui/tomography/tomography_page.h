#pragma once
/// The tomography page shows images that form before your eyes: the truth, the measured ray sums, and
/// reconstructions from rays at full and at low precision, side by side; error against bytes moved below
/// them.

#include "ui/plot/live_plot.h"
#include "ui/tomography/side_by_side.h"
#include "ui/widgets/page.h"

#include <QTimer>

class QCheckBox;
class QGridLayout;
class QLabel;
class QProgressBar;

namespace zipml::ui {

class ColorScale;
class ImageTile;
class TomographyPanel;

class TomographyPage : public Page {
    Q_OBJECT
  public:
    explicit TomographyPage(QWidget* parent = nullptr);

    /// Start, Pause, Stop, Differences.
    [[nodiscard]] QList<QAction*> barActions() const override { return {start_, pause_, stop_, difference_}; }
    [[nodiscard]] TomographyPanel& panel() const { return *panel_; }
    [[nodiscard]] LivePlot& errorPlot() const { return *plot_; }
    /// "truth", "sinogram", or an estimator's name; null: not shown.
    [[nodiscard]] ImageTile* tile(const QString& name) const;
    [[nodiscard]] bool active() const { return active_; }
    /// Images shown since the page exists, of all estimators together.
    [[nodiscard]] int imagesShown() const { return imagesShown_; }

  protected:
    void changeEvent(QEvent* event) override;

  private:
    /// One reconstruction on the screen.
    struct Run {
        EstimatorKind estimator;
        ImageTile* tile;
        Image image;
        std::vector<TomographyEpoch> points;
    };
    void build();
    void buildActions();
    void start();
    void settingsChanged();
    void layOutTiles();
    void receive(TomographyNews news);
    void finish(const TomographyNews& news);
    void showMeasured(TomographyView measured);
    void showImage(Run& run);
    void showAllImages();
    void updateFigures(Run& run);
    void updatePlot();
    void updateActions();

    TomographyPanel* panel_;
    QGridLayout* tiles_;
    ImageTile *truthTile_, *sinogramTile_;
    ColorScale* scale_;
    LivePlot* plot_;
    QLabel* phase_;
    QProgressBar* progress_;
    QAction *start_, *pause_, *stop_, *difference_;
    std::vector<Run> runs_;
    TomographySpec spec_; ///< of the runs
    std::optional<TomographyView> measured_;
    bool active_ = false;
    bool startAgain_ = false; ///< once what is active has ended
    bool follow_ = false;     ///< changes of settings start again: nobody stopped it
    int imagesShown_ = 0;
    QTimer settle_;
    TomographyJob job_;
};

} // namespace zipml::ui
