#pragma once
/// A slider for whole numbers that can be typed too.

#include <QWidget>

class QSlider;
class QSpinBox;

namespace zipml::ui {

/// A slider with a spin box that shows and takes the same number.
class NumberSlider : public QWidget {
    Q_OBJECT
  public:
    NumberSlider(int low, int high, QWidget* parent);
    [[nodiscard]] int value() const;
    void setValue(int value);
    [[nodiscard]] QSlider* slider() const { return slider_; }
    [[nodiscard]] QSpinBox* box() const { return box_; }

  signals:
    void changed();

  private:
    QSlider* slider_;
    QSpinBox* box_;
};

} // namespace zipml::ui
