#pragma once
/// How much memory a data set may take, and the error when it would take more.

#include "core/base/page_buffer.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace zipml {

/// What scaling, levels, model and summary keep for a feature, roughly: decides where features are many and
/// rows are few.
constexpr double kBytesPerFeature = 500;

/// Bytes that this process can still use: the machine's available memory, its control group's and its own
/// limit.
std::uint64_t availableMemoryBytes();

/// The most bytes that this process has had in memory at once; pages of mapped files count while they are
/// mapped.
std::uint64_t peakResidentBytes();

/// @throws InputError naming the file, what it needs and what there is, when `neededBytes` is above
/// `limitBytes`.
void requireMemory(const std::filesystem::path& file, double neededBytes, std::uint64_t limitBytes);

/// Makes room for `more` values, so that growth is checked before it happens.
/// @param share of the file read so far, 0 to 1, from which the final size is guessed
/// @throws InputError as above
template <class T>
void makeRoom(std::vector<T>& values, std::size_t more, double share, const std::filesystem::path& file,
              std::uint64_t limitBytes) {
    if (values.capacity() - values.size() >= more)
        return;
    const auto size = static_cast<double>(values.size());
    const double least = size + static_cast<double>(more);
    const double guess = share > 0.01 ? least / share : least;
    constexpr auto kBytes = static_cast<double>(sizeof(T));
    // Rows and compression vary along a file, so a guess alone refuses only what is far too much.
    if (guess > 2 * static_cast<double>(limitBytes) / kBytes)
        requireMemory(file, guess * kBytes, limitBytes);
    // While the values move, the old and the new room exist side by side.
    double room = std::max(guess * 1.02, size * 1.5);
    if ((size + room) * kBytes > static_cast<double>(limitBytes))
        room = least * 1.1;
    requireMemory(file, (size + room) * kBytes, limitBytes);
    values.reserve(std::max(values.size() + more, static_cast<std::size_t>(room)));
    adviseHugePages(values.data(), values.capacity() * sizeof(T));
}

} // namespace zipml
