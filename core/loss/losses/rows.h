#pragma once
/// The rows of the table of losses, one a file of this folder; losses.def lists them.

#include "core/loss/loss_row.h"

namespace zipml {

#define LOSS(row) extern const LossRow row;
#include "core/loss/losses/losses.def"
#undef LOSS

} // namespace zipml
