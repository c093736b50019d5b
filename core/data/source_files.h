#pragma once
/// A data source names one file or several: a folder's, those that a pattern matches, a list, or standard
/// input. Pipes, which can be read once, become files that can be read again and again.

#include "core/base/job.h"

#include <filesystem>
#include <vector>

namespace zipml {

/// The files that a source names, and those of labels beside IDX images, without opening one: standard input
/// is /dev/stdin, what is not there is named all the same.
std::vector<std::filesystem::path> filesNamedBy(const std::filesystem::path& source);

class SourceFiles {
  public:
    /// @param source a file, a pipe (which is read to its end); "-": standard input; a folder: its files but hidden ones, by name; a name with *
    /// or ? in its last part: those that match, by name; or several of these joined by ';'
    /// @throws InputError where nothing is found, or a folder holds no file, Cancelled while a file does not
    /// answer.
    explicit SourceFiles(const std::filesystem::path& source, const Job& job = {});

    [[nodiscard]] const std::vector<std::filesystem::path>& files() const { return files_; }

  private:
    void add(const std::filesystem::path& part, const Job& job);

    std::vector<std::filesystem::path> files_;
};

} // namespace zipml
