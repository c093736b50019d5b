#include "core/estimate/refetching.h"

#include "core/base/random.h"
#include "core/estimate/estimator.h"

#include <cmath>
#include <stdexcept>

namespace zipml {

template <>
std::span<const Named<CertificateKind>> namesOf<CertificateKind>() {
    static constexpr Named<CertificateKind> table[] = {
        {CertificateKind::Interval, "interval", "Interval (l1)",
         "Never wrong: half the length of each value's interval, weighted by the model."},
        {CertificateKind::Sample, "sample", "Sample (l1)",
         "Never wrong: one rounding decides, with the whole interval's length; a second one is the "
         "gradient."},
        {CertificateKind::L2, "l2", "Distance (l2)",
         "Never wrong: each row's distance from what is stored, 4 bytes a row, times the model's norm."},
        {CertificateKind::Sketch, "sketch", "Sketch (l2)",
         "Seldom wrong: a random projection of what rounding took away, 260 bytes a row."},
    };
    return table;
}

Sketch::Sketch(std::size_t features, std::uint64_t seed)
    : signs_(kSketchRows, static_cast<Eigen::Index>(features)) {
    static_assert(kSketchRows == 64); // two words a feature
    const RandomStream stream(seed, Purpose::Sketch);
    const auto scale = static_cast<float>(1 / std::sqrt(double{kSketchRows}));
    for (Eigen::Index f = 0; f < signs_.cols(); ++f) {
        const RandomWords words = stream.words(static_cast<std::uint32_t>(f), 0);
        for (Eigen::Index r = 0; r < kSketchRows; ++r)
            signs_(r, f) = (words[static_cast<std::size_t>(r / 32)] >> (r % 32) & 1U) != 0 ? scale : -scale;
    }
}

Eigen::VectorXd Sketch::of(const Eigen::VectorXd& vector) const {
    return signs_.cast<double>() * vector;
}

Refetching::Refetching(CertificateKind kind, std::size_t features, std::uint64_t seed) : kind_(kind) {
    if (kind == CertificateKind::Sketch)
        sketch_ = std::make_shared<const Sketch>(features, seed);
}

Refetching::Refetching(const Refetching& other)
    : extras(other.extras), kind_(other.kind_), sketch_(other.sketch_), model_(other.model_),
      size_(other.size_), sketched_(other.sketched_), length_(other.length_) {}

void Refetching::follow(const LinearParameters& model) {
    model_ = model;
    size_ = model.weights.cwiseAbs();
    length_ = model.weights.norm();
    if (sketch_ != nullptr)
        sketched_ = sketch_->of(model.weights);
}

Side Refetching::decide(const SampleView& sample, double label) const {
    // What float32 makes of stored distances and sketches; the sums here are in double.
    constexpr double kSlack = 1e-6;
    const auto known = sample.copy(0);
    double score = model_.intercept + known.dot(model_.weights);
    const double rounding = kSlack * known.cwiseAbs().dot(size_);
    double radius = rounding;
    if (kind_ == CertificateKind::Interval || kind_ == CertificateKind::Sample) {
        const Eigen::Map<const Eigen::VectorXd> reach(sample.reach, sample.features);
        radius += (1 + kSlack) * reach.dot(size_);
    } else if (kind_ == CertificateKind::L2) {
        radius += (1 + kSlack) * sample.distance * length_;
    } else {
        const Eigen::Map<const Eigen::VectorXf> sketch(sample.sketch, kSketchRows);
        score += sketch.cast<double>().dot(sketched_);
        radius += kSketchRadius * sample.distance * length_;
    }
    const double margin = label * score;
    if (margin + radius < 1)
        return Side::Below;
    return margin - radius >= 1 ? Side::NotBelow : Side::Unknown;
}

std::size_t Refetching::extraBytes() const {
    switch (kind_) {
    case CertificateKind::L2:
        return sizeof(float);
    case CertificateKind::Sketch:
        return sizeof(float) * (1 + kSketchRows);
    case CertificateKind::Interval:
    case CertificateKind::Sample:
        return 0;
    }
    throw std::logic_error("unknown certificate");
}

} // namespace zipml
