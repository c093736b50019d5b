#include "core/data/byte_reader.h"

#include "core/base/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace zipml {
namespace {

constexpr std::size_t kReadBytes = 1 << 18;
constexpr std::string_view kGzipMagic = "\x1F\x8B";

[[noreturn]] void failEmpty(const std::filesystem::path& file) {
    throw InputError(file.string() + ": the file is empty; a data file was expected");
}

double sizeOf(const std::filesystem::path& file) {
    std::error_code code;
    if (!std::filesystem::is_regular_file(file, code))
        return 1;
    return static_cast<double>(std::filesystem::file_size(file, code));
}

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

/// RFC 1952: members follow one another; zeros may follow the last, as tape tools pad with them.
class GzipReader final : public ByteReader {
  public:
    explicit GzipReader(const std::filesystem::path& file)
        : input_(std::fopen(file.c_str(), "rb")), size_(sizeOf(file)), buffer_(kReadBytes) {
        constexpr int kGzipOnly = 16 + MAX_WBITS;
        if (!input_ || inflateInit2(&stream_, kGzipOnly) != Z_OK)
            throw InputError(file.string() + ": cannot be read; check its permissions");
    }
    GzipReader(const GzipReader&) = delete;
    GzipReader& operator=(const GzipReader&) = delete;
    ~GzipReader() override { inflateEnd(&stream_); }

    std::size_t read(char* bytes, std::size_t most) override {
        stream_.next_out = reinterpret_cast<Bytef*>(bytes);
        stream_.avail_out = static_cast<uInt>(most);
        while (stream_.avail_out > 0 && !ended_ && fault_.empty()) {
            if (stream_.avail_in == 0 && !fill()) {
                if (within_)
                    fault_ = "it ends in the middle";
                break;
            }
            if (!within_ && !beginMember())
                continue;
            step();
        }
        ended_ = ended_ || !fault_.empty();
        return most - stream_.avail_out;
    }
    [[nodiscard]] std::string compression() const override { return "gzip"; }
    [[nodiscard]] double share() const override { return std::min(1.0, static_cast<double>(taken_) / size_); }

  private:
    bool fill() {
        const std::size_t count = std::fread(buffer_.data(), 1, buffer_.size(), input_.get());
        taken_ += count;
        stream_.next_in = buffer_.data();
        stream_.avail_in = static_cast<uInt>(count);
        return count > 0;
    }

    /// Whether a member begins here; else skips a zero, or finds a fault.
    bool beginMember() {
        if (*stream_.next_in == 0 && members_ > 0) {
            ++stream_.next_in;
            --stream_.avail_in;
            return false;
        }
        inflateReset(&stream_);
        within_ = true;
        return true;
    }

    void step() {
        const int state = inflate(&stream_, Z_NO_FLUSH);
        if (state == Z_STREAM_END) {
            within_ = false;
            ++members_;
        } else if (state != Z_OK && state != Z_BUF_ERROR) {
            const std::string_view reason = stream_.msg == nullptr ? "bad gzip data" : stream_.msg;
            fault_ = reason == "incorrect data check" || reason == "incorrect length check"
                         ? "its checksum is wrong"
                     : members_ > 0 && reason == "incorrect header check"
                         ? "something that is no gzip follows its end"
                         : std::string(reason);
        }
    }

    std::unique_ptr<std::FILE, CloseFile> input_;
    const double size_;
    std::vector<unsigned char> buffer_;
    z_stream stream_{};
    std::size_t taken_ = 0, members_ = 0;
    bool within_ = false; ///< a member
    bool ended_ = false;
};

struct CloseArchive {
    void operator()(archive* reader) const { archive_read_free(reader); }
};

class ArchiveReader final : public ByteReader {
  public:
    explicit ArchiveReader(const std::filesystem::path& file) : size_(sizeOf(file)) {
        // Not filter_all: it also takes uuencoded text and runs external programs on what looks like their
        // files.
        archive_read_support_filter_bzip2(reader_.get());
        archive_read_support_filter_xz(reader_.get());
        archive_read_support_filter_zstd(reader_.get());
        archive_read_support_format_raw(reader_.get());
        archive_read_support_format_empty(reader_.get());
        archive_entry* entry = nullptr;
        // Opening already unpacks the first bytes.
        if (archive_read_open_filename(reader_.get(), file.c_str(), kReadBytes) != ARCHIVE_OK)
            failDamaged(file, reason(), "");
        const int header = archive_read_next_header(reader_.get(), &entry);
        if (header == ARCHIVE_EOF)
            failEmpty(file);
        if (header != ARCHIVE_OK)
            failDamaged(file, reason(), "");
    }

    std::size_t read(char* bytes, std::size_t most) override {
        if (!fault_.empty())
            return 0;
        const auto count = archive_read_data(reader_.get(), bytes, most);
        if (count < 0)
            fault_ = reason();
        return static_cast<std::size_t>(std::max<la_ssize_t>(count, 0));
    }
    [[nodiscard]] std::string compression() const override {
        const char* name =
            archive_filter_count(reader_.get()) > 1 ? archive_filter_name(reader_.get(), 0) : nullptr;
        return name == nullptr ? "none" : name;
    }
    [[nodiscard]] double share() const override {
        return std::min(1.0, static_cast<double>(archive_filter_bytes(reader_.get(), -1)) / size_);
    }

  private:
    [[nodiscard]] std::string reason() const {
        const char* text = archive_error_string(reader_.get());
        std::string reason = text == nullptr ? "unknown error" : text;
        std::ranges::replace(reason, '\n', ' ');
        return reason;
    }

    std::unique_ptr<archive, CloseArchive> reader_{archive_read_new()};
    const double size_;
};

bool isGzip(const std::filesystem::path& file) {
    const std::unique_ptr<std::FILE, CloseFile> input(std::fopen(file.c_str(), "rb"));
    std::array<char, 2> magic{};
    return input && std::fread(magic.data(), 1, magic.size(), input.get()) == magic.size() &&
           std::string_view(magic.data(), magic.size()) == kGzipMagic;
}

} // namespace

std::unique_ptr<ByteReader> ByteReader::open(const std::filesystem::path& file) {
    checkReadable(file);
    std::error_code code;
    if (std::filesystem::is_regular_file(file, code) && isGzip(file))
        return std::make_unique<GzipReader>(file);
    return std::make_unique<ArchiveReader>(file);
}

void checkReadable(const std::filesystem::path& file) {
    std::error_code code;
    if (!std::filesystem::exists(file, code))
        throw InputError(file.string() + ": no such file; check the path");
    if (std::filesystem::is_directory(file, code))
        throw InputError(file.string() + ": is a directory; name a data file in it");
    if (::access(file.c_str(), R_OK) != 0)
        throw InputError(file.string() + ": cannot be read; check its permissions");
    if (std::filesystem::is_regular_file(file, code) && std::filesystem::file_size(file, code) == 0)
        failEmpty(file);
}

void failDamaged(const std::filesystem::path& file, const std::string& reason, const std::string& where) {
    throw InputError(file.string() + ": is damaged or cut short" + where + ": " + reason +
                     "; get or pack the file again");
}

} // namespace zipml
