#pragma once
/// Shows findings as framed lines with the buttons that mend them.

#include "ui/data/data_findings.h"

#include <QWidget>

class QVBoxLayout;

namespace zipml::ui {

class FindingsView : public QWidget {
    Q_OBJECT
  public:
    explicit FindingsView(QWidget* parent);

    void show(const std::vector<Finding>& findings);

  signals:
    void chosen(const zipml::ui::Remedy& remedy);

  private:
    void add(const Finding& finding);
    QVBoxLayout* column_;
    std::vector<Finding> shown_;
};

} // namespace zipml::ui
