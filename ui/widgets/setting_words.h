#pragma once
/// What settings are called on the screen, in one table: panels label their controls with it, and messages,
/// undo and search say the same words.

#include <QString>

#include <string>
#include <string_view>

namespace zipml::ui {

/// "&Loss", with its mnemonic; the key's own name where no control stands for it.
QString labelOf(std::string_view key);
/// "Loss"
QString titleOf(std::string_view key);
/// "Logistic" of the key "loss" and the value "logistic"; other values as they are.
QString valueTitle(std::string_view key, const std::string& value);

/// A message of the core, which speaks of keys, flags and names as they are typed, in the words on the
/// screen: "grid: ... ; use grid uniform" becomes "Grid: ...; use Grid Uniform".
QString inWindowWords(const std::string& message);

} // namespace zipml::ui
