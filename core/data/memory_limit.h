#pragma once
/// How much memory a data set may take, and the error when it would take more.

#include <cstdint>
#include <filesystem>

namespace zipml {

/// Bytes that this process can still use: the machine's available memory, its control group's and its own
/// limit.
std::uint64_t availableMemoryBytes();

/// What a dense data set of this shape takes while it is loaded and trained on.
double memoryFor(double rows, double features);

/// @throws InputError naming the file, what it needs and what there is, when `needed` is above `limit`.
void requireMemory(const std::filesystem::path& file, double neededBytes, std::uint64_t limitBytes);

} // namespace zipml
