#pragma once
/// Khronos' C++ bindings as this floor uses them: OpenCL 1.2, errors as exceptions.

#define CL_HPP_ENABLE_EXCEPTIONS
#define CL_HPP_MINIMUM_OPENCL_VERSION 120
#define CL_HPP_TARGET_OPENCL_VERSION 120
#include <CL/opencl.hpp>
