#include "core/data/formats/array_choice.h"

#include "core/base/error.h"
#include "core/data/formats/stored_array.h"
#include "core/data/number.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace zipml {
namespace {

constexpr std::string_view kMatrixNames[] = {"X", "data", "x", "features", "matrix"};
constexpr std::string_view kLabelNames[] = {"y", "Y", "label", "labels", "target", "targets"};

bool isLabelName(std::string_view name) {
    return std::ranges::count(kLabelNames, name) > 0 || name.starts_with("y_") || name.starts_with("Y_");
}

/// One value a row.
bool isColumn(const Member& member) {
    return member.shape.size() == 1 || (member.shape.size() == 2 && member.shape[1] == 1);
}

std::string listed(std::span<const Member> members) {
    constexpr std::size_t kShown = 12;
    std::string text;
    for (std::size_t m = 0; m < std::min(members.size(), kShown); ++m)
        text += (m > 0 ? ", " : "") + inQuotes(members[m].name) + " " + shapeText(members[m].shape);
    if (members.size() > kShown)
        text += " and " + std::to_string(members.size() - kShown) + " more";
    return text;
}

/// The only one for which `fits` holds.
template <class Fits>
std::optional<std::size_t> onlyOne(std::span<const Member> members, const Fits& fits) {
    const auto first = std::ranges::find_if(members, fits);
    if (first == members.end() || std::find_if(first + 1, members.end(), fits) != members.end())
        return std::nullopt;
    return static_cast<std::size_t>(first - members.begin());
}

} // namespace

std::size_t chooseMatrixMember(const std::string& file, std::span<const Member> members,
                               const LoadOptions& options) {
    if (members.empty())
        throw InputError(file + ": holds no array; numpy.savez('data.npz', X=x, y=y) writes them");
    if (!options.matrix.empty()) {
        const auto found = std::ranges::find(members, options.matrix, &Member::name);
        if (found == members.end())
            throw InputError(file + ": matrix: " + inQuotes(options.matrix) + " is not in it; it holds " +
                             listed(members));
        return static_cast<std::size_t>(found - members.begin());
    }
    const auto isMatrix = [](const Member& m) {
        return m.numbers && m.shape.size() >= 2 && !(isLabelName(m.name) && isColumn(m));
    };
    if (const auto only = onlyOne(members, isMatrix))
        return *only;
    if (const auto named = onlyOne(members, [&](const Member& m) {
            return isMatrix(m) && std::ranges::count(kMatrixNames, m.name) > 0;
        }))
        return *named;
    if (members.size() == 1)
        return 0;
    if (std::ranges::none_of(members, isMatrix))
        if (const auto column = onlyOne(members, [](const Member& m) {
                return m.numbers && !m.shape.empty() && !isLabelName(m.name);
            }))
            return *column;
    throw InputError(file + ": holds " + listed(members) +
                     "; choose the values with --matrix NAME, and their labels with --labels NAME");
}

bool labelIsWithin(const LoadOptions& options, std::size_t columns) {
    const std::string& wanted = options.labelColumn;
    if (wanted == "none" || wanted == "first" || wanted == "last")
        return true;
    std::size_t place = 0;
    const char* const end = wanted.data() + wanted.size();
    const auto [stop, error] = std::from_chars(wanted.data(), end, place);
    return error == std::errc{} && stop == end && place >= 1 && place <= columns;
}

std::optional<std::size_t> chooseLabelMember(const std::string& file, std::span<const Member> members,
                                             std::size_t matrix, std::size_t columns,
                                             const LoadOptions& options, std::vector<std::string>& notes) {
    const auto place = [&](auto found) { return static_cast<std::size_t>(found - members.begin()); };
    if (!options.labels.empty()) {
        const auto chosen = std::ranges::find(members, options.labels, &Member::name);
        if (chosen != members.end())
            return place(chosen);
        std::error_code code;
        if (!std::filesystem::exists(options.labels, code))
            throw InputError(file + ": labels: " + inQuotes(options.labels) +
                             " is neither in it nor a file; it holds " + listed(members));
        return std::nullopt;
    }
    if (labelIsWithin(options, columns))
        return std::nullopt;
    std::vector<std::string> names(std::begin(kLabelNames), std::end(kLabelNames));
    const std::string& values = members[matrix].name;
    if (values.starts_with("x_") || values.starts_with("X_")) { // the part's own labels alone
        const std::string part = values.substr(1);
        names = {"y" + part, "Y" + part};
    }
    for (const auto& name : names) {
        const auto found = std::ranges::find(members, name, &Member::name);
        if (found == members.end() || place(found) == matrix)
            continue;
        const bool fits = (found->numbers || found->texts) && isColumn(*found) &&
                          found->shape[0] == members[matrix].shape[0];
        notes.push_back(
            inQuotes(name) + " " + shapeText(found->shape) +
            (fits ? " is taken as the labels" : " is not taken as labels: it has not one value a row"));
        if (fits)
            return place(found);
    }
    return std::nullopt;
}

} // namespace zipml
