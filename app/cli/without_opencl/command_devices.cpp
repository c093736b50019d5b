// Takes the place of app/cli/command_devices.cpp in a build without OpenCL (the CMake option ZIPML_OPENCL).

#include "app/cli/command.h"
#include "core/lab/compute_device.h"

#include <cstdio>
#include <memory>

namespace zipml::cli {
namespace {

struct Options {
    std::string device;
    bool boards = false, asJson = false;
    std::size_t rows = 463'715, features = 90;
};

int run(const Options& options) {
    if (options.boards)
        return printBoards(options.rows, options.features, options.asJson);
    if (!options.device.empty())
        fullDeviceName(options.device); // says what there is
    if (options.asJson)
        printJson({{"devices", nlohmann::json::array()}});
    else
        std::printf(
            "no OpenCL device: this build is without OpenCL (build again with ZIPML_OPENCL on); runs train "
            "on the cpu\n");
    return 0;
}

} // namespace

void addDevices(Command& app, Action& chosen) {
    auto* command =
        app.addSubcommand("devices", "FPGA boards, predicted; this build is without OpenCL devices");
    auto options = std::make_shared<Options>();
    command->addOption("--device", options->device, "This one only [all]")->typeName("opencl:I|fpga:I");
    command->addFlag("--boards", options->boards, "Predict the FPGA pipeline on named boards");
    command->addOption("--rows", options->rows, "With --boards: rows of an epoch")->showDefault()->positive();
    command->addOption("--features", options->features, "With --boards: features of a row [90]")
        ->range(1, 65'536);
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
