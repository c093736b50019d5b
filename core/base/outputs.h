#pragma once
/// The files that a command writes, as a whole: checked before its work begins, so that none is in vain and
/// none destroys what is read; and written as far as they can be when it ends.

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace zipml {

class Outputs {
  public:
    /// @param flag as the person wrote it: "--out". An empty file is none.
    void add(const std::string& flag, const std::filesystem::path& file);
    /// One that must be a regular file, and no pipe or device: it is written at many places, or read again.
    void addRegular(const std::string& flag, const std::filesystem::path& file);
    /// What the command reads, by any of its names; what is not there is nothing.
    void reads(const std::filesystem::path& input);
    void reads(const std::vector<std::filesystem::path>& inputs);
    /// Of each output: that it can be written (core/base/file.h), is none of the inputs, and no other output.
    /// @throws InputError
    void check() const;

    /// Calls `write` unless `file` is empty. What it throws is kept, so that the other outputs are written.
    void write(const std::filesystem::path& file, const std::function<void()>& write);
    /// Something else that went wrong, which is said with them.
    void failed(const std::string& message);
    [[nodiscard]] bool success() const { return failures_.empty(); }
    /// Call once the result is shown. @throws RunError with all that failed, "; " between
    void requireSuccess() const;

  private:
    struct Output {
        std::string flag;
        std::filesystem::path file;
        bool regular = false;
    };
    std::vector<Output> outputs_;
    std::vector<std::filesystem::path> inputs_;
    std::string failures_;
};

} // namespace zipml
