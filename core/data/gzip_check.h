#pragma once
/// The checksum at the end of a gzip file. libarchive 3.6 reads past it, so a flipped bit would become a
/// wrong number without a word.

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace zipml {

class GzipCheck {
  public:
    /// Takes the next unpacked bytes.
    void add(std::string_view bytes);
    /// Whether the checksum that ends at `end` (bytes from the start of the file) is that of the bytes added.
    /// Also true for files of several gzip members, whose checksums cover only their parts.
    [[nodiscard]] bool agrees(const std::filesystem::path& file, std::uint64_t end) const;

  private:
    std::uint32_t crc_ = 0;
    std::uint32_t size_ = 0; ///< modulo 2^32, as in the file
};

} // namespace zipml
