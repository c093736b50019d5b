#pragma once
/// The search of the panel's settings: words open the groups that have them, and one switch opens all. Which
/// groups are open is remembered.

#include "ui/widgets/panel_section.h"

class QCheckBox;
class QLineEdit;

namespace zipml::ui {

class SettingsSearch : public QWidget {
    Q_OBJECT
  public:
    /// @param sections whose settings are searched; they outlive this
    SettingsSearch(std::vector<PanelSection*> sections, QWidget* parent);

    /// How many settings of each group are not as usual.
    void countChanges(const RunSpec& spec);
    /// Opens the setting's group and gives it the keyboard.
    void reveal(const SettingRow& row);
    /// Whether the setting applies, so that its row is shown or in a group that is closed.
    [[nodiscard]] bool isThere(const SettingRow& row) const;
    /// Every setting, in the order of the screen.
    [[nodiscard]] std::vector<SettingRow> settings() const;

  private:
    [[nodiscard]] std::vector<FoldingGroup*> groups() const;
    void find(const QString& text);
    void openAll(bool open);
    /// Opens those that are to be open where nothing is searched for.
    void showRemembered();
    void remember();
    void mark(const SettingRow& row, bool found);

    std::vector<PanelSection*> sections_;
    QLineEdit* words_;
    QCheckBox* all_;
};

} // namespace zipml::ui
