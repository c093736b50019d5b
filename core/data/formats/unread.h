#pragma once
/// Formats that are known and not read: refused by name, with one line on how to convert them.

#include "core/data/formats/format.h"

namespace zipml {

/// @throws InputError where the file is in one of them.
void refuseUnread(const FileStart& start);

} // namespace zipml
