#pragma once
/// Linear models of this lab and of other programs, read for what the lab does with a model.

#include "core/model/linear_model.h"

#include <string>

namespace zipml {

/// A model that zipml train wrote, or LIBLINEAR's liblinear-train; by its content.
/// @throws InputError, one line: missing, damaged, of a kind that is not read, and what would be right
LinearModel readAnyModel(const std::filesystem::path& file);

/// LIBLINEAR's text (save_model in its linear.cpp): a model on features as the file has them, whose spec says
/// the loss. With two classes a positive score is that of the label which stands first.
/// @param what the model is called in messages @throws InputError naming the line
LinearModel modelFromLiblinear(const std::string& text, const std::string& what);

} // namespace zipml
