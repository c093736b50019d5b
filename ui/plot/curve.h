#pragma once
/// What a plot shows, as plain data: curves with their looks, and the axes.

#include <QString>
#include <QVector>

#include <vector>

namespace zipml::ui {

enum class CurveRole {
    Main,      ///< solid with points: training loss, measured bias
    Secondary, ///< dashed: test loss, predicted bias
    Reference, ///< thin and dotted: the exact optimum, the noise level
};

struct Curve {
    int run = 0;      ///< index of the run: decides colour and marker
    QString name;     ///< of the run, for legend and read-out
    QString quantity; ///< "training loss", for the read-out and the CSV header
    CurveRole role = CurveRole::Main;
    QVector<double> x, y; ///< equal lengths; y may hold NaN where there is no value
};

struct Axes {
    QString title;           ///< of the plot
    QString caption;         ///< one line under it that says how to read the lines
    QString xLabel, yLabel;  ///< with units
    bool logarithmic = true; ///< the y axis
    bool legend = true;
};

/// The curves as a table: one column of x and one of y a curve.
QString curvesToCsv(const std::vector<Curve>& curves, const Axes& axes);

} // namespace zipml::ui
