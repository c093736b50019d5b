/// Loaded before the C library ($LD_PRELOAD): counts the calls by which a program writes, maps, allocates and
/// starts threads, and makes one of them fail, or ends the process there as a power cut would.
///
/// $ZIPML_SYSTEM_FAULT is KIND:N, the Nth call (from 1) of KIND fails; KIND:N+ all from there on; KIND:N! the
/// process is killed before that call. $ZIPML_SYSTEM_COUNTS names a file that is given "KIND COUNT" a line at
/// the end. Kinds: "write" (into regular files), "sync", "rename", "map" (of files), "allocate" (from 1 MB
/// on), "thread". $ZIPML_SYSTEM_PROGRAM: only in the program of this name, not in those that start it.

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
}

namespace {

enum Kind : std::size_t { Write, Sync, Rename, Map, Allocate, Thread, Kinds };
constexpr std::array<const char*, Kinds> kNames{"write", "sync", "rename", "map", "allocate", "thread"};
constexpr std::size_t kLargeAllocation = 1U << 20U;

std::array<std::atomic<long>, Kinds> counts{};
std::size_t failing = Kinds;
long first = 0;
char action = 0; // 0: one call fails; '+': all from there on; '!': the process ends

bool strikes(Kind kind) {
    const long call = ++counts[kind];
    if (kind != failing || (action == '+' ? call < first : call != first))
        return false;
    if (action == '!')
        ::kill(::getpid(), SIGKILL);
    return true;
}

bool isRegular(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

template <class Result>
Result failed(int reason, Result result) {
    errno = reason;
    return result;
}

__attribute__((constructor)) void begin() {
    const char* program = std::getenv("ZIPML_SYSTEM_PROGRAM");
    char own[4096] = "";
    if (program != nullptr && ::readlink("/proc/self/exe", own, sizeof own - 1) > 0) {
        const char* slash = std::strrchr(own, '/');
        if (std::strcmp(slash != nullptr ? slash + 1 : own, program) != 0)
            return;
    }
    char kind[16] = "";
    const char* text = std::getenv("ZIPML_SYSTEM_FAULT");
    if (text == nullptr || std::sscanf(text, "%15[a-z]:%ld%c", kind, &first, &action) < 2)
        return;
    for (std::size_t k = 0; k < Kinds; ++k)
        if (std::strcmp(kind, kNames[k]) == 0) {
            for (auto& count : counts)
                count = 0;
            failing = k;
        }
}

__attribute__((destructor)) void end() {
    const char* file = std::getenv("ZIPML_SYSTEM_COUNTS");
    if (file == nullptr)
        return;
    const int descriptor = ::open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    for (std::size_t k = 0; k < Kinds; ++k) {
        char line[64];
        const int length = std::snprintf(line, sizeof line, "%s %ld\n", kNames[k], counts[k].load());
        ::syscall(SYS_write, descriptor, line, length);
    }
    ::close(descriptor);
}

} // namespace

extern "C" {

ssize_t write(int descriptor, const void* bytes, std::size_t count) {
    if (isRegular(descriptor) && strikes(Write))
        return failed<ssize_t>(ENOSPC, -1);
    return ::syscall(SYS_write, descriptor, bytes, count);
}

ssize_t writev(int descriptor, const iovec* parts, int count) {
    if (isRegular(descriptor) && strikes(Write))
        return failed<ssize_t>(ENOSPC, -1);
    return ::syscall(SYS_writev, descriptor, parts, count);
}

ssize_t pwrite(int descriptor, const void* bytes, std::size_t count, off_t at) {
    if (strikes(Write))
        return failed<ssize_t>(ENOSPC, -1);
    return ::syscall(SYS_pwrite64, descriptor, bytes, count, at);
}
ssize_t pwrite64(int descriptor, const void* bytes, std::size_t count, off_t at) {
    return pwrite(descriptor, bytes, count, at);
}

int fsync(int descriptor) {
    return strikes(Sync) ? failed(EIO, -1) : static_cast<int>(::syscall(SYS_fsync, descriptor));
}
int fdatasync(int descriptor) {
    return strikes(Sync) ? failed(EIO, -1) : static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

int rename(const char* from, const char* to) {
    return strikes(Rename) ? failed(EIO, -1)
                           : static_cast<int>(::syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

void* mmap(void* at, std::size_t length, int protection, int flags, int descriptor, off_t offset) {
    if (descriptor >= 0 ? strikes(Map) : length >= kLargeAllocation && strikes(Allocate))
        return failed<void*>(ENOMEM, MAP_FAILED);
    return reinterpret_cast<void*>(::syscall(SYS_mmap, at, length, protection, flags, descriptor, offset));
}
void* mmap64(void* at, std::size_t length, int protection, int flags, int descriptor, off_t offset) {
    return mmap(at, length, protection, flags, descriptor, offset);
}

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*work)(void*),
                   void* argument) {
    static const auto real =
        reinterpret_cast<decltype(&pthread_create)>(::dlsym(RTLD_NEXT, "pthread_create"));
    return strikes(Thread) ? EAGAIN : real(thread, attributes, work, argument);
}

void* malloc(std::size_t size) {
    return size >= kLargeAllocation && strikes(Allocate) ? failed<void*>(ENOMEM, nullptr)
                                                         : __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    return size != 0 && count >= kLargeAllocation / size && strikes(Allocate) ? failed<void*>(ENOMEM, nullptr)
                                                                              : __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) {
    return size >= kLargeAllocation && strikes(Allocate) ? failed<void*>(ENOMEM, nullptr)
                                                         : __libc_realloc(block, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return size >= kLargeAllocation && strikes(Allocate) ? failed<void*>(ENOMEM, nullptr)
                                                         : __libc_memalign(alignment, size);
}
void* memalign(std::size_t alignment, std::size_t size) {
    return aligned_alloc(alignment, size);
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
    *block = aligned_alloc(alignment, size);
    return *block == nullptr ? ENOMEM : 0;
}

} // extern "C"
