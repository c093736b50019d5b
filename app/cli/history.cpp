#include "app/cli/history.h"

#include "app/command_line.h"
#include "core/base/error.h"
#include "core/document/history_file.h"
#include "core/document/record_file.h"

#include <iostream>

namespace zipml::cli {
namespace {

void keep(const std::vector<HistoryEntry>& entries) {
    const auto folder = historyFolder();
    if (folder.empty() || entries.empty())
        return;
    try {
        addToInbox(folder, entries);
    } catch (const std::exception& error) {
        std::cerr << "zipml: not kept in the history (--no-history keeps none): " << error.what() << '\n';
    }
}

} // namespace

void addHistoryFlag(Command& command, bool& off) {
    command.addFlag("--no-history", off, "Do not keep the run in the history that the window shows");
}

void keepInHistory(const RunRecord& record, const char* origin) {
    keep({historyEntry(sessionRunOf(record), origin)});
}

void keepInHistory(const nlohmann::json& runs, const char* origin) {
    std::vector<HistoryEntry> entries;
    for (const auto& run : runs)
        entries.push_back(historyEntry(runFromRecord(run), origin));
    keep(entries);
}

} // namespace zipml::cli
