#include "ui/networks/network_inspector.h"

#include "ui/networks/confusion_view.h"
#include "ui/networks/filters_view.h"
#include "ui/networks/own_image_view.h"
#include "ui/networks/predictions_view.h"
#include "ui/networks/weights_view.h"

namespace zipml::ui {

NetworkInspector::NetworkInspector(QWidget* parent)
    : QTabWidget(parent), weights_(new WeightsView(this)), filters_(new FiltersView(this)),
      confusion_(new ConfusionView(this)), predictions_(new PredictionsView(this)),
      ownImage_(new OwnImageView(this)) {
    setObjectName("networkInspector");
    setDocumentMode(true);
    setAccessibleName(tr("The network of the selected run"));
    addTab(weights_, tr("Weights"));
    addTab(filters_, tr("Filters"));
    addTab(confusion_, tr("Confusion"));
    addTab(predictions_, tr("Test images"));
    addTab(ownImage_, tr("Your picture"));
    setTabToolTip(0, tr("Histogram of a layer's weights, with the levels that they are rounded to"));
    setTabToolTip(1, tr("The first layer's filters, at full and at low precision"));
    setTabToolTip(2, tr("Which class was taken for which"));
    setTabToolTip(3, tr("What the network makes of each test image"));
    setTabToolTip(4, tr("What the network makes of a picture of yours"));
    connect(weights_, &WeightsView::message, this, &NetworkInspector::message);
    connect(filters_, &FiltersView::message, this, &NetworkInspector::message);
    connect(confusion_, &ConfusionView::message, this, &NetworkInspector::message);
    connect(ownImage_, &OwnImageView::message, this, &NetworkInspector::message);
    connect(this, &QTabWidget::currentChanged, this, &NetworkInspector::wanted);
}

void NetworkInspector::show(const NetworkRun* run) {
    static_cast<NetworkView*>(currentWidget())->show(run);
}

} // namespace zipml::ui
