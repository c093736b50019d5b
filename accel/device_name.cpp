#include "accel/device_name.h"

#include "core/base/error.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>

namespace zipml {
namespace {

std::optional<std::size_t> placeIn(std::string_view which) {
    std::size_t place = 0;
    const auto [end, error] = std::from_chars(which.data(), which.data() + which.size(), place);
    return error == std::errc{} && end == which.data() + which.size() ? std::optional(place) : std::nullopt;
}

std::string lowered(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
    return lower;
}

} // namespace

std::string deviceNameOf(std::string_view model, std::string_view platform, std::string_view driver) {
    std::string name(model);
    name.append(" (").append(platform).append(" ").append(driver).append(")");
    std::erase(name, ',');
    return name;
}

void tellApart(std::vector<std::string>& names) {
    std::map<std::string, int> seen;
    for (std::string& name : names)
        if (const int count = ++seen[name]; count > 1)
            name += " #" + std::to_string(count);
}

std::size_t deviceMeant(std::string_view which, std::span<const std::string> names, const std::string& prefix,
                        const std::string& none) {
    if (const auto place = placeIn(which); place && *place < names.size())
        return *place;
    if (const auto whole = std::ranges::find(names, which); whole != names.end())
        return static_cast<std::size_t>(whole - names.begin());
    std::vector<std::size_t> having;
    for (std::size_t i = 0; i < names.size() && !placeIn(which); ++i)
        if (lowered(names[i]).find(lowered(which)) != std::string::npos)
            having.push_back(i);
    if (having.size() == 1)
        return having.front();
    const std::string wanted = "device: there is no " + prefix + ":" + std::string(which);
    if (names.empty())
        throw InputError(wanted + ", because " + none + ", or use device cpu");
    std::string offered;
    for (std::size_t i = 0; i < names.size(); ++i)
        offered += (i > 0 ? ", " : "") + prefix + ":" + std::to_string(i) + " (" + names[i] + ")";
    if (having.size() > 1)
        throw InputError("device: " + prefix + ":" + std::string(which) +
                         " may be several devices; this machine has " + offered);
    throw InputError(wanted + "; this machine has " + offered);
}

} // namespace zipml
