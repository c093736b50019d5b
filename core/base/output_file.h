#pragma once
/// Where output goes: to what its name names, as it is. A symbolic link is followed; a pipe, a terminal, a
/// device and /dev/stdout are written into; a regular file is replaced as a whole by one with its owner and
/// mode, so that it never holds half of anything (other names of it, hard links, keep what it held).

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace zipml {

/// What a name stands for once its links are followed.
struct OutputTarget {
    std::filesystem::path file;
    int descriptor = -1; ///< one that this process has open, as /dev/stdout is; -1: none
    bool exists = false; ///< a regular file
    bool stream = false; ///< written into, not replaced
    int reason = 0;      ///< the system's, where nothing is there
    mode_t mode = 0;     ///< of what is there, with its kind; 0: nothing is
    uid_t user = 0;      ///< of what is there
    gid_t group = 0;
};
/// @throws InputError where links lead in a circle
OutputTarget outputTarget(const std::filesystem::path& file);

/// A file while it is written. What was there stays until commit; without one nothing is left behind.
class OutputFile {
  public:
    /// @param inPlaces it is written with writeAt, which a stream cannot be
    /// @throws RunError with the file's name and the system's reason, as all others here
    explicit OutputFile(std::filesystem::path file, bool inPlaces = false);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    void write(std::string_view bytes);
    void writeAt(std::uint64_t at, std::string_view bytes);
    /// Afterwards the name stands for what was written, to its last byte.
    void commit();

  private:
    [[noreturn]] void fail(int reason) const;
    void openAside();

    std::filesystem::path file_; ///< as it was named
    OutputTarget target_;
    std::filesystem::path aside_; ///< empty: a stream
    int descriptor_ = -1;
};

} // namespace zipml
