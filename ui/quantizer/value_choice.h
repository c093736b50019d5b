#pragma once
/// Which values the page looks at, and how they are fetched.

#include "core/data/distribution.h"
#include "core/lab/prepare.h"
#include "core/quant/sorted_values.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

namespace zipml::ui {

enum class ValueKind { Generated, TrainingData, Model, Gradient };

struct ValueChoice {
    ValueKind kind = ValueKind::Generated;
    Distribution distribution = Distribution::Bimodal; ///< Generated
    std::size_t count = 100'000;                       ///< Generated
    std::optional<std::size_t> feature = 0;            ///< TrainingData; empty: all, scaled
    RunSpec spec;           ///< TrainingData, Gradient: decides the rows and their scaling
    LinearParameters model; ///< Model, Gradient
    QString run;            ///< Model, Gradient: its name
};

struct ChosenValues {
    std::shared_ptr<const SortedValues> values;
    std::shared_ptr<const UniformYardstick> yardstick; ///< over these values
    QString title;                                     ///< "Bimodal, 100,000 values"
    QString unit;                                      ///< of the horizontal axis: "Value of x3 (scaled)"
    QStringList featureNames;                          ///< of the training data, once it is loaded
};

/// At most: above, every second, third and so on row is taken, and the title says so.
inline constexpr std::size_t kMostValues = 8'000'000;

/// Takes its time: for a worker. @param cache that the runs use too, so that data is loaded once
/// @throws InputError, Cancelled
ChosenValues fetchValues(const ValueChoice& choice, PreparedDataCache& cache, ThreadTeam& team,
                         const Job& job);

} // namespace zipml::ui
