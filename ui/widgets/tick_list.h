#pragma once
/// A tick list has a box for each of several choices, one below the other.

#include "core/base/names.h"
#include "ui/widgets/text.h"

#include <QCheckBox>

#include <algorithm>
#include <vector>

namespace zipml::ui {

class TickList : public QWidget {
    Q_OBJECT
  public:
    explicit TickList(QWidget* parent);

    /// At the end, without a tick. @param name of the box
    QCheckBox* add(const QString& name, const QString& title, const QString& help);
    void clear();
    [[nodiscard]] const QList<QCheckBox*>& boxes() const { return boxes_; }

  signals:
    /// A box was ticked, or no longer is.
    void changed();

  private:
    QList<QCheckBox*> boxes_;
};

/// Of values that have names, and are called by them.
template <class Enum>
class EnumTicks : public TickList {
  public:
    EnumTicks(std::vector<Enum> values, QWidget* parent) : TickList(parent), values_(std::move(values)) {
        for (const Enum value : values_) {
            const auto& entry = entryOf(value);
            add(toQt(entry.name), toQt(entry.title), toQt(entry.summary));
        }
    }
    [[nodiscard]] const std::vector<Enum>& values() const { return values_; }
    [[nodiscard]] QCheckBox* box(std::size_t index) const { return boxes()[static_cast<qsizetype>(index)]; }
    /// Those that can be chosen, too.
    [[nodiscard]] std::vector<Enum> ticked() const {
        std::vector<Enum> all;
        for (std::size_t i = 0; i < values_.size(); ++i)
            if (box(i)->isChecked() && box(i)->isEnabledTo(this))
                all.push_back(values_[i]);
        return all;
    }
    void tick(const std::vector<Enum>& wanted) {
        for (std::size_t i = 0; i < values_.size(); ++i)
            box(i)->setChecked(std::ranges::find(wanted, values_[i]) != wanted.end());
    }

  private:
    std::vector<Enum> values_;
};

} // namespace zipml::ui
