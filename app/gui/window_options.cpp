#include "app/gui/window_options.h"

namespace zipml::cli {

WindowProgram::WindowProgram(WindowOptions& options)
    : Program("ZipML Lab: see what low precision does to training.", "zipml-lab") {
    addOption("FILE", options.file,
              "Data file, experiment or runs (*.json, *.jsonl), session (*.zipml) or figure to open");
    addFlag("--no-welcome", options.noWelcome, "Start without the welcome comparison");
    addFlag("--no-history", options.noHistory, "Keep no history of runs, and show none");
    addOption("--page", options.page, "To begin with [training]");
    addFlag("--measure", options.measure, "Measure every device");
    addFlag("--start", options.start, "Start what the page starts, with FILE once it is read");
    addOption("--theme", options.theme, "This time only [as chosen in the View menu]")
        ->oneOf({"system", "light", "dark", "high-contrast"});
    addOption("--size", options.size, "Window size, this time only")->typeName("WxH");
    addOption("--screenshot", options.screenshot, "Save a picture of the window (PNG) and quit")
        ->typeName("FILE");
    addOption("--thumbnails", options.thumbnails, "Run every preset, save its picture there, and quit")
        ->typeName("FOLDER");
    addOption("--after", options.after, "Seconds before the picture is taken [5]")->typeName("SECONDS");
    versionFlag("zipml-lab " ZIPML_VERSION);
}

} // namespace zipml::cli
