#pragma once
/// Handles of libhdf5's C API that close themselves, and the lock around every use of it: Debian's serial
/// build is not thread-safe.

#include <hdf5.h>
#include <mutex>
#include <string>
#include <utility>

namespace zipml {

/// Held while libhdf5 is used; one thread may hold several. The first one readies the library.
class Hdf5Lock {
  public:
    Hdf5Lock();

  private:
    std::unique_lock<std::recursive_mutex> lock_;
};

/// In a process that was made while this thread held the lock (core/base/trial.h): the lock knows threads by
/// their numbers, and this one has another now.
void onlyThreadOfHdf5();

class Hdf5Handle {
  public:
    using Close = herr_t (*)(hid_t);

    Hdf5Handle() = default;
    Hdf5Handle(hid_t id, Close close) : id_(id), close_(close) {}
    Hdf5Handle(Hdf5Handle&& other) noexcept
        : id_(std::exchange(other.id_, H5I_INVALID_HID)), close_(other.close_) {}
    Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
        std::swap(id_, other.id_);
        std::swap(close_, other.close_);
        return *this;
    }
    ~Hdf5Handle() {
        if (id_ < 0)
            return;
        const Hdf5Lock lock;
        close_(id_);
    }

    [[nodiscard]] hid_t id() const { return id_; }
    explicit operator bool() const { return id_ >= 0; }

  private:
    hid_t id_ = H5I_INVALID_HID;
    Close close_ = nullptr;
};

/// What libhdf5 says was wrong in the call that failed last, the innermost reason; "" when it says nothing.
std::string hdf5Reason();

} // namespace zipml
