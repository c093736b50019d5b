#pragma once
/// The section says where the rows come from, how files are read, and how they are scaled.

#include "ui/widgets/panel_section.h"

#include <map>

class QDoubleSpinBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace zipml::ui {

class DataSection : public PanelSection {
    Q_OBJECT
  public:
    explicit DataSection(QWidget* parent);

    void setData(const DataSpec& data);
    void read(RunSpec& spec) const;
    /// What is shown under a source.
    void setCard(const QString& source, const QString& card);

  signals:
    /// The person asks for a file.
    void openRequested();
    /// The person wants to see more of it.
    void dataPageRequested();

  private:
    QWidget* sideBySide(QWidget* wide, QWidget* button);
    void buildFileOptions();
    void updateAvailability();
    void selectSource(const QString& source);
    [[nodiscard]] LoadOptions loadOptions() const;
    void showOptions(const LoadOptions& options);
    void showCard();

    LoadOptions base_;                      ///< options that have no control here
    std::map<QString, LoadOptions> chosen_; ///< by source, of those shown before
    QString shown_;                         ///< source
    QComboBox *source_, *scaling_, *labelScaling_, *task_, *delimiter_, *header_;
    QLineEdit *test_, *labelColumn_;
    QLabel* card_;
    QWidget* testRow_;
    QPushButton* look_;
    QDoubleSpinBox* split_;
    QSpinBox* skipLines_;
};

} // namespace zipml::ui
