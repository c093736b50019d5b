#pragma once
/// Stored bytes are a binary file's or an archive member's, unpacked where they are packed, read piece by
/// piece.

#include "core/base/job.h"
#include "core/data/byte_reader.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace zipml {

class StoredBytes {
  public:
    /// @param where what messages begin with: the file's name, and the member's
    explicit StoredBytes(std::string where) : where_(std::move(where)) {}
    StoredBytes(const StoredBytes&) = delete;
    StoredBytes& operator=(const StoredBytes&) = delete;
    virtual ~StoredBytes() = default;

    /// Fills `bytes` from the place `at` on. Returns how many there were; less at the end.
    /// @throws InputError where the file is damaged.
    virtual std::size_t readSome(std::size_t at, std::span<char> bytes) = 0;
    /// How many there are, counted up to `most`: a packed file is unpacked for it and nothing kept.
    virtual std::size_t countUpTo(std::size_t most, const Job& job) = 0;
    /// Whether each place is as near as the next one.
    [[nodiscard]] virtual bool anywhere() const = 0;
    [[nodiscard]] virtual std::string compression() const { return "none"; }

    /// As readSome. @throws InputError also where they end before.
    void read(std::size_t at, std::span<char> bytes);
    [[nodiscard]] const std::string& where() const { return where_; }

  private:
    const std::string where_;
};

/// @throws InputError for a missing, unreadable or empty file.
std::unique_ptr<StoredBytes> openStoredBytes(const std::filesystem::path& file);
/// Bytes that can only be read from the beginning: `open` begins anew.
std::unique_ptr<StoredBytes> streamedBytes(std::string where,
                                           std::function<std::unique_ptr<ByteReader>()> open);
std::unique_ptr<StoredBytes> heldBytes(std::string where, std::string bytes, std::string compression);

} // namespace zipml
