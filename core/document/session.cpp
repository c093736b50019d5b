#include "core/document/session.h"

#include "core/base/file.h"
#include "core/document/session_run_json.h"

#include <algorithm>
#include <set>

namespace zipml {
namespace {

using nlohmann::json;

constexpr const char* kKind = "zipml-session";
constexpr int kVersion = 1;

/// FNV-1a, 64 bits: tells an edited file from one as written, whatever the white space.
std::string checksumOf(const json& content) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : content.dump())
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    char text[20];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    return text;
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
    return file.dump() + "\n";
}

OpenedSession parseSession(const std::string& text, const std::string& what) {
    const auto fail = [&](const std::string& why) { throw InputError(what + ": " + why); };
    const json file = json::parse(text, nullptr, false);
    if (file.is_discarded())
        fail("is no session, or was damaged or cut short; open a copy of it that is whole");
    if (!file.is_object() || !file.contains("kind") || file["kind"] != kKind)
        fail("is not a ZipML Lab session; File > Save writes one");
    if (!file.contains("version") || !file["version"].is_number_integer())
        fail("does not say of which version it is; open a copy of it that was not edited");
    if (const auto version = file["version"].get<std::int64_t>(); version > kVersion)
        fail("was written by a newer ZipML Lab (session version " + std::to_string(version) +
             ", this one reads up to " + std::to_string(kVersion) + "); update it");
    try {
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

std::string journalLine(int run, const EpochRecord& epoch) {
    return json{{"run", run}, {"epoch", exactJson(epoch)}}.dump() + "\n";
}

void applyJournal(Session& session, const std::string& journal) {
    for (std::size_t begin = 0, end = 0; (end = journal.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
        const json line = json::parse(journal.substr(begin, end - begin), nullptr, false);
        if (!line.is_object() || !line.contains("run") || !line["run"].is_number_integer() ||
            !line.contains("epoch"))
            continue;
        const auto run = std::ranges::find(session.runs, line["run"].get<int>(), &SessionRun::id);
        if (run == session.runs.end() || !run->setup)
            continue;
        try {
            const EpochRecord epoch = epochFromJson(line["epoch"]);
            if (epoch.epoch > (run->epochs.empty() ? 0 : run->epochs.back().epoch))
                run->epochs.push_back(epoch);
        } catch (const InputError&) { // not a line of ours: what the session has stands
        }
    }
}

} // namespace zipml
