#pragma once
/// Text for the exporters that write source code: numbers, arrays, comments.

#include "core/model/linear_model.h"

#include <functional>
#include <string>

namespace zipml::exported {

/// "0.5f", with the 9 digits that tell floats apart.
std::string asFloat(double value);
/// "0.5", with the 17 digits that tell doubles apart.
std::string asDouble(double value);
/// With up to 6 digits.
std::string inShortDouble(double value);

/// Lines of at most 100 columns, "    1, 2, 3": `count` elements with commas between.
std::string listed(std::size_t count, const std::function<std::string(std::size_t)>& element);
/// "static const TYPE NAME[SIZE] = {...};" and an empty line. @param declaration "TYPE NAME[SIZE]"
std::string cArray(const std::string& declaration, std::size_t count,
                   const std::function<std::string(std::size_t)>& element);

/// Text for a comment: one line, and nothing that ends it or begins another.
std::string commentText(const std::string& text);
/// "cadata (estimator double, 3 bits)": what the model was trained on, and how.
std::string originOf(const LinearModel& model);

/// Every occurrence of `what` in `text`.
void replaceAll(std::string& text, const std::string& what, const std::string& by);

} // namespace zipml::exported
