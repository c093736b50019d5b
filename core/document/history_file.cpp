#include "core/document/history_file.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json_file.h"
#include "core/base/json_text.h"
#include "core/document/session_run_json.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <random>

namespace zipml {
namespace {

using nlohmann::json;

constexpr const char* kHistoryKind = "zipml-history";
constexpr int kHistoryVersion = 1;
constexpr std::size_t kMostWeights = 20'000; // about 400 KB of text

/// "20261130T140501-1a2b3c4d": files sort by time.
std::string newKey(std::int64_t when) {
    const std::time_t seconds = when / 1000;
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    char time[24];
    std::strftime(time, sizeof time, "%Y%m%dT%H%M%S", &utc);
    std::random_device random;
    char key[64];
    std::snprintf(key, sizeof key, "%s%03d-%08x", time, static_cast<int>(when % 1000), random());
    return key;
}

/// Whoever opens the run stands in another folder.
void makeAbsolute(std::string& file) {
    std::error_code failed;
    if (!file.empty() && std::filesystem::exists(file, failed) && !failed)
        if (const auto whole = std::filesystem::absolute(file, failed); !failed)
            file = whole.lexically_normal().string();
}

std::size_t weightsOf(const LinearModel& model) {
    auto weights = static_cast<std::size_t>(model.parameters.weights.size());
    for (const auto& one : model.perClass)
        weights += static_cast<std::size_t>(one.weights.size());
    return weights;
}

void makeFolder(const std::filesystem::path& folder) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed)
        throw RunError(folder.string() + ": cannot be made: " + failed.message());
}

void dropOldest(const std::filesystem::path& inbox) {
    std::vector<std::filesystem::path> files;
    std::error_code failed;
    for (const auto& file : std::filesystem::directory_iterator(inbox, failed))
        if (file.path().extension() == ".json")
            files.push_back(file.path());
    if (files.size() <= kMostWaiting)
        return;
    std::ranges::sort(files);
    for (std::size_t i = 0; i < files.size() - kMostWaiting; ++i)
        std::filesystem::remove(files[i], failed);
}

} // namespace

std::filesystem::path historyFolder() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value != nullptr ? value : "");
    };
    if (const std::string chosen = variable("ZIPML_HISTORY"); !chosen.empty())
        return chosen == "off" ? std::filesystem::path() : std::filesystem::path(chosen);
    const std::filesystem::path home = variable("HOME"), data = variable("XDG_DATA_HOME");
    if (data.is_absolute())
        return data / "zipml" / "history";
    return home.empty() ? std::filesystem::path() : home / ".local" / "share" / "zipml" / "history";
}

SessionRun sessionRunOf(const RunRecord& record) {
    SessionRun run;
    run.spec = specAsFound(record);
    run.message = record.message;
    run.setup = record.setup;
    run.initial = record.initial;
    run.epochs = record.epochs;
    run.status = record.status;
    run.model = record.model;
    run.confusion = record.confusion;
    run.peakResidentBytes = record.peakResidentBytes;
    return run;
}

HistoryEntry historyEntry(SessionRun run, const std::string& origin) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto when = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    run.id = 0;
    run.steps.clear();
    makeAbsolute(run.spec.data.source);
    makeAbsolute(run.spec.data.test);
    if (weightsOf(run.model) > kMostWeights)
        run.model = {};
    return {newKey(when), when, origin, std::move(run)};
}

std::string historyText(const HistoryEntry& entry) {
    const json file = {
        {"kind", kHistoryKind}, {"version", kHistoryVersion}, {"written_by", "ZipML Lab " ZIPML_VERSION},
        {"when", entry.when},   {"origin", entry.origin},     {"run", toJson(entry.run)}};
    return jsonText(file) + "\n";
}

HistoryEntry historyFromText(const std::string& text, const std::string& key) {
    const json file = json::parse(text, nullptr, false);
    if (!file.is_object() || file.value("kind", "") != kHistoryKind)
        throw InputError(key + ": is no run of the history, or is cut short");
    try {
        if (JsonPart(file).get<int>("version") > kHistoryVersion)
            throw InputError("was written by a newer ZipML Lab; update it");
        return {key, file.at("when").get<std::int64_t>(), file.at("origin").get<std::string>(),
                sessionRunFromJson(file.at("run"))};
    } catch (const json::exception&) {
        throw InputError(key + ": a part of the run is missing or of a wrong type");
    } catch (const InputError& error) {
        throw InputError(key + ": " + error.what());
    }
}

std::filesystem::path historyInbox(const std::filesystem::path& folder) {
    return folder / "inbox";
}

std::filesystem::path historyRecords(const std::filesystem::path& folder) {
    return folder / "records";
}

void addToInbox(const std::filesystem::path& folder, const std::vector<HistoryEntry>& entries) {
    const auto inbox = historyInbox(folder);
    makeFolder(inbox);
    for (const HistoryEntry& entry : entries)
        writeFileAtomically(inbox / (entry.key + ".json"), historyText(entry));
    dropOldest(inbox);
}

} // namespace zipml
