#pragma once
/// A panel section is a part of a panel of settings: a heading over a form, whose controls stand for keys of
/// a spec.

#include "core/lab/run_spec.h"
#include "ui/widgets/choices.h"

#include <QFormLayout>
#include <QLabel>
#include <QWidget>

namespace zipml::ui {

/// The help text of a key of the spec.
inline QString helpOf(std::string_view key) {
    return toQt(specKey(key).help);
}

/// "10" of "halve-every:10".
inline QString behindColon(const std::string& text) {
    return QString::fromStdString(text).section(':', 1);
}

class PanelSection : public QWidget {
  public:
    /// @param help the help text of a key; those of a RunSpec where it is not given
    PanelSection(const QString& title, QWidget* parent, QString (*help)(std::string_view key) = helpOf);

  protected:
    /// A row whose widget stands for `key`: named after it, with its help as the tool tip.
    template <class Widget>
    Widget* add(const QString& label, Widget* widget, const char* key) {
        addLabelled(label, widget, widget);
        widget->setObjectName(key);
        widget->setAccessibleName(QString(label).remove('&'));
        widget->setToolTip(help_(key));
        form_->labelForField(widget)->setToolTip(widget->toolTip());
        return widget;
    }
    /// A row of another shape: `field` with the keyboard going to `buddy`.
    QLabel* addLabelled(const QString& label, QWidget* field, QWidget* buddy);
    /// Of the rows that follow, inside of a section.
    QLabel* addHeading(const QString& title);
    /// A quiet line under a control.
    QLabel* addNote(const char* name);
    /// Enables a control with its key's help, or disables it with the reason as its tool tip.
    void setAvailable(QWidget* control, bool available, const char* key, const QString& why);

    QFormLayout* form_;

  private:
    QString (*help_)(std::string_view key);
};

} // namespace zipml::ui
