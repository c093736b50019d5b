#include "app/cli/plot_file.h"

#include "ui/plot/record_plot.h"

#include <QApplication>

#include <cstdlib>

namespace zipml::cli {

void checkPlotFile(const std::filesystem::path& file) {
    const auto kind = file.extension();
    if (kind != ".svg" && kind != ".png" && kind != ".pdf")
        throw InputError("--plot: '" + file.string() + "': the name must end in .svg, .png or .pdf");
}

void withoutDisplay(const std::function<void()>& draw) {
    ::setenv("QT_QPA_PLATFORM", "offscreen", 1); // a plot file needs no display
    qInstallMessageHandler(
        [](QtMsgType, const QMessageLogContext&, const QString&) {}); // nor a desktop session
    int argc = 1;
    char name[] = "zipml";
    char* argv[] = {name, nullptr};
    const QApplication application(argc, argv);
    draw();
}

void plotToFile(const std::vector<RunRecord>& records, const std::filesystem::path& file) {
    withoutDisplay([&] { writeRecordPlot(records, file); });
}

} // namespace zipml::cli
