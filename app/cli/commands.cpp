#include "app/cli/commands.h"

namespace zipml::cli {

Commands::Commands(Action& chosen)
    : Program("ZipML Lab on the command line: train at low precision and see what it does to the loss.",
              "zipml") {
    versionFlag("zipml " ZIPML_VERSION);
    footer("Exit codes: 0 success, 1 a failed run, 2 bad usage or bad input, 130 and 143 ended by "
           "Ctrl-C and SIGTERM. 'zipml COMMAND --help' "
           "tells more.");
    requireSubcommand(0, 1); // behind one, a word that is another's name is an argument
    addInfo(*this, chosen);
    addFetch(*this, chosen);
    addData(*this, chosen);
    addLevels(*this, chosen);
    addQuantize(*this, chosen);
    addTrain(*this, chosen);
    addSweep(*this, chosen);
    addCompare(*this, chosen);
    addAdvise(*this, chosen);
    addBias(*this, chosen);
    addPredict(*this, chosen);
    addExport(*this, chosen);
    addBench(*this, chosen);
    addDevices(*this, chosen);
    addTomography(*this, chosen);
    addDeep(*this, chosen);
    addReproduce(*this, chosen);
    addWelcome(*this, chosen);
}

} // namespace zipml::cli
