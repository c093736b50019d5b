#pragma once
/// The first layer's filters as pictures: as trained, and as the network computes with them.

#include "ui/networks/network_view.h"

#include <QImage>

namespace zipml::ui {

class FiltersView : public NetworkView {
    Q_OBJECT
  public:
    explicit FiltersView(QWidget* parent);
    void show(const NetworkRun* run) override;
    [[nodiscard]] const QImage& fullPicture() const { return full_; }
    [[nodiscard]] const QImage& roundedPicture() const { return rounded_; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 120}; }

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

  signals:
    void message(const QString& text, bool bad);

  private:
    void draw();
    void paintBank(QPainter& painter, const QImage& picture, QPoint place) const;
    void savePicture();

    std::shared_ptr<const NetworkSnapshot> snapshot_;
    QImage full_, rounded_;
    int columns_ = 1, scale_ = 1; ///< pixels a weight
    QString title_, roundedTitle_;
};

} // namespace zipml::ui
