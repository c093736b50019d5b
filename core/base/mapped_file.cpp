#include "core/base/mapped_file.h"

#include <cerrno>
#include <csignal>
#include <mutex>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace zipml {

/// Of a mapping, where the signal's handler finds it. Never freed, so that the handler takes no lock.
struct MappingGuard {
    std::atomic<std::uintptr_t> begin = 0, end = 0; ///< end 0: of no mapping now
    std::atomic<std::atomic<bool>*> lost = nullptr;
    bool taken = false; ///< under the mutex
    MappingGuard* next = nullptr;
};

namespace {

std::atomic<MappingGuard*> firstGuard = nullptr;
std::mutex guardsMutex;
struct sigaction before = {};

void passOn(int signal, siginfo_t* info, void* context) {
    if ((before.sa_flags & SA_SIGINFO) != 0 && before.sa_sigaction != nullptr)
        before.sa_sigaction(signal, info, context);
    else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
        before.sa_handler(signal);
    else if (before.sa_handler == SIG_DFL || info->si_code > 0) { // a real one cannot be ignored
        struct sigaction usual = {};
        usual.sa_handler = SIG_DFL;
        ::sigaction(signal, &usual, nullptr);
        ::raise(signal); // comes when this one was handled
    }
}

/// Puts a page of zeros in the place of the one that is gone.
void onBusError(int signal, siginfo_t* info, void* context) {
    const int error = errno;
    const auto at = reinterpret_cast<std::uintptr_t>(info->si_addr);
    for (MappingGuard* guard = firstGuard.load(); guard != nullptr; guard = guard->next) {
        if (at < guard->begin.load() || at >= guard->end.load())
            continue;
        const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
        void* const from = reinterpret_cast<void*>(at / page * page); // NOLINT(performance-no-int-to-ptr)
        if (::mmap(from, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
            break;
        guard->lost.load()->store(true);
        errno = error;
        return;
    }
    errno = error;
    passOn(signal, info, context);
}

MappingGuard* guardFor(std::uintptr_t begin, std::uintptr_t end, std::atomic<bool>& lost) {
    const std::lock_guard lock(guardsMutex);
    if (firstGuard.load() == nullptr) {
        struct sigaction action = {};
        action.sa_sigaction = onBusError;
        action.sa_flags = SA_SIGINFO;
        ::sigaction(SIGBUS, &action, &before);
    }
    MappingGuard* guard = firstGuard.load();
    while (guard != nullptr && guard->taken)
        guard = guard->next;
    if (guard == nullptr) {
        guard = new MappingGuard;
        guard->next = firstGuard.load();
        firstGuard.store(guard);
    }
    guard->taken = true;
    guard->lost.store(&lost);
    guard->begin.store(begin);
    guard->end.store(end);
    return guard;
}

void release(MappingGuard& guard) {
    guard.end.store(0);
    const std::lock_guard lock(guardsMutex);
    guard.taken = false;
}

} // namespace

MappedFile::MappedFile(int descriptor, std::uint64_t at, std::size_t count, std::atomic<bool>& lost) {
    const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    const std::uint64_t from = at / page * page;
    bytes_ = static_cast<std::size_t>(at - from) + count;
    void* const mapped = ::mmap(nullptr, bytes_, PROT_READ, MAP_SHARED, descriptor, static_cast<off_t>(from));
    if (mapped == MAP_FAILED)
        throw std::system_error(errno, std::generic_category());
    from_ = mapped;
    data_ = static_cast<const unsigned char*>(mapped) + (at - from);
    const auto begin = reinterpret_cast<std::uintptr_t>(mapped);
    guard_ = guardFor(begin, begin + (bytes_ + page - 1) / page * page, lost);
}

MappedFile::~MappedFile() {
    unmap();
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : from_(std::exchange(other.from_, nullptr)), bytes_(other.bytes_), data_(other.data_),
      guard_(std::exchange(other.guard_, nullptr)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    if (this == &other)
        return *this;
    unmap();
    from_ = std::exchange(other.from_, nullptr);
    bytes_ = other.bytes_;
    data_ = other.data_;
    guard_ = std::exchange(other.guard_, nullptr);
    return *this;
}

void MappedFile::unmap() {
    if (from_ == nullptr)
        return;
    release(*guard_);
    ::munmap(from_, bytes_);
    from_ = nullptr;
}

void MappedFile::fetch() const {
    ::madvise(from_, bytes_, MADV_WILLNEED);
}

} // namespace zipml
