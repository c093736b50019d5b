#include "core/study/run_fingerprint.h"

#include "core/base/error.h"
#include "core/data/fingerprint.h"
#include "core/data/source_files.h"
#include "core/data/synthetic.h"

namespace zipml {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kVersionKey = "version";
constexpr const char* kFiles[] = {"data", "test", "labels"};

/// Of a file that is written while it is looked at, the time may stay; so it is looked at again behind a run.
std::string stateOf(const fs::path& source, const Job& job) {
    std::string state;
    const SourceFiles files(source, job);
    for (const auto& file : files.files()) {
        std::error_code missing;
        const auto time = fs::last_write_time(file, missing);
        const auto size = missing ? 0 : fs::file_size(file, missing);
        state += file.string() + ";" + std::to_string(missing ? 0 : time.time_since_epoch().count()) + ":" +
                 std::to_string(size) + "\n";
    }
    return state;
}

std::string shown(const json& value) {
    return value.is_string() ? value.get<std::string>() : "none";
}

} // namespace

std::string RunFingerprints::ofSource(const fs::path& source, const Job& job) {
    const std::lock_guard lock(mutex_);
    job.checkpoint();
    const std::string state = stateOf(source, job);
    Known& known = known_[source.string()];
    if (known.state == state)
        return known.fingerprint;
    std::string now = fingerprintOf(source, job);
    if (!known.fingerprint.empty() && known.fingerprint != now)
        throw InputError(source.string() + ": has changed while the runs on it were made (" +
                         known.fingerprint + " before, " + now +
                         " now); start again, into another file, once it stays as it is");
    known = {state, now};
    return now;
}

json RunFingerprints::of(const RunSpec& spec, const Job& job) {
    json fingerprint = {{kVersionKey, ZIPML_VERSION}};
    const fs::path files[] = {parseSynthetic(spec.data.source) ? "" : spec.data.source, spec.data.test,
                              spec.data.load.labels};
    for (std::size_t i = 0; i < std::size(files); ++i) {
        std::error_code none;
        const bool member = i == 2 && !fs::exists(files[i], none); // of the data file
        if (!files[i].empty() && !member)
            fingerprint[kFiles[i]] = ofSource(files[i], job);
    }
    return fingerprint;
}

std::string fingerprintChange(const json& kept, const json& now) {
    if (!kept.is_object())
        return "and does not say of which data and version";
    const auto differs = [&](const char* key) { return kept.value(key, json()) != now.value(key, json()); };
    const auto both = [&](const char* key) {
        return " (" + shown(kept.value(key, json())) + " then, " + shown(now.value(key, json())) + " now)";
    };
    if (differs(kVersionKey))
        return "by another version of the program" + both(kVersionKey);
    for (const char* key : kFiles)
        if (differs(key))
            return std::string("with other ") + key + both(key);
    return {};
}

} // namespace zipml
