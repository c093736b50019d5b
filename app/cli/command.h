#pragma once
/// One sub-command of zipml is one file with one `add...` function; main.cpp lists them.

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <functional>

namespace zipml::cli {

/// What a sub-command does once its flags are parsed. @return the exit code
using Action = std::function<int()>;

/// Adds the sub-command to `app` and stores its action in `chosen` when the person picks it.
void addInfo(CLI::App& app, Action& chosen);
void addFetch(CLI::App& app, Action& chosen);
void addData(CLI::App& app, Action& chosen);
void addTrain(CLI::App& app, Action& chosen);
void addLevels(CLI::App& app, Action& chosen);
void addQuantize(CLI::App& app, Action& chosen);
void addBias(CLI::App& app, Action& chosen);
void addSweep(CLI::App& app, Action& chosen);
void addPredict(CLI::App& app, Action& chosen);
void addExport(CLI::App& app, Action& chosen);
void addBench(CLI::App& app, Action& chosen);
void addDevices(CLI::App& app, Action& chosen);
void addTomography(CLI::App& app, Action& chosen);
void addDeep(CLI::App& app, Action& chosen);
void addReproduce(CLI::App& app, Action& chosen);
void addWelcome(CLI::App& app, Action& chosen);

/// `zipml devices --boards`: the FPGA pipeline predicted on named boards. @param features without the bias
int printBoards(std::size_t rows, std::size_t features, bool asJson);

/// With --json: `json` and nothing else; NaN and infinity become null.
void printJson(const nlohmann::json& json);

} // namespace zipml::cli
