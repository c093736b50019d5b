#pragma once
/// Memory on a device, of one type.

#include "accel/context.h"

#include <span>
#include <type_traits>
#include <vector>

namespace zipml {

/// @throws OpenClError that names size and device when the memory is not to be had
cl::Buffer allocate(const ComputeContext& context, std::size_t bytes);

/// Assigning one throws where the driver cannot release what it held.
template <class T>
class DeviceBuffer { // NOLINT(bugprone-exception-escape)
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    DeviceBuffer() = default;
    /// Holds nothing defined. Never empty, so that it can be a kernel's argument.
    DeviceBuffer(const ComputeContext& context, std::size_t count)
        : queue_(context.queue), buffer_(allocate(context, std::max<std::size_t>(count, 1) * sizeof(T))),
          count_(count) {}
    DeviceBuffer(const ComputeContext& context, std::span<const T> values)
        : DeviceBuffer(context, values.size()) {
        write(values);
    }

    [[nodiscard]] std::size_t size() const { return count_; }
    [[nodiscard]] const cl::Buffer& get() const { return buffer_; }

    /// Returns when `values` may change.
    void write(std::span<const T> values, std::size_t at = 0) {
        if (!values.empty())
            openCl("write to a buffer", [&] {
                queue_.enqueueWriteBuffer(buffer_, CL_TRUE, at * sizeof(T), values.size_bytes(),
                                          values.data());
            });
    }
    /// Waits for all that was enqueued before.
    void read(std::span<T> values, std::size_t at = 0) const {
        if (!values.empty())
            openCl("read from a buffer", [&] {
                queue_.enqueueReadBuffer(buffer_, CL_TRUE, at * sizeof(T), values.size_bytes(),
                                         values.data());
            });
    }
    [[nodiscard]] std::vector<T> read() const {
        std::vector<T> values(count_);
        read(values);
        return values;
    }

  private:
    cl::CommandQueue queue_;
    cl::Buffer buffer_;
    std::size_t count_ = 0;
};

} // namespace zipml
