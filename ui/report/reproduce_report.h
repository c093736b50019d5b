#pragma once
/// What `zipml reproduce` found, to read and to pass on.

#include "core/reproduce/reproduce.h"

namespace zipml::ui {

/// Writes report.html (self-contained), report.md with figures/*.svg beside it, and claims.json into the
/// result's folder. A QApplication must be alive. @throws RunError when one cannot be written
void writeReproduceReport(const ReproduceResult& result);

} // namespace zipml::ui
