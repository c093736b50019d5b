#pragma once
/// The history keeps each run that ended as a file of its own. Programs without a window lay it into an
/// inbox, which the window empties; the index that is searched is the window's (ui/history).
///
///     FOLDER/inbox/KEY.json     from `zipml train` and `zipml sweep`
///     FOLDER/records/KEY.json   taken in
///     FOLDER/history.sqlite     the index: names, tags, notes, results

#include "core/document/session.h"

namespace zipml {

/// Where it is kept: $ZIPML_HISTORY, which "off" switches off, or zipml/history in the person's data
/// ($XDG_DATA_HOME, else ~/.local/share). Empty: nowhere.
std::filesystem::path historyFolder();

struct HistoryEntry {
    std::string key;       ///< of its file: the time and some random letters
    std::int64_t when = 0; ///< it ended, in milliseconds since 1970, UTC
    std::string origin;    ///< "window", "train", "sweep"
    SessionRun run;
};

/// Of now, with a key of its own; data files are named whole. Single steps and models of many weights are left
/// out: an entry is small.
HistoryEntry historyEntry(SessionRun run, const std::string& origin);
SessionRun sessionRunOf(const RunRecord& record);

std::string historyText(const HistoryEntry& entry);
/// @param key of the file @throws InputError, one line.
HistoryEntry historyFromText(const std::string& text, const std::string& key);

std::filesystem::path historyInbox(const std::filesystem::path& folder);
std::filesystem::path historyRecords(const std::filesystem::path& folder);
/// Lays entries into the inbox, whole or not at all. Of those that no window takes in, the latest kMostWaiting
/// stay. @throws RunError.
void addToInbox(const std::filesystem::path& folder, const std::vector<HistoryEntry>& entries);
constexpr std::size_t kMostWaiting = 2000;

} // namespace zipml
