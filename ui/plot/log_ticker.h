#pragma once
/// Ticks of a logarithmic axis: powers of its base, and where few of them are in view also 2 and 5 times them,
/// or evenly spaced numbers.

#include <qcustomplot.h>

namespace zipml::ui {

class LogTicker : public QCPAxisTickerLog {
  protected:
    QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
    int getSubTickCount(double tickStep) override;

  private:
    bool powers_ = true; ///< the ticks made last
};

} // namespace zipml::ui
