#include "core/loss/losses/rows.h"

#include <vector>

namespace zipml {

// There before any code runs.
constinit std::array<const LossRow*, kMostLosses> lossRows{
#define LOSS(row) &(row),
#include "core/loss/losses/losses.def"
#undef LOSS
};

namespace {

std::vector<Named<LossKind>>& names() {
    static std::vector<Named<LossKind>> all = [] {
        std::vector<Named<LossKind>> named;
        for (std::size_t i = 0; i < kMostLosses && lossRows[i] != nullptr; ++i)
            named.push_back(
                {static_cast<LossKind>(i), lossRows[i]->name, lossRows[i]->title, lossRows[i]->summary});
        return named;
    }();
    return all;
}

} // namespace

template <>
std::span<const Named<LossKind>> namesOf<LossKind>() {
    return names();
}

LossKind addLoss(const LossRow& row) {
    const auto kind = static_cast<LossKind>(names().size());
    lossRows.at(names().size()) = &row;
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
