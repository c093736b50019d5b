#pragma once
/// A session: the experiment that is set up, all runs with their curves and models, and how they are looked
/// at; one file (*.zipml, JSON). What is written reads back equal in every setting and number.

#include "core/lab/run_record.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

namespace zipml {

/// A run as far as it came.
struct SessionRun {
    int id = 0; ///< decides its colour; unique, 0 or more
    std::string name;
    bool visible = true;
    RunSpec spec;
    std::string message; ///< why it failed or diverged
    bool failed = false; ///< without a record
    std::optional<RunSetup> setup;
    std::optional<EpochRecord> initial; ///< with setup
    std::vector<EpochRecord> epochs;
    std::vector<EpochRecord> steps; ///< inside of epochs
    /// Once it ended with a record; `model`, `confusion` and `peakResidentBytes` are its own.
    std::optional<RunStatus> status;
    LinearModel model;
    Confusion confusion;
    std::uint64_t peakResidentBytes = 0;
    /// The lesson that started it, and its button; empty: the person.
    std::string group = {}, maker = {};
};

struct Session {
    RunSpec settings; ///< of the next run, as set up
    /// How it is looked at: names and texts or numbers, which readers that do not know them skip.
    nlohmann::json view = nlohmann::json::object();
    std::vector<SessionRun> runs;
};

struct OpenedSession {
    Session session;
    /// The file is sound, but not as ZipML Lab wrote it. Whoever opened it should save under another name.
    bool edited = false;
};

constexpr const char* kSessionEnding = ".zipml";

std::string sessionText(const Session& session);
/// @param what the session is called in messages: its file.
/// @throws InputError, one line, when it is no session, is damaged or cut short, has a value that cannot be,
/// or was written by a newer version.
OpenedSession parseSession(const std::string& text, const std::string& what);

/// Written aside and renamed. @throws RunError.
void writeSession(const Session& session, const std::filesystem::path& file);
/// @throws as parseSession, and when the file is missing.
OpenedSession readSession(const std::filesystem::path& file);

/// A journal holds what has happened since a session was written, in lines that are appended. Its first says
/// which session it goes with.
/// @param text of the session's file
std::string journalHead(const std::string& text);
/// States of a run that came: ends of epochs, or of single steps inside of them.
std::string journalLine(int run, std::span<const EpochRecord> states);
/// A run as it is now, but for its states. @param row its place, where it came
std::string journalLine(const SessionRun& run, std::optional<std::size_t> row = {});
std::string journalRemoval(int run);
std::string journalLine(const RunSpec& settings, const nlohmann::json& view);
/// Whether it goes with the session in `text`: another may be newer than it.
bool journalGoesWith(const std::string& journal, const std::string& text);
/// Makes of the session what it was at the journal's end. A state that a run has already is told anew; those
/// of runs that are not in the session, and a last line that was cut short, are skipped.
void applyJournal(Session& session, const std::string& journal);

} // namespace zipml
