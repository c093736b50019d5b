#pragma once
/// A bit advisor's page for those who build the hardware: what to store, why, and how far it was proved.

#include "core/advise/proof.h"

#include <filesystem>

namespace zipml::ui {

/// A QApplication must be alive. @param proof null: it was not proved @param file .html (self-contained) or
/// .pdf @throws InputError for another ending; RunError when it cannot be written
void writeAdviceReport(const Advice& advice, double tolerance, const Proof* proof,
                       const std::filesystem::path& file);

} // namespace zipml::ui
