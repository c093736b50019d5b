#pragma once
/// A large block of bytes, zero at first, aligned to pages and on huge pages where the system has them:
/// walking through gigabytes with 4 kB pages costs up to a third of the bandwidth.

#include <cstddef>
#include <utility>

namespace zipml {

/// Asks for huge pages under memory that somebody else allocated and that is not in use yet, such as a
/// vector's reserve: under the part of it that they fit into. Without any all works, slower.
void adviseHugePages(void* data, std::size_t bytes);

class PageBuffer {
  public:
    PageBuffer() = default;
    /// @param bytes may be read a line (64 bytes) past the end. @throws std::bad_alloc
    explicit PageBuffer(std::size_t bytes);
    ~PageBuffer();
    PageBuffer(PageBuffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
    PageBuffer& operator=(PageBuffer&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    PageBuffer(const PageBuffer&) = delete;
    PageBuffer& operator=(const PageBuffer&) = delete;

    [[nodiscard]] unsigned char* data() { return data_; }
    [[nodiscard]] const unsigned char* data() const { return data_; }
    [[nodiscard]] std::size_t size() const { return bytes_; }

  private:
    [[nodiscard]] std::size_t mappedBytes() const;
    unsigned char* data_ = nullptr;
    std::size_t bytes_ = 0;
};

} // namespace zipml
