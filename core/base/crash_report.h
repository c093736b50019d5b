#pragma once
/// A crash leaves a report: which signal, which version, what was at work, where in the program; nothing of
/// the data and no folder names. It is a text file, FOLDER/crash-TIME-PROCESS.txt, that its owner may send to
/// the developers.

#include <filesystem>
#include <string>

namespace zipml {

/// Where reports go: zipml/crashes in the person's state ($XDG_STATE_HOME, else ~/.local/state). Empty:
/// nowhere.
std::filesystem::path crashReportFolder();

/// From now on a signal that ends the program leaves a report and a line on standard error; the program ends
/// by that signal as it would have. Nothing under a sanitizer, which has reports of its own. Call once, at
/// the start.
/// @param program with its version
void reportCrashes(const std::filesystem::path& folder, const std::string& program);

/// What a report says was at work, while this lives. Of a few dozen at once; more are not told.
class AtWork {
  public:
    /// @param what in one line, such as the command that repeats it
    explicit AtWork(const std::string& what);
    ~AtWork();
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;

  private:
    int place_ = -1;
};

/// The latest report that is not older than `file`; empty: there is none.
std::filesystem::path crashReportSince(const std::filesystem::path& folder,
                                       const std::filesystem::path& file);

} // namespace zipml
