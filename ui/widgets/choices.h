#pragma once
/// A combo box offers the values of an enum.

#include "core/base/names.h"
#include "ui/widgets/text.h"

#include <QComboBox>

#include <initializer_list>
#include <utility>

namespace zipml::ui {

/// All values of an enum that has names.
template <class Enum>
void fill(QComboBox* combo) {
    for (const auto& entry : namesOf<Enum>()) {
        combo->addItem(toQt(entry.title), static_cast<int>(entry.value));
        combo->setItemData(combo->count() - 1, toQt(entry.summary), Qt::ToolTipRole);
    }
    // A long entry must not widen the panel: the list shows it whole.
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(12);
}

/// The values of an enum of the window's own.
template <class Enum>
void fill(QComboBox* combo, std::initializer_list<std::pair<Enum, QString>> choices) {
    for (const auto& [value, title] : choices)
        combo->addItem(title, static_cast<int>(value));
}

template <class Enum>
Enum chosen(const QComboBox* combo) {
    return static_cast<Enum>(combo->currentData().toInt());
}

template <class Enum>
void choose(QComboBox* combo, Enum value) {
    combo->setCurrentIndex(combo->findData(static_cast<int>(value)));
}

} // namespace zipml::ui
