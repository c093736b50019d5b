#pragma once
/// How the data file is read: the options that are no column's own.

#include "core/data/report.h"
#include "ui/widgets/panel_section.h"

class QCheckBox;
class QLineEdit;
class QSpinBox;

namespace zipml::ui {

class ReadingSection : public PanelSection {
    Q_OBJECT
  public:
    explicit ReadingSection(QWidget* parent);

    /// Shows what is chosen, what was found where it is detected, and only what matters to the file.
    /// @param report null: not known
    void show(const DataSpec& data, const DataReport* report);

  signals:
    /// A person chose something.
    void chosen(const zipml::DataSpec& data);

  private:
    using Names = QList<std::pair<QString, const char*>>;
    QComboBox* addChoice(const QString& label, const char* key, const Names& names);
    QLineEdit* addText(const QString& label, const char* key, const QString& hint);
    QSpinBox* addNumber(const QString& label, const char* key, int least, int most);
    void buildTable();
    void buildMissing();
    void buildOthers();
    void showLabelChoices(const DataReport* report);
    void showFound(const DataReport* report);
    void showRows(const DataReport* report);
    void tell();

    DataSpec data_;
    bool showing_ = false;
    QComboBox *format_, *delimiter_, *decimal_, *header_, *encoding_, *label_, *task_, *missing_, *times_,
        *indexBase_;
    QLineEdit *constant_, *marks_, *labels_, *matrix_;
    QSpinBox *skipLines_, *categories_, *width_;
    QCheckBox* upright_;
    QLabel* others_;
};

} // namespace zipml::ui
