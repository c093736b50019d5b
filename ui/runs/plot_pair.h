#pragma once
/// Two plots side by side where there is room for both, else one above the other.

#include <QSplitter>

namespace zipml::ui {

class PlotPair : public QSplitter {
    Q_OBJECT
  public:
    /// One above the other until it has room, so that it asks for no more width than one plot.
    explicit PlotPair(QWidget* parent) : QSplitter(Qt::Vertical, parent) { setChildrenCollapsible(false); }

  protected:
    void resizeEvent(QResizeEvent* event) override {
        constexpr int kRoomForTwo = 760;
        setOrientation(width() < kRoomForTwo ? Qt::Vertical : Qt::Horizontal);
        QSplitter::resizeEvent(event);
    }
};

} // namespace zipml::ui
