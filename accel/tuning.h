#pragma once
/// What is fastest on a device is measured when it is first asked for, and remembered in the user's cache
/// folder.
///
/// Tuned values change the order in which float32 sums are added up, never what is added: losses of two
/// tunings agree within 1e-5, as those of two devices do. The chunks that a batch's sums are cut into are not
/// tuned, and while the file is there a device repeats its results bit by bit.

#include "accel/context.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>

namespace zipml {

struct Tuning {
    std::size_t groupItems = 1; ///< work-items of a group; 1: CPUs, an item with long vectors
    std::size_t blockRows = 16; ///< rows between the dot product and the gradient
    bool manyALaunch = false;   ///< one launch for many batches; where a group is one item only
    bool operator==(const Tuning&) const = default;
};

/// $XDG_CACHE_HOME/zipml/opencl/tuning.json; empty where there is no cache folder.
std::filesystem::path tuningFile();

/// What was remembered, else what `seconds` says is fastest, which is remembered then. A file that cannot be
/// read counts as none and is written anew.
/// @param task kernels and sizes, in words: with the device and its driver the key
/// @param candidates the first one is preferred where others are not 3% faster
Tuning tunedFor(const OpenClDevice& device, const std::string& task, std::span<const Tuning> candidates,
                const std::function<double(const Tuning&)>& seconds);

} // namespace zipml
