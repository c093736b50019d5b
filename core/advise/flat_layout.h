#pragma once
/// A model's parameters as one vector, the intercept first if there is one.

#include "core/model/linear_parameters.h"

namespace zipml {

class FlatLayout {
  public:
    FlatLayout(std::size_t features, bool intercept)
        : features_(static_cast<Eigen::Index>(features)), first_(intercept ? 1 : 0) {}

    [[nodiscard]] Eigen::Index size() const { return features_ + first_; }
    /// Where the features begin.
    [[nodiscard]] Eigen::Index first() const { return first_; }
    [[nodiscard]] Eigen::VectorXd flat(const LinearParameters& parameters) const {
        Eigen::VectorXd all(size());
        if (first_ == 1)
            all[0] = parameters.intercept;
        all.tail(features_) = parameters.weights;
        return all;
    }
    [[nodiscard]] LinearParameters parameters(const Eigen::VectorXd& all) const {
        return {first_ == 1 ? all[0] : 0.0, all.tail(features_)};
    }

  private:
    Eigen::Index features_, first_;
};

} // namespace zipml
