#pragma once
/// One sub-command of zipml is one file with one `add...` function; commands.cpp lists them.

#include "app/command_line.h"

#include <nlohmann/json.hpp>

#include <functional>

namespace zipml::cli {

/// What a sub-command does once its flags are parsed. @return the exit code
using Action = std::function<int()>;

/// Adds the sub-command to `app` and stores its action in `chosen` when the person picks it.
void addInfo(Command& app, Action& chosen);
void addFetch(Command& app, Action& chosen);
void addData(Command& app, Action& chosen);
void addTrain(Command& app, Action& chosen);
void addLevels(Command& app, Action& chosen);
void addQuantize(Command& app, Action& chosen);
void addBias(Command& app, Action& chosen);
void addSweep(Command& app, Action& chosen);
void addCompare(Command& app, Action& chosen);
void addAdvise(Command& app, Action& chosen);
void addPredict(Command& app, Action& chosen);
void addExport(Command& app, Action& chosen);
void addBench(Command& app, Action& chosen);
void addDevices(Command& app, Action& chosen);
void addTomography(Command& app, Action& chosen);
void addDeep(Command& app, Action& chosen);
void addReproduce(Command& app, Action& chosen);
void addWelcome(Command& app, Action& chosen);

/// `zipml devices --boards`: the FPGA pipeline predicted on named boards. @param features without the bias
int printBoards(std::size_t rows, std::size_t features, bool asJson);

/// With --json: `json` and nothing else; NaN and infinity become null, what is no UTF-8 U+FFFD.
void printJson(const nlohmann::json& json);

} // namespace zipml::cli
