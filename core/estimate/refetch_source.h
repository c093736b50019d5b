#pragma once
/// What refetching reads of a sample: what decides (copy 0), the rounding that is the gradient (copy 1), how
/// far the sample may be from copy 0, and, once it must be fetched, the sample itself.

#include "core/estimate/refetching.h"
#include "core/estimate/sample_source.h"

namespace zipml {

/// Distances |a - c| and sketches R(a - c) of all rows, c the middles of the values' intervals; as far as the
/// certificate needs them.
class RowExtras {
  public:
    RowExtras(const Dataset& data, std::span<const Grid> grids, const Refetching& refetching,
              ThreadTeam& team, const Job& job = {});
    void addTo(SampleView& view, std::uint32_t row) const;

  private:
    std::vector<float> distances_, sketches_;
};

/// From a packed store, of Rounding::Interval, or for the certificate `sample` of two roundings.
class RefetchSource final : public SampleSource {
  public:
    RefetchSource(const Dataset& data, const SampleStore& store, std::uint32_t epoch,
                  const Refetching& refetching)
        : data_(data), store_(store), epoch_(epoch), refetching_(refetching) {}
    /// @param scratch room for 3 * features values
    SampleView sample(std::uint32_t row, std::span<double> scratch) const override;

  private:
    const Dataset& data_;
    const SampleStore& store_;
    std::uint32_t epoch_;
    const Refetching& refetching_;
};

/// Rounded on the fly, for measurements: one of many draws, which share what rounds.
class FreshRefetchSource final : public SampleSource {
  public:
    FreshRefetchSource(const Dataset& data, std::span<const Grid> grids, const Refetching& refetching,
                       std::shared_ptr<const RowRounder> rounder, std::uint64_t seed, std::uint32_t draw);
    SampleView sample(std::uint32_t row, std::span<double> scratch) const override;

  private:
    const Dataset& data_;
    std::span<const Grid> grids_;
    const Refetching& refetching_;
    std::shared_ptr<const RowRounder> rounder_; ///< at random
    RandomStream first_, second_;
};

} // namespace zipml
