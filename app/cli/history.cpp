#include "app/cli/history.h"

#include "app/command_line.h"
#include "core/base/error.h"
#include "core/document/history_file.h"
#include "core/document/record_file.h"

#include <iostream>

namespace zipml::cli {
namespace {

/// The window stands in another folder.
void makeAbsolute(std::string& file) {
    std::error_code failed;
    if (!file.empty() && std::filesystem::exists(file, failed) && !failed)
        if (const auto whole = std::filesystem::absolute(file, failed); !failed)
            file = whole.lexically_normal().string();
}

void keep(const std::vector<HistoryEntry>& entries) {
    const auto folder = historyFolder();
    if (folder.empty() || entries.empty())
        return;
    try {
        addToInbox(folder, entries);
    } catch (const RunError& error) {
        std::cerr << "zipml: not kept in the history (--no-history keeps none): " << error.what() << '\n';
    }
}

HistoryEntry entryOf(SessionRun run, const char* origin) {
    makeAbsolute(run.spec.data.source);
    makeAbsolute(run.spec.data.test);
    return historyEntry(std::move(run), origin);
}

} // namespace

void addHistoryFlag(Command& command, bool& off) {
    command.addFlag("--no-history", off, "Do not keep the run in the history that the window shows");
}

void keepInHistory(const RunRecord& record, const char* origin) {
    keep({entryOf(sessionRunOf(record), origin)});
}

void keepInHistory(const nlohmann::json& runs, const char* origin) {
    std::vector<HistoryEntry> entries;
    for (const auto& run : runs)
        entries.push_back(entryOf(runFromRecord(run), origin));
    keep(entries);
}

} // namespace zipml::cli
