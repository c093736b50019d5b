#pragma once
/// The sources of accel/kernels/*.cl, embedded by CMake.

namespace zipml::kernels {

extern const char* const philox_cl;
extern const char* const group_cl;
extern const char* const loss_cl;
extern const char* const step_cl;
extern const char* const step_kernels_cl;
extern const char* const coins_cl;
extern const char* const line_cl;
extern const char* const packed_cl;
extern const char* const packed_chunk_cl;
extern const char* const packed_group_cl;
extern const char* const odd_cl;
extern const char* const odd_group_cl;
extern const char* const rows_cl;
extern const char* const rows_group_cl;
extern const char* const batch_cl;
extern const char* const quantize_cl;
extern const char* const evaluate_cl;

} // namespace zipml::kernels
