#include "core/data/formats/stored_bytes.h"

#include "core/base/error.h"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace zipml {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;

class PlainBytes final : public StoredBytes {
  public:
    explicit PlainBytes(const std::filesystem::path& file)
        : StoredBytes(file.string()), descriptor_(::open(file.c_str(), O_RDONLY | O_CLOEXEC)),
          size_(std::filesystem::file_size(file)) {
        if (descriptor_ < 0)
            throw InputError(file.string() + ": cannot be read; check its permissions");
    }
    PlainBytes(const PlainBytes&) = delete;
    PlainBytes& operator=(const PlainBytes&) = delete;
    ~PlainBytes() override { ::close(descriptor_); }

    std::size_t readSome(std::size_t at, std::span<char> bytes) override {
        std::size_t count = 0;
        while (count < bytes.size() && at + count < size_) {
            const auto got = ::pread(descriptor_, bytes.data() + count, bytes.size() - count,
                                     static_cast<off_t>(at + count));
            if (got <= 0)
                break;
            count += static_cast<std::size_t>(got);
        }
        return count;
    }
    std::size_t countUpTo(std::size_t most, const Job& /*job*/) override { return std::min(most, size_); }
    [[nodiscard]] bool anywhere() const override { return true; }

  private:
    const int descriptor_;
    const std::size_t size_;
};

class StreamedBytes final : public StoredBytes {
  public:
    StreamedBytes(std::string where, std::function<std::unique_ptr<ByteReader>()> open)
        : StoredBytes(std::move(where)), open_(std::move(open)), reader_(open_()),
          compression_(reader_->compression()) {}

    std::size_t readSome(std::size_t at, std::span<char> bytes) override {
        if (at < next_)
            begin();
        skipTo(at);
        std::size_t count = 0;
        while (count < bytes.size()) {
            const std::size_t got = take(bytes.subspan(count));
            if (got == 0)
                break;
            count += got;
        }
        return count;
    }
    std::size_t countUpTo(std::size_t most, const Job& job) override {
        begin();
        std::vector<char> unused(kPiece);
        while (next_ < most) {
            job.checkpoint();
            if (take(std::span(unused).first(std::min(kPiece, most - next_))) == 0)
                break;
        }
        const std::size_t count = next_;
        begin();
        return count;
    }
    [[nodiscard]] bool anywhere() const override { return false; }
    [[nodiscard]] std::string compression() const override { return compression_; }

  private:
    void begin() {
        if (next_ == 0)
            return;
        reader_ = open_();
        next_ = 0;
    }
    void skipTo(std::size_t at) {
        std::vector<char> unused(std::min(kPiece, at - next_));
        while (next_ < at && take(std::span(unused).first(std::min(unused.size(), at - next_))) > 0) {
        }
    }
    std::size_t take(std::span<char> bytes) {
        const std::size_t got = reader_->read(bytes.data(), bytes.size());
        if (!reader_->fault().empty())
            failDamaged(where(), reader_->fault(), "");
        next_ += got;
        return got;
    }

    const std::function<std::unique_ptr<ByteReader>()> open_;
    std::unique_ptr<ByteReader> reader_;
    const std::string compression_;
    std::size_t next_ = 0; ///< place that the reader stands at
};

class HeldBytes final : public StoredBytes {
  public:
    HeldBytes(std::string where, std::string bytes, std::string compression)
        : StoredBytes(std::move(where)), bytes_(std::move(bytes)), compression_(std::move(compression)) {}

    std::size_t readSome(std::size_t at, std::span<char> bytes) override {
        const std::size_t count = at < bytes_.size() ? std::min(bytes.size(), bytes_.size() - at) : 0;
        if (count > 0)
            std::memcpy(bytes.data(), bytes_.data() + at, count);
        return count;
    }
    std::size_t countUpTo(std::size_t most, const Job& /*job*/) override {
        return std::min(most, bytes_.size());
    }
    [[nodiscard]] bool anywhere() const override { return true; }
    [[nodiscard]] std::string compression() const override { return compression_; }

  private:
    const std::string bytes_;
    const std::string compression_;
};

} // namespace

void StoredBytes::read(std::size_t at, std::span<char> bytes) {
    if (readSome(at, bytes) != bytes.size())
        throw InputError(where_ + ": ends in the middle; it is cut short or damaged");
}

std::unique_ptr<StoredBytes> openStoredBytes(const std::filesystem::path& file) {
    const auto open = [file] { return ByteReader::open(file); };
    std::error_code code;
    if (open()->compression() == "none" && std::filesystem::is_regular_file(file, code))
        return std::make_unique<PlainBytes>(file);
    return streamedBytes(file.string(), open);
}

std::unique_ptr<StoredBytes> streamedBytes(std::string where,
                                           std::function<std::unique_ptr<ByteReader>()> open) {
    return std::make_unique<StreamedBytes>(std::move(where), std::move(open));
}

std::unique_ptr<StoredBytes> heldBytes(std::string where, std::string bytes, std::string compression) {
    return std::make_unique<HeldBytes>(std::move(where), std::move(bytes), std::move(compression));
}

} // namespace zipml
