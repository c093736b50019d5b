#pragma once
/// A panel section is a part of a panel of settings: a heading over a form, whose controls stand for keys of
/// a spec.

#include "core/lab/run_spec.h"
#include "ui/widgets/choices.h"
#include "ui/widgets/setting_words.h"

#include <QFormLayout>
#include <QLabel>
#include <QWidget>

#include <vector>

namespace zipml::ui {

/// The help text of a key of the spec.
inline QString helpOf(std::string_view key) {
    return toQt(specKey(key).help);
}

/// "10" of "halve-every:10".
inline QString behindColon(const std::string& text) {
    return QString::fromStdString(text).section(':', 1);
}

class FoldingGroup;

/// A setting with the control that it is changed by.
struct SettingRow {
    const char* key;
    QWidget* control;
    FoldingGroup* group; ///< null: among the section's own rows
};

class PanelSection : public QWidget {
  public:
    /// @param help the help text of a key; those of a RunSpec where it is not given
    PanelSection(const QString& title, QWidget* parent, QString (*help)(std::string_view key) = helpOf);

    /// Those that beginGroup began; whoever arranges the sections places them.
    [[nodiscard]] const std::vector<FoldingGroup*>& groups() const { return groups_; }
    [[nodiscard]] QLabel* labelOfRow(QWidget* field) const;
    /// Whether the setting's row is of this section and applies.
    [[nodiscard]] bool offers(const SettingRow& row) const;
    /// Every setting that has a control here.
    [[nodiscard]] const std::vector<SettingRow>& settings() const { return settings_; }

  protected:
    /// A row whose widget stands for `key`: named after it, with its help as the tool tip.
    template <class Widget>
    Widget* add(const QString& label, Widget* widget, const char* key) {
        addLabelled(label, widget, widget);
        widget->setObjectName(key);
        widget->setAccessibleName(QString(label).remove('&'));
        widget->setToolTip(help_(key));
        form_->labelForField(widget)->setToolTip(widget->toolTip());
        addSetting(key, widget);
        return widget;
    }
    /// The same, labelled as setting_words.h says. @param indented it belongs to the row above
    template <class Widget>
    Widget* add(Widget* widget, const char* key, bool indented = false) {
        return add((indented ? "    " : "") + labelOf(key), widget, key);
    }
    /// A control that stands for a key in a row of another shape.
    void addSetting(const char* key, QWidget* control);
    /// The rows that follow go into a group that folds.
    void beginGroup(const QString& title, const char* name);
    void showRow(QWidget* field, bool visible);
    /// A row of another shape: `field` with the keyboard going to `buddy`.
    QLabel* addLabelled(const QString& label, QWidget* field, QWidget* buddy);
    /// Of the rows that follow, inside of a section.
    QLabel* addHeading(const QString& title);
    /// A quiet line under a control.
    QLabel* addNote(const char* name);
    /// Enables a control with its key's help, or disables it with the reason as its tool tip.
    void setAvailable(QWidget* control, bool available, const char* key, const QString& why);

    QFormLayout* form_; ///< of the rows that are added

  private:
    [[nodiscard]] QFormLayout* formOf(QWidget* field) const;

    std::vector<QFormLayout*> forms_;
    std::vector<FoldingGroup*> groups_;
    std::vector<SettingRow> settings_;
    QString (*help_)(std::string_view key);
};

} // namespace zipml::ui
