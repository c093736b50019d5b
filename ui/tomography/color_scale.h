#pragma once
/// The legend of the images' colours: a bar between two values, with their unit.

#include <QWidget>

namespace zipml::ui {

class ColorScale : public QWidget {
    Q_OBJECT
  public:
    explicit ColorScale(QWidget* parent);

    /// Black at `low` to white at `high`.
    void showGrey(double low, double high);
    /// Blue at -limit to orange at +limit.
    void showDifference(double limit);
    [[nodiscard]] bool showsDifference() const { return difference_; }
    [[nodiscard]] QSize sizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    void set(bool difference, double low, double high, const QString& unit);

    bool difference_ = false;
    double low_ = 0, high_ = 1;
    QString unit_;
};

} // namespace zipml::ui
