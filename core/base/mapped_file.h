#pragma once
/// A part of a file in memory, read only, that outlives the file's end: whoever reads what the file no longer
/// has, because it was cut off or its disk failed, gets zeros in the place of the signal SIGBUS, and a flag
/// says so. (As Wayland's shared pools, libwayland's wl_shm_buffer_begin_access.)

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace zipml {

struct MappingGuard;

class MappedFile {
  public:
    /// Nothing is mapped.
    MappedFile() = default;
    /// Maps bytes [at, at + count) of an open file. @param count at least 1 @param lost becomes true when
    /// zeros were read, from any thread; outlives this. @throws std::system_error, as where the address space
    /// does not hold them
    MappedFile(int descriptor, std::uint64_t at, std::size_t count, std::atomic<bool>& lost);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;

    [[nodiscard]] bool mapped() const { return from_ != nullptr; }
    /// The byte at `at`.
    [[nodiscard]] const unsigned char* data() const { return data_; }
    /// Asks for all of it to be read ahead.
    void fetch() const;

  private:
    void unmap();

    void* from_ = nullptr; ///< a page's begin
    std::size_t bytes_ = 0;
    const unsigned char* data_ = nullptr;
    MappingGuard* guard_ = nullptr;
};

} // namespace zipml
