#pragma once
/// Runs come back from what `zipml train --json`, `zipml sweep --out` and the window's "Save record" wrote: a
/// record, a sweep, a list of records, or any of them one behind the other (a stream of lines).

#include "core/document/session.h"

namespace zipml {

/// A record as toJson(RunRecord) has it, or a sweep's run. Its model is left out: a record does not say how
/// values are scaled. @throws InputError naming the key that is wrong.
SessionRun runFromRecord(const nlohmann::json& record);

/// Whether it is a record, a sweep, or a list of them, and not settings of a run to come.
bool holdsRuns(const nlohmann::json& object);

struct RunFile {
    std::vector<SessionRun> runs; ///< ids from 0 on
    bool cut = false;             ///< what stands last is cut short, and is left out
};
/// Of the text of a file. @param what the file is called in messages
/// @throws InputError, one line, when it holds no run, or one that cannot be read.
RunFile parseRuns(const std::string& text, const std::string& what);
/// Records name data without folders: what is not here and lies beside the file is taken from there.
/// @throws as parseRuns, and when the file is missing.
RunFile readRuns(const std::filesystem::path& file);

} // namespace zipml
