#pragma once
/// A seekable file is one that libraries open by name and read at any place: itself, or its bytes in memory
/// where it is packed.

#include <cstdint>
#include <filesystem>
#include <string>

namespace zipml {

class SeekableFile {
  public:
    /// @throws InputError when it is missing, unreadable, empty, damaged, or unpacks to more than
    /// `memoryLimitBytes`.
    SeekableFile(const std::filesystem::path& file, std::uint64_t memoryLimitBytes);
    SeekableFile(const SeekableFile&) = delete;
    SeekableFile& operator=(const SeekableFile&) = delete;
    ~SeekableFile();

    [[nodiscard]] const std::filesystem::path& name() const { return name_; } ///< for messages
    [[nodiscard]] const std::filesystem::path& path() const { return path_; } ///< to open
    /// Of the bytes in memory; -1 where they are the file's own.
    [[nodiscard]] int memory() const { return memory_; }
    [[nodiscard]] const std::string& compression() const { return compression_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; } ///< unpacked

  private:
    void unpack(std::uint64_t memoryLimitBytes);

    std::filesystem::path name_, path_;
    std::string compression_;
    std::uint64_t bytes_ = 0;
    int memory_ = -1; ///< file descriptor
};

} // namespace zipml
