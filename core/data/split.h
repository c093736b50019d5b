#pragma once
/// A seeded split of one data set into training and test rows.

#include "core/data/dataset.h"

#include <cstdint>

namespace zipml {

/// Keeps round(share * rows) rows for training, at least 1 row on each side, in file order.
/// @param share (0, 1]; 1 leaves `data` whole and the test part empty
/// @return the test rows; `data` keeps the training rows. @throws InputError when there are too few rows to
/// split.
Dataset splitOffTest(Dataset& data, double share, std::uint64_t seed);

} // namespace zipml
