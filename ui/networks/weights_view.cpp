#include "ui/networks/weights_view.h"

#include "ui/networks/network_curves.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

namespace zipml::ui {

WeightsView::WeightsView(QWidget* parent)
    : NetworkView(parent), plot_(new LivePlot("weights", this)), layer_(new QComboBox(this)),
      channelLabel_(new QLabel(tr("Output &channel"), this)), channel_(new QSpinBox(this)) {
    plot_->setEmptyText(tr("Weights appear with the next evaluation of a run."));
    plot_->setLogarithmic(false, true);
    layer_->setObjectName("networkLayer");
    layer_->setAccessibleName(tr("Layer whose weights are shown"));
    layer_->setToolTip(layer_->accessibleName());
    layer_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    layer_->setMinimumContentsLength(16);
    channelLabel_->setBuddy(channel_);
    channel_->setObjectName("networkChannel");
    channel_->setAccessibleName(tr("Output channel whose levels are drawn"));
    channel_->setToolTip(tr("Each output channel has levels of its own; whose are drawn"));
    auto* label = new QLabel(tr("La&yer"), this);
    label->setBuddy(layer_);
    plot_->controls()->setSpacing(6);
    plot_->controls()->addWidget(channelLabel_);
    plot_->controls()->addWidget(channel_);
    plot_->controls()->addWidget(label);
    plot_->controls()->addWidget(layer_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(plot_);
    connect(plot_, &LivePlot::message, this, &WeightsView::message);
    connect(layer_, &QComboBox::currentIndexChanged, this, [this] {
        plot_->fit();
        update();
    });
    connect(channel_, &QSpinBox::valueChanged, this, &WeightsView::update);
    update();
}

void WeightsView::show(const NetworkRun* run) {
    snapshot_ = run != nullptr ? run->snapshot : nullptr;
    color_ = run != nullptr ? run->id : 0;
    if (snapshot_) {
        QStringList names;
        for (const auto& layer : snapshot_->layers)
            names << QString::fromStdString(layer.name);
        QStringList before;
        for (int i = 0; i < layer_->count(); ++i)
            before << layer_->itemText(i);
        if (names != before) { // another network
            const QSignalBlocker quiet(layer_);
            const QString chosen = layer_->currentText();
            layer_->clear();
            layer_->addItems(names);
            layer_->setCurrentIndex(std::max(0, layer_->findText(chosen)));
        }
    }
    update();
}

void WeightsView::update() {
    const bool any = snapshot_ && layer_->currentIndex() >= 0;
    const deep::LayerView* layer =
        any ? &snapshot_->layers[static_cast<std::size_t>(layer_->currentIndex())] : nullptr;
    const bool channels = layer != nullptr && layer->levels.size() > 1;
    channelLabel_->setVisible(channels);
    channel_->setVisible(channels);
    layer_->setEnabled(any);
    if (layer == nullptr)
        return plot_->setCurves({}, {});
    if (channels) {
        const QSignalBlocker quiet(channel_);
        channel_->setRange(1, static_cast<int>(layer->levels.size()));
    }
    const auto set = channels ? static_cast<std::size_t>(channel_->value() - 1) : 0;
    plot_->setCurves(layerCurves(*layer, set, color_), layerAxes(*layer));
}

} // namespace zipml::ui
