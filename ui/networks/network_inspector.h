#pragma once
/// One network looked at from all sides: weights, filters, confusion matrix, test images, one's own image.

#include "ui/networks/network_view.h"

#include <QTabWidget>

namespace zipml::ui {

class ConfusionView;
class FiltersView;
class OwnImageView;
class PredictionsView;
class WeightsView;

class NetworkInspector : public QTabWidget {
    Q_OBJECT
  public:
    explicit NetworkInspector(QWidget* parent);

    /// @param run null: there is none; valid during the call
    void show(const NetworkRun* run);
    [[nodiscard]] WeightsView& weights() const { return *weights_; }
    [[nodiscard]] FiltersView& filters() const { return *filters_; }
    [[nodiscard]] ConfusionView& confusion() const { return *confusion_; }
    [[nodiscard]] PredictionsView& predictions() const { return *predictions_; }
    [[nodiscard]] OwnImageView& ownImage() const { return *ownImage_; }

  signals:
    /// A tab came to the front that has to be shown.
    void wanted();
    void message(const QString& text, bool bad);

  private:
    WeightsView* weights_;
    FiltersView* filters_;
    ConfusionView* confusion_;
    PredictionsView* predictions_;
    OwnImageView* ownImage_;
};

} // namespace zipml::ui
