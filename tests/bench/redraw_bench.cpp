// What the GUI thread spends on a redraw: ten runs of 10,000 epochs on one plot, as the training page draws
// them, onto a window of 1280 x 800 in memory.

#include "ui/plot/live_plot.h"

#include <QApplication>
#include <benchmark/benchmark.h>
#include <qcustomplot.h>

#include <cmath>

using namespace zipml::ui;

namespace {

void makeApplication() {
    static int count = 1;
    static char name[] = "zipml_bench";
    static char* arguments[] = {name, nullptr};
    qputenv("QT_QPA_PLATFORM", "offscreen");
    static const QApplication application(count, arguments);
}

std::vector<Curve> curves(int runs, int points) {
    std::vector<Curve> made(static_cast<std::size_t>(runs));
    for (int run = 0; run < runs; ++run) {
        Curve& curve = made[static_cast<std::size_t>(run)];
        curve.run = run;
        curve.name = QString("run %1").arg(run);
        for (int epoch = 0; epoch < points; ++epoch) {
            curve.x << epoch;
            curve.y << (1 + run) * (1.0 / (1 + epoch) + 0.01 * (2 + std::sin(epoch * (1 + run))));
        }
    }
    return made;
}

void redraw(benchmark::State& state) {
    makeApplication();
    LivePlot plot("bench");
    plot.resize(1280, 800);
    plot.show();
    const auto shown = curves(10, static_cast<int>(state.range(0)));
    for (auto _ : state) {
        plot.setCurves(shown, {"Loss", "", "Epoch", "Loss"});
        plot.plot()->replot(QCustomPlot::rpImmediateRefresh);
    }
    state.counters["frames_per_s"] = benchmark::Counter(1, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(redraw)->Name("redraw/10_runs")->Arg(1000)->Arg(10'000)->Unit(benchmark::kMillisecond);

} // namespace
