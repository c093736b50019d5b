#pragma once
/// The sources of accel/kernels/*.cl, embedded by CMake.

namespace zipml::kernels {

extern const char* const philox_cl;
extern const char* const quantize_cl;
extern const char* const step_cl;
extern const char* const packed_cl;
extern const char* const rows_cl;
extern const char* const evaluate_cl;

} // namespace zipml::kernels
