#pragma once
/// What a plot shows, as plain data: curves with their looks, and the axes.

#include "ui/theme/palette.h"

#include <QPointF>
#include <QString>
#include <QVector>

#include <limits>
#include <optional>
#include <vector>

namespace zipml::ui {

enum class CurveRole {
    Main,      ///< solid with points: training loss, measured bias
    Secondary, ///< dashed: test loss, predicted bias
    Reference, ///< thin and dotted: the exact optimum, the noise level
    Points,    ///< markers that no line joins, each with its label: a device's kernels
    Roof,      ///< a line without points: a device's memory roof
    Bars,      ///< filled steps around equally spaced x: a histogram
    Cloud,     ///< in a plane: faint markers, and arrows to them from `origin` if there is one
    Arrow,     ///< in a plane: from the first point to the second
    Path,      ///< in a plane: points in the order in which they were passed
    Outline,   ///< in a plane: a closed line
    Contour,   ///< in a plane: a thin closed line of equal height behind the others; not in the CSV
    Front,     ///< a broad staircase behind the others that holds until the next x: a Pareto front
    Ring,      ///< a ring around each point: what is selected
    Impulses,  ///< vertical lines from the axis to y with a marker on top: levels; `predicted`: no marker
    Faint,     ///< thin and pale: what a smoothed curve stands for
    Notes,     ///< hollow markers with labels beside: what happened, what a person wrote
    Diverged,  ///< a cross with its label beside: where a run left what numbers can hold
};

constexpr int kNoRun = -1;

/// How a curve is told apart where it is not by its run.
struct CurveLook {
    std::optional<RunLook> run = {}; ///< colour and marker
    std::optional<double> ramp = {}; ///< 0 to 1, a place on the colours from least to greatest
    std::optional<int> dash = {};    ///< index of a pattern of dashes, 0: solid
};

struct Curve {
    int run = 0;      ///< of the run or device; without a look of its own it decides it; kNoRun: the text's
    QString name;     ///< of the run or device, for legend and read-out
    QString quantity; ///< "training loss", for the read-out and the CSV header
    CurveRole role = CurveRole::Main;
    QVector<double> x, y;                ///< equal lengths; y may hold NaN where there is no value
    QVector<QString> labels = {};        ///< of the points, or none
    bool labelsBeside = true;            ///< labels stand at the points; else the read-out alone has them
    bool predicted = false;              ///< by formula: hollow markers, dashed lines
    QVector<double> low = {}, high = {}; ///< of a shaded band around y; none, or as long as x
    bool fits = true;                    ///< the axes make room for it
    std::optional<QPointF> origin = {};  ///< Cloud only
    bool legend = true;                  ///< if its role stands in the legend
    bool highlighted = false;            ///< drawn broader: its run is selected
    bool baseline = false;               ///< drawn heavier: others are held against its run
    CurveLook look = {};
    double fitsUpTo = std::numeric_limits<double>::infinity(); ///< the axes make no room for what is above
    QString endLabel = {};                                     ///< beside its last point

    /// Colour and marker.
    [[nodiscard]] RunLook runLook() const { return look.run.value_or(lookOfIndex(run)); }
    /// Lines that go with another curve of the same name are not.
    [[nodiscard]] bool inLegend() const {
        return legend && (role == CurveRole::Main || role == CurveRole::Arrow || role == CurveRole::Points ||
                          role == CurveRole::Bars || (role == CurveRole::Impulses && !predicted));
    }
};

/// What a look stands for, in a legend.
struct LegendEntry {
    QString text;
    CurveLook look;
    bool heavy = false; ///< as the baseline's lines
};

struct Axes {
    QString title;           ///< of the plot
    QString caption;         ///< one line under it that says how to read the lines
    QString xLabel, yLabel;  ///< with units
    bool logarithmic = true; ///< the y axis
    bool legend = true;
    bool logarithmicX = false;
    double baseX = 2; ///< of a logarithmic x axis's ticks
    bool legendLeft = false;
    bool bothSigns = false;                ///< of y: never logarithmic
    bool equalScale = false;               ///< a unit is as long on both axes; both linear
    std::vector<LegendEntry> entries = {}; ///< of the legend; none: one a curve
};

/// Whether a curve's zeros are shown on a logarithmic axis, in a place of their own.
bool showsZeros(CurveRole role);

/// The curves as a table: one column of x and one of y a curve.
QString curvesToCsv(const std::vector<Curve>& curves, const Axes& axes);

} // namespace zipml::ui
