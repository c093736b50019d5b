#pragma once
/// Where an estimator's copies of a sample come from: the exact data, the packed store, or fresh roundings.

#include "core/base/random.h"
#include "core/estimate/gradient_method.h"
#include "core/quant/row_rounder.h"
#include "core/quant/sample_store.h"

#include <memory>

namespace zipml {

class SampleSource {
  public:
    virtual ~SampleSource() = default;
    /// @param scratch room for copies * features values; the view may point into it
    virtual SampleView sample(std::uint32_t row, std::span<double> scratch) const = 0;
};

/// The data itself.
class ExactSource final : public SampleSource {
  public:
    explicit ExactSource(const Dataset& data) : data_(data) {}
    SampleView sample(std::uint32_t row, std::span<double> scratch) const override;

  private:
    const Dataset& data_;
};

/// The packed store, as read in a given epoch.
class StoreSource final : public SampleSource {
  public:
    StoreSource(const SampleStore& store, std::uint32_t epoch) : store_(store), epoch_(epoch) {}
    SampleView sample(std::uint32_t row, std::span<double> scratch) const override;

  private:
    const SampleStore& store_;
    std::uint32_t epoch_;
};

/// Rounds on the fly, for measurements that need another rounding at each draw.
class FreshSource final : public SampleSource {
  public:
    /// @param draw keys the roundings: another draw gives independent ones
    FreshSource(const Dataset& data, std::span<const Grid> grids, const GradientMethod& method,
                std::uint64_t seed, std::uint32_t draw);
    /// One of many draws, which share what rounds.
    FreshSource(const Dataset& data, std::shared_ptr<const RowRounder> rounder, const GradientMethod& method,
                std::uint64_t seed, std::uint32_t draw);
    SampleView sample(std::uint32_t row, std::span<double> scratch) const override;

  private:
    const Dataset& data_;
    std::shared_ptr<const RowRounder> rounder_;
    std::vector<RandomStream> streams_; ///< one a copy
};

} // namespace zipml
