#include "app/cli/command.h"
#include "core/base/outputs.h"
#include "core/model/export/format.h"

#include <cstdio>

namespace zipml::cli {
namespace {

struct ExportFlags {
    std::string model, to, file, grid = "uniform";
    int bits = ExportOptions::kFloat;
    bool packed = false, asJson = false;
};

int run(const ExportFlags& options) {
    Outputs outputs;
    outputs.reads(options.model);
    outputs.add("--out", options.file);
    outputs.check();
    const LinearModel model = readModel(options.model);
    const ModelFormat& format = options.to.empty() ? modelFormatOf(options.file) : modelFormat(options.to);
    const auto bytes =
        exportModel(model, format, {options.bits, parseGrid(options.grid), options.packed}, options.file);
    if (options.asJson)
        printJson({{"file", options.file}, {"bytes", bytes}, {"format", format.name}});
    else
        std::printf("%s: %llu bytes, %s\n", options.file.c_str(), static_cast<unsigned long long>(bytes),
                    std::string(format.title).c_str());
    return 0;
}

} // namespace

void addExport(Command& app, Action& chosen) {
    auto* command = app.addSubcommand("export", "Write a model in another program's format");
    auto options = std::make_shared<ExportFlags>();
    std::string names, help = "Format [by FILE's ending]";
    for (const auto& format : modelFormats()) {
        names += (names.empty() ? "" : "|") + std::string(format.name);
        help += "\n" + std::string(format.name) + ": " + std::string(format.summary);
        if (!format.runsIn.empty())
            help += " " + std::string(format.runsIn);
    }
    command->addOption("MODEL", options->model, "Model file that zipml train --model wrote")->required();
    command->addOption("--to", options->to, help)->typeName(names);
    command->addOption("-o,--out", options->file, "Write to this file")->typeName("FILE")->required();
    command
        ->addOption("--bits", options->bits,
                    "Bits of a weight; onnx: 1 to 8, or 32 for floats; qonnx: 1 to 8; c: 2 to 8, of the "
                    "integer weights [32; qonnx, c: 8]")
        ->typeName("B");
    command
        ->addOption("--grid", options->grid, "onnx with --bits: how the weights' levels are placed [uniform]")
        ->typeName(gridForms());
    command->addFlag(
        "--packed", options->packed,
        "onnx with --bits 1 to 4: two weights in a byte, which halves the file; runtimes have no "
        "integers of fewer bits than 4");
    command->addFlag("--json", options->asJson, "Print JSON and nothing else");
    command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

} // namespace zipml::cli
