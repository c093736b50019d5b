#include "core/loss/losses/rows.h"

#include <array>
#include <vector>

namespace zipml {
namespace {

/// Pointers that are there before any code runs: a loss is asked for each sample.
constexpr std::size_t kMost = 32;
constinit std::array<const LossRow*, kMost> rows{
#define LOSS(row) &(row),
#include "core/loss/losses/losses.def"
#undef LOSS
};

std::vector<Named<LossKind>>& names() {
    static std::vector<Named<LossKind>> all = [] {
        std::vector<Named<LossKind>> named;
        for (std::size_t i = 0; i < kMost && rows[i] != nullptr; ++i)
            named.push_back({static_cast<LossKind>(i), rows[i]->name, rows[i]->title, rows[i]->summary});
        return named;
    }();
    return all;
}

} // namespace

template <>
std::span<const Named<LossKind>> namesOf<LossKind>() {
    return names();
}

const LossRow& rowOf(LossKind kind) {
    return *rows[static_cast<std::size_t>(kind)];
}

LossKind addLoss(const LossRow& row) {
    const auto kind = static_cast<LossKind>(names().size());
    rows.at(names().size()) = &row;
    names().push_back({kind, row.name, row.title, row.summary});
    return kind;
}

bool needsTwoClasses(LossKind kind) {
    return rowOf(kind).twoClasses;
}

bool isQuadratic(LossKind kind) {
    return rowOf(kind).quadratic;
}

std::string_view reportedForm(LossKind kind) {
    return rowOf(kind).form;
}

} // namespace zipml
