// zipml-lab: the lab's window. Wiring only.

#include "accel/accel.h"
#include "accel/register.h"
#include "app/gui/window_options.h"
#include "core/base/crash_report.h"
#include "core/deep/engine.h"
#include "core/document/history_file.h"
#include "ui/devices/devices_page.h"
#include "ui/gallery/gallery_dialog.h"
#include "ui/main_window.h"
#include "ui/session/session_controller.h"
#include "ui/training/training_page.h"
#include "ui/widgets/page.h"

#include <QAction>
#include <QApplication>
#include <QSettings>
#include <QTimer>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string_view>

namespace {

void resizeTo(zipml::ui::MainWindow& window, const std::string& size) {
    const auto parts = QString::fromStdString(size).split('x');
    if (parts.size() == 2 && parts[0].toInt() > 0 && parts[1].toInt() > 0)
        window.resize(parts[0].toInt(), parts[1].toInt());
}

std::string namesOf(const QList<zipml::ui::Page*>& pages) {
    QStringList names;
    for (const auto* page : pages)
        names << page->card().name;
    return names.join(", ").toStdString();
}

/// The environment's, or else the one that was chosen here before.
zipml::ui::ImageFolder imageFolder() {
    const QString key = "fpga/images";
    const bool fixed = !zipml::fpgaImageFolder().empty();
    if (!fixed)
        zipml::setFpgaImageFolder(QSettings().value(key).toString().toStdString());
    return {zipml::fpgaImageFolder(), fixed ? "ZIPML_FPGA_IMAGES" : "",
            [key](const std::filesystem::path& folder) {
                QSettings().setValue(key, QString::fromStdString(folder.string()));
                zipml::setFpgaImageFolder(folder);
            },
            zipml::describeFpgaImages};
}

/// The pictures of the gallery: what the loss plots show once all runs have ended.
void saveThumbnails(const zipml::ui::TrainingPage& page, const std::string& folder) {
    using zipml::ui::CurveRole;
    for (const auto& preset : zipml::ui::builtInPresets()) {
        page.experiment().show(preset.action, {"Gallery", preset.name.c_str()});
        page.plots().setSeedBands(preset.name.find("seeds") != std::string::npos);
        while (page.runs().anyActive())
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QApplication::processEvents();
        auto figure = page.lossPlot().figure();
        std::erase_if(figure.curves, [](const auto& curve) { return curve.role != CurveRole::Main; });
        for (auto& curve : figure.curves)
            curve.role = CurveRole::Roof; // too small for markers
        figure.axes.title = figure.axes.caption = figure.axes.xLabel = figure.axes.yLabel = {};
        figure.axes.legend = false;
        constexpr int kTitle = 24; // points that are empty above
        const QImage image = zipml::ui::plotImage({figure}, {{200, 120 + kTitle}, 2, 6});
        image.copy(0, 2 * kTitle, 400, 240).save(QString::fromStdString(folder + "/" + preset.name + ".png"));
    }
}

/// While the application is made: Qt ends the program where it finds no screen, which is no crash of ours.
void hearOfNoScreen(QtMsgType type, const QMessageLogContext& /*where*/, const QString& text) {
    if (type != QtFatalMsg)
        return; // what leads to it
    std::cerr << "zipml-lab: " << text.section('\n', 0, 0).toStdString()
              << "; is there a screen (DISPLAY, WAYLAND_DISPLAY)? Without one, zipml does the same on the "
                 "command line (zipml --help)\n";
    std::_Exit(1);
}

/// What needs no screen.
bool asksForText(std::span<char*> words) {
    return std::ranges::any_of(
        words, [](std::string_view word) { return word == "--help" || word == "-h" || word == "--version"; });
}

} // namespace

int main(int argc, char** argv) {
    zipml::reportCrashes(zipml::crashReportFolder(), "zipml-lab " ZIPML_VERSION);
    zipml::deep::shareProcessors();
    zipml::cli::WindowOptions options;
    zipml::cli::WindowProgram cli(options);
    if (asksForText({argv, static_cast<std::size_t>(argc)}) && cli.parse(argc, argv).done)
        return 0;

    qInstallMessageHandler(hearOfNoScreen);
    QApplication application(argc, argv); // takes Qt's own flags (-platform, -style) out of argv
    qInstallMessageHandler(nullptr);
    QApplication::setApplicationName("zipml-lab");
    QApplication::setOrganizationName("ZipML Lab");
    QApplication::setApplicationVersion(ZIPML_VERSION);
    const auto parsed = cli.parse(argc, argv);
    if (parsed.done)
        return 0;
    if (!parsed.problem.empty()) {
        std::cerr << "zipml-lab: " << parsed.problem << '\n';
        return 2;
    }

    zipml::registerAccel();
    const QString theme =
        options.theme.empty() ? QSettings().value("theme").toString() : QString::fromStdString(options.theme);
    zipml::ui::applyTheme(zipml::ui::themeFromName(theme));
    const zipml::ui::ImageFolder images = imageFolder();
    const QString history =
        options.noHistory ? QString() : QString::fromStdString(zipml::historyFolder().string());
    zipml::ui::MainWindow window(zipml::deviceSources(), history);
    window.page<zipml::ui::DevicesPage>().setImageFolder(images);
    if (!window.showPage(QString::fromStdString(options.page))) {
        std::cerr << "zipml-lab: --page: '" << options.page << "' is unknown; choose one of "
                  << namesOf(window.pages()) << '\n';
        return 2;
    }
    resizeTo(window, options.size);
    window.show();
    if (!options.thumbnails.empty()) {
        saveThumbnails(window.page<zipml::ui::TrainingPage>(), options.thumbnails);
        return 0;
    }
    if (options.measure)
        window.page<zipml::ui::DevicesPage>().measureAllOnceListed();
    const QString file = QString::fromStdString(options.file);
    if (!file.isEmpty())
        options.start ? window.openAndStart(file) : window.open(file);
    else if (!options.noWelcome)
        window.greet();
    if (options.start && file.isEmpty())
        window.currentPage().barActions().first()->trigger();
    if (options.screenshot.empty())
        window.session().offerRecovery();
    else
        QTimer::singleShot(static_cast<int>(options.after * 1000), &window, [&] {
            const bool saved = window.grab().save(QString::fromStdString(options.screenshot), "PNG");
            QApplication::exit(saved ? 0 : 1);
        });
    return QApplication::exec();
}
