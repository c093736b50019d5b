#pragma once
/// Refetching for the hinge (docs/method.md#s7-3): its gradient needs a sample only through the decision
/// whether b a.x < 1, and then linearly. Low precision decides where it is certain; else the sample itself is
/// fetched.

#include "core/base/names.h"
#include "core/model/linear_parameters.h"

#include <atomic>
#include <cstdint>
#include <memory>

namespace zipml {

struct SampleView;
class RowExtras;

/// What makes a decision certain, c being what low precision knows of the sample: |a.x - c.x| is at most
///   interval  sum_i (half the length of a_i's interval) |x_i|, c the middles of the intervals
///   sample    sum_i (length of the longest interval beside c_i) |x_i|, c one rounding
///   l2        |a - c| |x|, c the middles, |a - c| stored with each row
///   sketch    0.5 |a - c| |x| around c.x + R(a - c).Rx, R a random projection onto kSketchRows coordinates,
///             R(a - c) stored with each row; wrong once in about 16,000 decisions at the border
/// An independent rounding is the gradient, so that it is unbiased whatever was decided.
enum class CertificateKind { Interval, Sample, L2, Sketch };
template <>
std::span<const Named<CertificateKind>> namesOf<CertificateKind>();

constexpr int kSketchRows = 64;
constexpr double kSketchRadius =
    4 / 8.0; ///< 4 standard errors: the estimate's is at most |u| |x| / sqrt(rows)

/// R, with entries +-1 / sqrt(kSketchRows), the same for a seed.
class Sketch {
  public:
    Sketch(std::size_t features, std::uint64_t seed);
    [[nodiscard]] Eigen::VectorXd of(const Eigen::VectorXd& vector) const;

  private:
    Eigen::MatrixXf signs_; ///< kSketchRows x features, scaled
};

/// Whether a margin is below 1.
enum class Side { Below, NotBelow, Unknown };

/// Decides for one model at a time, and counts.
class Refetching {
  public:
    Refetching(CertificateKind kind, std::size_t features, std::uint64_t seed);
    /// For another thread or measurement: counts from 0.
    Refetching(const Refetching& other);
    Refetching& operator=(const Refetching&) = delete;

    /// Must be told of each model before it decides, not while it does.
    void follow(const LinearParameters& model);
    /// From copy 0 of the view, at the model last followed. From any thread.
    [[nodiscard]] Side decide(const SampleView& sample, double label) const;

    [[nodiscard]] CertificateKind kind() const { return kind_; }
    /// Null unless the kind is Sketch.
    [[nodiscard]] const Sketch* sketch() const { return sketch_.get(); }
    /// Rows fetched in full since the beginning.
    [[nodiscard]] std::uint64_t fetched() const { return fetched_; }
    void countFetch() { fetched_.fetch_add(1, std::memory_order_relaxed); }
    /// Bytes that a row needs beside its code.
    [[nodiscard]] std::size_t extraBytes() const;

    std::shared_ptr<const RowExtras> extras; ///< of the rows that it decides on (refetch_source.h)

  private:
    CertificateKind kind_;
    std::shared_ptr<const Sketch> sketch_;
    LinearParameters model_;
    Eigen::VectorXd size_;     ///< |x_i|
    Eigen::VectorXd sketched_; ///< Rx
    double length_ = 0;        ///< |x|
    std::atomic<std::uint64_t> fetched_{0};
};

} // namespace zipml
