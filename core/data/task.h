#pragma once
/// The task follows from the labels: two distinct ones, or texts, make a classification.

#include "core/data/dataset.h"

#include <optional>
#include <set>

namespace zipml {

/// More classes than two have labels that are whole numbers or texts, and are at most this many.
constexpr std::size_t kMostClasses = 100;

/// Distinct labels before they became floats, less the schema's offset; the first kMostClasses + 1 where
/// there are more.
std::set<double> distinctLabels(const Dataset& data);

/// Two distinct label values or texts make a classification, anything else a regression unless it is forced.
/// @throws InputError when all labels are equal ("nothing to learn"), for a forced classification when there
/// are more than two distinct values that are not classes, for a forced regression when labels are texts.
Task detectTask(const Dataset& data, std::optional<Task> forced = std::nullopt);

} // namespace zipml
