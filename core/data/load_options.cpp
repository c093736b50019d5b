#include "core/data/load_options.h"

#include "core/base/error.h"
#include "core/base/number_text.h"
#include "core/data/formats/format.h"

namespace zipml {

std::vector<std::string> formatNames() {
    std::vector<std::string> names;
    for (const Format& format : formats())
        names.emplace_back(format.name);
    return names;
}

MissingPolicy missingPolicy(const std::string& text) {
    using Kind = MissingPolicy::Kind;
    constexpr std::pair<std::string_view, Kind> kNames[] = {
        {"refuse", Kind::Refuse}, {"drop", Kind::Drop}, {"mean", Kind::Mean}, {"median", Kind::Median}};
    for (const auto& [name, kind] : kNames)
        if (text == name)
            return {kind, 0};
    constexpr std::string_view kConstant = "constant:";
    if (text.starts_with(kConstant))
        if (const auto value = parseFinite(std::string_view(text).substr(kConstant.size())))
            return {Kind::Constant, *value};
    throw InputError("missing: '" + text +
                     "' is unknown; choose one of refuse, drop, mean, median, constant:X");
}

} // namespace zipml
