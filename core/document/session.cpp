#include "core/document/session.h"

#include "core/base/file.h"
#include "core/base/format_version.h"
#include "core/base/json_text.h"
#include "core/base/text_hash.h"
#include "core/document/session_run_json.h"

#include <algorithm>
#include <set>

namespace zipml {
namespace {

using nlohmann::json;

constexpr const char* kKind = "zipml-session";
constexpr int kVersion = 1;

/// Tells an edited file from one as written, whatever the white space.
std::string checksumOf(const json& content) {
    return textHash(jsonText(content));
}

Session contentFromJson(const json& content) {
    Session session;
    session.settings = specFromJson(content.at("settings"));
    session.view = content.at("view");
    if (!session.view.is_object())
        throw InputError("view: is not an object");
    if (!content.at("runs").is_array())
        throw InputError("runs: is not a list");
    std::set<int> ids;
    for (const json& run : content["runs"]) {
        const std::string where = "run " + std::to_string(session.runs.size() + 1) + ": ";
        try {
            session.runs.push_back(sessionRunFromJson(run));
        } catch (const InputError& error) {
            throw InputError(where + error.what());
        }
        if (!ids.insert(session.runs.back().id).second)
            throw InputError(where + "id: another run has the same");
    }
    return session;
}

} // namespace

std::string sessionText(const Session& session) {
    json runs = json::array();
    for (const auto& run : session.runs)
        runs.push_back(toJson(run));
    const json content = {{"settings", toJson(session.settings)}, {"view", session.view}, {"runs", runs}};
    const json file = {{"kind", kKind},
                       {"version", kVersion},
                       {"written_by", "ZipML Lab " ZIPML_VERSION},
                       {"checksum", checksumOf(content)},
                       {"content", content}};
    return jsonText(file) + "\n";
}

OpenedSession parseSession(const std::string& text, const std::string& what) {
    const auto fail = [&](const std::string& why) { throw InputError(what + ": " + why); };
    const json file = json::parse(text, nullptr, false);
    if (file.is_discarded())
        fail("is no session, or was damaged or cut short; open a copy of it that is whole");
    if (!file.is_object() || !file.contains("kind") || file["kind"] != kKind)
        fail("is not a ZipML Lab session; File > Save writes one");
    try {
        formatVersion(file, kVersion);
        const json& content = file.at("content");
        return {contentFromJson(content),
                !file.contains("checksum") || file["checksum"] != checksumOf(content)};
    } catch (const json::exception&) {
        fail("a part is missing or of a wrong type; open a copy of it that was not edited");
    } catch (const InputError& error) {
        fail(error.what());
    }
    throw std::logic_error("unreachable");
}

void writeSession(const Session& session, const std::filesystem::path& file) {
    writeFileAtomically(file, sessionText(session));
}

OpenedSession readSession(const std::filesystem::path& file) {
    return parseSession(readFile(file), file.string());
}

std::string journalHead(const std::string& text) {
    return jsonText({{"session", textHash(text)}}) + "\n";
}

bool journalGoesWith(const std::string& journal, const std::string& text) {
    const json head = json::parse(journal.substr(0, journal.find('\n')), nullptr, false);
    return head.is_object() && head.contains("session") && head["session"] == textHash(text);
}

std::string journalLine(int run, std::span<const EpochRecord> states) {
    json columns = columnsOf(states);
    for (auto column = columns.begin(); column != columns.end();) // most have nothing to say
        column = std::ranges::all_of(*column, &json::is_null) ? columns.erase(column) : std::next(column);
    return jsonText({{"run", run}, {"states", std::move(columns)}}) + "\n";
}

std::string journalLine(const SessionRun& run, std::optional<std::size_t> row) {
    SessionRun withoutStates = run;
    withoutStates.epochs.clear();
    withoutStates.steps.clear();
    json line = {{"is", toJson(withoutStates)}};
    if (row)
        line["row"] = *row;
    return jsonText(line) + "\n";
}

std::string journalRemoval(int run) {
    return jsonText({{"removed", run}}) + "\n";
}

std::string journalLine(const RunSpec& settings, const json& view) {
    return jsonText({{"settings", toJson(settings)}, {"view", view}}) + "\n";
}

namespace {

auto runWith(Session& session, const json& id) {
    return id.is_number_integer() ? std::ranges::find(session.runs, id.get<int>(), &SessionRun::id)
                                  : session.runs.end();
}

void addStates(SessionRun& run, json columns) {
    if (!columns.is_object() || columns.empty() || !run.setup)
        return;
    const json nulls(columns.begin()->size(), json());
    const json all = exactJson(EpochRecord{}); // must outlive items()
    for (const auto& [key, value] : all.items())
        if (!columns.contains(key))
            columns[key] = nulls;
    for (const EpochRecord& state : epochsFromColumns(columns)) {
        auto& states = state.within > 0 ? run.steps : run.epochs;
        const auto place = std::ranges::lower_bound(states, state.position(), {}, &EpochRecord::position);
        if (place == states.end())
            states.push_back(state);
        else if (place->position() == state.position())
            *place = state;
    }
}

void setRun(Session& session, const json& line) {
    SessionRun now = sessionRunFromJson(line["is"]);
    if (const auto known = runWith(session, now.id); known != session.runs.end()) {
        now.epochs = std::move(known->epochs);
        now.steps = std::move(known->steps);
        *known = std::move(now);
        return;
    }
    const auto& row = line.contains("row") ? line["row"] : json();
    const auto place = row.is_number_unsigned() ? std::min(row.get<std::size_t>(), session.runs.size())
                                                : session.runs.size();
    session.runs.insert(session.runs.begin() + static_cast<std::ptrdiff_t>(place), std::move(now));
}

void applyLine(Session& session, const json& line) {
    if (line.contains("run") && line.contains("states")) {
        if (const auto run = runWith(session, line["run"]); run != session.runs.end())
            addStates(*run, line["states"]);
    } else if (line.contains("is")) {
        setRun(session, line);
    } else if (line.contains("removed")) {
        if (const auto run = runWith(session, line["removed"]); run != session.runs.end())
            session.runs.erase(run);
    } else if (line.contains("settings") && line.contains("view") && line["view"].is_object()) {
        session.settings = specFromJson(line["settings"]);
        session.view = line["view"];
    }
}

} // namespace

void applyJournal(Session& session, const std::string& journal) {
    for (std::size_t begin = 0, end = 0; (end = journal.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
        const json line = json::parse(journal.substr(begin, end - begin), nullptr, false);
        if (!line.is_object())
            continue;
        try {
            applyLine(session, line);
        } catch (const InputError&) { // not a line of ours: what the session has stands
        } catch (const json::exception&) {
        }
    }
}

} // namespace zipml
