#pragma once
/// A download that is under way, on the disk.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace zipml {

/// What tells whether the server's file is still the one that was begun.
struct FileVersion {
    std::string url, etag, lastModified;
    std::uint64_t bytes = 0; ///< of the whole file; 0: not told
};

/// Locked while it lives: two processes cannot write one file.
class PartialFile {
  public:
    /// Opens or makes it. @throws RunError when that fails or another process holds it.
    explicit PartialFile(const std::filesystem::path& target);
    ~PartialFile();
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// Of what is in it; empty when that is not known.
    [[nodiscard]] const FileVersion& version() const { return version_; }

    /// Empties it, for a file of this version.
    void restart(const FileVersion& version);
    /// @return false, with the reason in errno, when not all could be written; what could be is kept.
    bool append(std::string_view bytes);
    /// Makes it the target. @throws RunError
    void finish();
    void remove();

  private:
    std::filesystem::path target_, path_, versionFile_;
    FileVersion version_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
};

} // namespace zipml
