#pragma once
/// Every kernel against the CPU's reference, on small odd shapes.

#include "accel/context.h"

#include <functional>

namespace zipml {

struct SelfTestResult {
    std::string kernel; ///< "epoch, double, 4 bits"
    std::size_t cases = 0;
    std::string failure; ///< what differs; empty: passed
    double worst = 0;    ///< largest relative difference of a loss; 0 where bytes are compared
    [[nodiscard]] bool passed() const { return failure.empty(); }
};

struct SelfTestOptions {
    bool quick = false;  ///< the smallest shapes only, for slow simulators
    bool limits = false; ///< shapes beyond what some drivers bear, too: loops of more than 65,535 rounds
};

/// @param onResult hears of each kernel
std::vector<SelfTestResult> selfTest(const ComputeContext& context, const SelfTestOptions& options,
                                     const std::function<void(const SelfTestResult&)>& onResult = {});

} // namespace zipml
