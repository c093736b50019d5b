#pragma once
/// A bar a class: what a network makes of one image.

#include <QWidget>

#include <string>
#include <vector>

namespace zipml::ui {

class ProbabilityBars : public QWidget {
    Q_OBJECT
  public:
    ProbabilityBars(const QString& name, QWidget* parent);

    /// @param truth the right class; -1: nobody knows
    void show(const std::vector<std::string>& classes, const std::vector<double>& probabilities, int truth);
    void clear();
    [[nodiscard]] const std::vector<double>& probabilities() const { return probabilities_; }
    /// The most probable class; -1: there is none.
    [[nodiscard]] int best() const;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] QSize sizeHint() const override { return minimumSizeHint(); }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    std::vector<std::string> classes_;
    std::vector<double> probabilities_;
    int truth_ = -1;
};

} // namespace zipml::ui
