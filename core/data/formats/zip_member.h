#pragma once
/// The members of a zip archive, unpacked one after the other, as its directory lists them.

#include "core/data/byte_reader.h"

#include <filesystem>
#include <memory>
#include <string>

struct archive;

namespace zipml {

class ZipReader final : public ByteReader {
  public:
    /// @throws InputError where the file is missing, unreadable or no whole zip archive.
    explicit ZipReader(const std::filesystem::path& file);
    ~ZipReader() override;
    ZipReader(const ZipReader&) = delete;
    ZipReader& operator=(const ZipReader&) = delete;

    /// Goes on to the next member; reading gives its bytes then. False behind the last one.
    /// @throws InputError where the archive is damaged, or encrypted.
    bool next(std::string& name);

    std::size_t read(char* bytes, std::size_t most) override;
    [[nodiscard]] std::string compression() const override { return "zip"; }
    [[nodiscard]] double share() const override { return 1; }

  private:
    struct Close {
        void operator()(archive* reader) const;
    };
    [[nodiscard]] std::string reason() const;

    const std::filesystem::path file_;
    std::unique_ptr<archive, Close> reader_;
};

/// One member's bytes. @throws InputError also where there is none of that name.
std::unique_ptr<ByteReader> openZipMember(const std::filesystem::path& file, const std::string& name);

} // namespace zipml
