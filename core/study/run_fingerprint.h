#pragma once
/// What a run's result depends on beside its settings: the bytes of its data and the program's version.

#include "core/base/job.h"
#include "core/lab/run_spec.h"

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

namespace zipml {

/// Fingerprints of the runs of one study, each file read once for all of them. From any thread.
class RunFingerprints {
  public:
    /// {"version": "0.2.0", "data": "1 file, 81234 bytes, crc32 0a1b2c3d", "test": ..., "labels": ...}, the last two
    /// where there are such files; no "data" where it is generated.
    /// @throws InputError where a file has changed since it was first asked for: the study would mix results.
    /// @throws Cancelled
    nlohmann::json of(const RunSpec& spec, const Job& job = {});

  private:
    struct Known {
        std::string state; ///< times and sizes: as long as they are the same, the files are
        std::string fingerprint;
    };
    std::string ofSource(const std::filesystem::path& source, const Job& job);

    std::mutex mutex_;
    std::map<std::string, Known> known_; ///< by source
};

/// How two fingerprints differ, as the end of "holds runs of X "; empty: they do not. @param kept may be anything that a file holds
std::string fingerprintChange(const nlohmann::json& kept, const nlohmann::json& now);

} // namespace zipml
