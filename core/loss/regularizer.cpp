#include "core/loss/regularizer.h"

#include "core/base/number_text.h"
#include "core/loss/regularizers/rows.h"

namespace zipml {
namespace {

struct Table {
    std::vector<const RegularizerRow*> rows;
    std::vector<Named<RegularizerKind>> names;

    Table() {
#define REGULARIZER(row) add(row);
#include "core/loss/regularizers/regularizers.def"
#undef REGULARIZER
    }

    RegularizerKind add(const RegularizerRow& row) {
        const auto kind = static_cast<RegularizerKind>(rows.size());
        rows.push_back(&row);
        names.push_back({kind, row.name, row.title, row.summary});
        return kind;
    }
};

Table& table() {
    static Table all;
    return all;
}

} // namespace

template <>
std::span<const Named<RegularizerKind>> namesOf<RegularizerKind>() {
    return table().names;
}

const RegularizerRow& rowOf(RegularizerKind kind) {
    return *table().rows.at(static_cast<std::size_t>(kind));
}

RegularizerKind addRegularizer(const RegularizerRow& row) {
    return table().add(row);
}

double Regularizer::value(const Eigen::VectorXd& weights) const {
    const auto of = rowOf(kind).value;
    return of == nullptr ? 0 : of(*this, weights);
}

void Regularizer::applyProximalStep(Eigen::VectorXd& weights, double step) const {
    if (const auto apply = rowOf(kind).proximal)
        apply(*this, weights, step);
}

Regularizer parseRegularizer(const std::string& text) {
    const auto colon = text.find(':');
    Regularizer result;
    result.kind = parseName<RegularizerKind>(std::string_view(text).substr(0, colon), "regularizer");
    const RegularizerRow& row = rowOf(result.kind);
    const auto numbers =
        colon == std::string::npos
            ? std::vector<double>{}
            : parseFiniteList(std::string_view(text).substr(colon + 1)).value_or(std::vector<double>{});
    if (row.read == nullptr ? colon != std::string::npos : !row.read(numbers, result))
        throw InputError("regularizer: '" + text + "': write " + std::string(row.form));
    return result;
}

std::string regularizerForms() {
    std::string forms;
    for (const RegularizerRow* row : table().rows)
        forms.append(forms.empty() ? "" : "|")
            .append(row->read == nullptr ? row->name : row->form.substr(0, row->form.find(' ')));
    return forms;
}

std::string toString(const Regularizer& regularizer) {
    const RegularizerRow& row = rowOf(regularizer.kind);
    std::string text(row.name);
    if (row.numbers == nullptr)
        return text;
    for (const double number : row.numbers(regularizer))
        text.append(text.size() == row.name.size() ? ":" : ",").append(shortest(number));
    return text;
}

} // namespace zipml
