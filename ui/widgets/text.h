#pragma once
/// Text of the core, which is UTF-8, for Qt.

#include <QString>

#include <string_view>

namespace zipml::ui {

inline QString toQt(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace zipml::ui
