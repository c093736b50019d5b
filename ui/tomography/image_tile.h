#pragma once
/// A picture with its name above and figures beside it; the mouse reads out a pixel.

#include <QImage>
#include <QWidget>

#include <functional>

namespace zipml::ui {

class ImageTile : public QWidget {
    Q_OBJECT
  public:
    /// @param name for tests: "truth" @param readOut the text for a pixel (column, row); empty: none
    ImageTile(const QString& name, const QString& title, QWidget* parent);

    void setPicture(const QImage& picture, std::function<QString(int column, int row)> readOut = {});
    void setTitle(const QString& title);
    /// Lines beside the picture.
    void setFigures(const QStringList& figures);
    /// In the colour of the run with this index in the plot; -1: none.
    void setRun(int run);
    /// Stands in the picture's place while there is none.
    void setEmptyText(const QString& text);
    [[nodiscard]] const QImage& picture() const { return picture_; }
    [[nodiscard]] QStringList figures() const { return figures_; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {150, 110}; }

  protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

  private:
    [[nodiscard]] QRect pictureRect() const;
    void describe();

    QString title_, emptyText_;
    QStringList figures_;
    QImage picture_;
    std::function<QString(int, int)> readOut_;
    int run_ = -1;
};

} // namespace zipml::ui
