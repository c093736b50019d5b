#include "ui/plot/log_ticker.h"

#include <cmath>

namespace zipml::ui {
namespace {

constexpr double kEven = 3;     ///< up to such a ratio of the ends numbers are evenly spaced
constexpr double kParted = 100; ///< and up to this one powers alone are too few

QVector<double> partedDecades(const QCPRange& range) {
    const QVector<double> parts =
        range.upper < 10 * range.lower ? QVector<double>{1, 2, 3, 5, 7} : QVector<double>{1, 2, 5};
    QVector<double> ticks;
    for (double decade = std::pow(10, std::floor(std::log10(range.lower))); decade <= range.upper;
         decade *= 10)
        for (const double part : parts)
            ticks << part * decade;
    return ticks;
}

} // namespace

QVector<double> LogTicker::createTickVector(double tickStep, const QCPRange& range) {
    const double ratio = range.lower > 0 ? range.upper / range.lower : 0;
    powers_ = !(ratio > 1 && ratio < kParted);
    if (powers_)
        return QCPAxisTickerLog::createTickVector(tickStep, range);
    return ratio < kEven ? QCPAxisTicker::createTickVector(QCPAxisTicker::getTickStep(range), range)
                         : partedDecades(range);
}

int LogTicker::getSubTickCount(double tickStep) {
    return powers_ ? QCPAxisTickerLog::getSubTickCount(tickStep) : 0;
}

} // namespace zipml::ui
