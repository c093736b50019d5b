#pragma once
/// How many codes of each feature are odd, batch by batch.
///
/// Double sampling in the mean over the coins (packed_sgd.h) subtracts slope^2 o odd o x, summed over the
/// batch's rows. A batch has the same rows in every epoch, so that its sum of odd bits is counted once, in
/// the first epoch, instead of in a third pass over them in each.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace zipml {

class OddCounts {
  public:
    /// @param batch rows of all batches but the last
    OddCounts(std::size_t features, std::size_t rows, std::size_t batch)
        : features_(features), batch_(batch) {
        if (batch >= kFewestRows)
            known_.assign((rows + batch - 1) / batch, false);
    }

    /// Forgets what it knows of another version of the store.
    void follow(std::uint64_t storeVersion) {
        if (storeVersion != version_)
            known_.assign(known_.size(), false);
        version_ = storeVersion;
        counts_.resize(known_.size() * features_);
    }
    [[nodiscard]] bool knows(std::size_t firstRow) const {
        return !known_.empty() && known_[firstRow / batch_];
    }
    /// Its counts have been set.
    void finish(std::size_t firstRow) {
        if (!known_.empty())
            known_[firstRow / batch_] = true;
    }
    /// One a feature; nullptr where batches are so small that counts would take the memory of the codes.
    float* of(std::size_t firstRow) {
        return known_.empty() ? nullptr : counts_.data() + firstRow / batch_ * features_;
    }

  private:
    static constexpr std::size_t kFewestRows = 256; ///< 4 bytes a feature are 2.5% of these rows' 5 bits

    std::size_t features_, batch_;
    std::uint64_t version_ = 0;
    std::vector<bool> known_;
    std::vector<float> counts_;
};

} // namespace zipml
