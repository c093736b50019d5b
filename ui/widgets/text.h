#pragma once
/// The core has text as UTF-8; Qt takes it from here.

#include <QString>

#include <string_view>

namespace zipml::ui {

inline QString toQt(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace zipml::ui
