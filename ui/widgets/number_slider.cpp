#include "ui/widgets/number_slider.h"

#include <QHBoxLayout>
#include <QSlider>
#include <QSpinBox>

namespace zipml::ui {

NumberSlider::NumberSlider(int low, int high, QWidget* parent)
    : QWidget(parent), slider_(new QSlider(Qt::Horizontal, this)), box_(new QSpinBox(this)) {
    slider_->setRange(low, high);
    box_->setRange(low, high);
    box_->setFixedWidth(64);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(slider_, 1);
    row->addWidget(box_);
    connect(slider_, &QSlider::valueChanged, box_, &QSpinBox::setValue);
    connect(box_, &QSpinBox::valueChanged, this, [this](int value) {
        slider_->setValue(value);
        emit changed();
    });
    setFocusProxy(slider_);
}

int NumberSlider::value() const {
    return box_->value();
}

void NumberSlider::setValue(int value) {
    box_->setValue(value);
}

} // namespace zipml::ui
