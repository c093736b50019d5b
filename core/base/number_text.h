#pragma once
/// Numbers in settings' texts: "0.05", "elastic:0.1,0.2".

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

/// The whole text as a finite number; empty where it is none.
std::optional<double> parseFinite(std::string_view text);
/// "0.1,2,-3"; empty where one of them is no finite number.
std::optional<std::vector<double>> parseFiniteList(std::string_view text);
/// The shortest text that reads back as the same number.
std::string shortest(double number);

} // namespace zipml
