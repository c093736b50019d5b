#pragma once
/// Consecutive indices, from `begin` to in front of `end`.

#include <cstddef>

namespace zipml {

struct IndexRange {
    std::size_t begin, end;
    [[nodiscard]] std::size_t size() const { return end - begin; }
};

} // namespace zipml
