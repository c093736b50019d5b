#pragma once
/// A group of settings that folds: its head says how many of them are not as usual, also while it is closed.

#include <QStringList>
#include <QWidget>

class QFormLayout;
class QToolButton;

namespace zipml::ui {

class FoldingGroup : public QWidget {
    Q_OBJECT
  public:
    /// @param name of the object, and where its state is kept
    FoldingGroup(const QString& title, const QString& name, QWidget* parent);

    /// Of its rows.
    [[nodiscard]] QFormLayout* form() const { return form_; }
    [[nodiscard]] const QString& title() const { return title_; }
    [[nodiscard]] bool isOpen() const;
    void setOpen(bool open);
    /// The settings that are not as usual, a line each.
    void setChanged(const QStringList& lines);
    [[nodiscard]] QToolButton* head() const { return head_; }
    /// Hides the group where none of its rows shows.
    void followRows();

  signals:
    /// The person opened or closed it.
    void toggled(bool open);

  private:
    QString title_;
    QToolButton* head_;
    QWidget* body_;
    QFormLayout* form_;
};

} // namespace zipml::ui
