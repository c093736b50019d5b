#pragma once
/// The bytes of a file, unpacked where it is packed: gzip through zlib, member by member, each against its
/// own checksum; bzip2, xz and zstd through libarchive.

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace zipml {

class ByteReader {
  public:
    virtual ~ByteReader() = default;
    /// @throws InputError for a missing file, a directory, an unreadable or an empty file.
    static std::unique_ptr<ByteReader> open(const std::filesystem::path& file);

    /// The next bytes, at most `most`; 0 at the end, and from a fault on.
    virtual std::size_t read(char* bytes, std::size_t most) = 0;
    /// "none", "gzip", "bzip2", "xz", "zstd"
    [[nodiscard]] virtual std::string compression() const = 0;
    /// Of the file's bytes read, 0 to 1.
    [[nodiscard]] virtual double share() const = 0;

    /// Why the bytes ended before the file did; empty while all is well.
    [[nodiscard]] const std::string& fault() const { return fault_; }

  protected:
    std::string fault_;
};

/// @throws InputError when `file` is missing, a directory, unreadable or empty.
void checkReadable(const std::filesystem::path& file);
/// @param where " after line 3", or ""
/// @throws InputError "FILE: is damaged or cut short after line 3: REASON; get or pack the file again"
[[noreturn]] void failDamaged(const std::filesystem::path& file, const std::string& reason,
                              const std::string& where);

} // namespace zipml
