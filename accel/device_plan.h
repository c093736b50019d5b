#pragma once
/// What an epoch's kernels need to know, as it lies in the device's memory.

#include "accel/opencl.h"
#include "core/loss/loss_kind.h"

namespace zipml {

/// `Plan` of accel/kernels/step.cl, field by field.
struct DevicePlan {
    enum : cl_uint { kNone, kShrink, kBox, kBall };

    cl_double step = 0;
    cl_double threshold = 0, shrink = 1;  ///< kShrink
    cl_double low = 0, high = 0;          ///< kBox
    cl_double radius = 0;                 ///< kBall
    cl_double positive = 1, negative = 1; ///< weights of the classes
    cl_ulong seed = 0;                    ///< of the roundings of model and gradient
    cl_ulong storeSeed = 0;               ///< of the coins
    cl_ulong averageSkip = 0;             ///< of the epoch's steps, before the tail
    cl_ulong averageCount = 0;            ///< iterates in the mean so far
    cl_uint epoch = 0, batch = 0, rows = 0, features = 0;
    cl_uint mostChunks = 0, unitRows = 0, blockRows = 0, proximal = kNone;
    cl_uint modelBits = 32, modelMost = 0, gradientBits = 32, gradientMost = 0; ///< most: scale max, not norm
    cl_uint corrected = 0, counted = 0, averaged = 0, intercept = 0;
    cl_uint parts = 1, loss = 0; ///< deviceLoss
};
static_assert(sizeof(DevicePlan) == 12 * 8 + 18 * 4);

/// As kernels/loss.cl numbers it. @throws std::bad_optional_access for a loss that is not there
inline cl_uint deviceLoss(LossKind kind) {
    return static_cast<cl_uint>(rowOf(kind).onDevices.value());
}

} // namespace zipml
