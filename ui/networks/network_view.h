#pragma once
/// A way to look at one network: the inspector has one a tab.

#include "ui/networks/network_runs.h"

#include <QWidget>

namespace zipml::ui {

class NetworkView : public QWidget {
    Q_OBJECT
  public:
    using QWidget::QWidget;
    /// What is shown from now on. @param run null: there is none; valid during the call
    virtual void show(const NetworkRun* run) = 0;
};

} // namespace zipml::ui
