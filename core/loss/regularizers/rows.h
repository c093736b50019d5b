#pragma once
/// The rows of the table of regularizers, one a file of this folder; regularizers.def lists them.

#include "core/loss/regularizer.h"

namespace zipml {

#define REGULARIZER(row) extern const RegularizerRow row;
#include "core/loss/regularizers/regularizers.def"
#undef REGULARIZER

} // namespace zipml
