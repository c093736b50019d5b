#include "core/loss/reference/scaled_rows.h"

#include <Eigen/QR>

#include <cmath>

namespace zipml::reference {
namespace {

Eigen::VectorXd sumOf(std::vector<Eigen::VectorXd>& parts) {
    for (std::size_t part = 1; part < parts.size(); ++part)
        parts[0] += parts[part];
    return std::move(parts[0]);
}

/// R of the QR decomposition of R and the block below it.
void appendTo(Eigen::MatrixXd& r, const Eigen::MatrixXd& block) {
    Eigen::MatrixXd stacked(r.rows() + block.rows(), block.cols());
    stacked << r, block;
    const Eigen::HouseholderQR<Eigen::Ref<Eigen::MatrixXd>> qr(stacked);
    const Eigen::Index kept = std::min(stacked.rows(), stacked.cols());
    r = stacked.topRows(kept).triangularView<Eigen::Upper>();
}

} // namespace

template <class Work>
void ScaledRows::forEachRow(Work&& work) const {
    team_.forEachChunk(kParts, [&](std::size_t part) {
        for (std::size_t row = begin(part); row < begin(part + 1); ++row) {
            if (row % 256 == 0)
                job_.checkpoint();
            work(part, row, Row(data_.row(row).data(), shift_.size()));
        }
    });
}

ScaledRows::ScaledRows(const Dataset& data, bool intercept, ThreadTeam& team, const Job& job)
    : data_(data), constant_(intercept ? 1 : 0), team_(team), job_(job),
      kernels_(doubleRowKernels(activeIsa())) {
    const auto features = static_cast<Eigen::Index>(data.features);
    const auto count = static_cast<double>(data.rows);
    shift_ = Eigen::VectorXd::Zero(features);
    std::vector<Eigen::VectorXd> parts(kParts, shift_);
    if (intercept) {
        forEachRow(
            [&](std::size_t part, std::size_t /*row*/, const Row& a) { parts[part] += a.cast<double>(); });
        shift_ = sumOf(parts) / count;
        parts.assign(kParts, Eigen::VectorXd::Zero(features));
    }
    // Whether a column says nothing is read from its values: the mean of equal ones is rounded.
    const Row first(data.values.data(), features);
    std::vector<Eigen::VectorXd> differences(kParts, Eigen::VectorXd::Zero(features));
    forEachRow([&](std::size_t part, std::size_t /*row*/, const Row& a) {
        parts[part] += (a.cast<double>() - shift_).cwiseAbs2();
        if (intercept)
            differences[part] =
                differences[part].cwiseMax((a.cast<double>() - first.cast<double>()).cwiseAbs());
    });
    const Eigen::VectorXd squares = sumOf(parts);
    const Eigen::VectorXd difference = sumOf(differences);
    scale_ = squares.unaryExpr([&](double sum) { return sum > 0 ? std::sqrt(count / sum) : 0.0; });
    if (intercept)
        for (Eigen::Index i = 0; i < features; ++i)
            if (difference[i] == 0) {
                shift_[i] = first[i];
                scale_[i] = 0;
            }
}

LinearParameters ScaledRows::unscaled(const Eigen::VectorXd& parameters) const {
    LinearParameters model;
    model.weights = scale_.cwiseProduct(parameters.tail(scale_.size()));
    model.intercept = constant_ * (parameters[0] - shift_.dot(model.weights));
    return model;
}

Eigen::VectorXd ScaledRows::scaled(const LinearParameters& model) const {
    Eigen::VectorXd parameters(size());
    parameters[0] = constant_ * (model.intercept + shift_.dot(model.weights));
    for (Eigen::Index i = 0; i < scale_.size(); ++i)
        parameters[i + 1] = scale_[i] > 0 ? model.weights[i] / scale_[i] : 0;
    return parameters;
}

void ScaledRows::scores(const Eigen::VectorXd& parameters, std::vector<double>& scores) const {
    const Eigen::VectorXd weights = scale_.cwiseProduct(parameters.tail(scale_.size()));
    scores.resize(rows());
    forEachRow([&](std::size_t /*part*/, std::size_t row, const Row& a) {
        scores[row] = constant_ * parameters[0] + scoreOf(a, weights);
    });
}

Eigen::VectorXd ScaledRows::combine(const std::vector<double>& factors) const {
    std::vector<Eigen::VectorXd> sums(kParts, Eigen::VectorXd::Zero(size()));
    forEachRow([&](std::size_t part, std::size_t row, const Row& a) {
        if (factors[row] != 0)
            add(factors[row], a, sums[part]);
    });
    return scaledMean(sums);
}

Eigen::VectorXd ScaledRows::multiply(const std::vector<double>& factors, const Eigen::VectorXd& v) const {
    const Eigen::VectorXd weights = scale_.cwiseProduct(v.tail(scale_.size()));
    std::vector<Eigen::VectorXd> sums(kParts, Eigen::VectorXd::Zero(size()));
    forEachRow([&](std::size_t part, std::size_t row, const Row& a) {
        if (factors[row] != 0)
            add(factors[row] * (constant_ * v[0] + scoreOf(a, weights)), a, sums[part]);
    });
    return scaledMean(sums);
}

double ScaledRows::scoreOf(const Row& a, const Eigen::VectorXd& weights) const {
    return kernels_.score(a.data(), shift_.data(), weights.data(), static_cast<std::size_t>(a.size()));
}

void ScaledRows::add(double factor, const Row& a, Eigen::VectorXd& sums) const {
    sums[0] += constant_ * factor;
    kernels_.addRow(a.data(), shift_.data(), factor, static_cast<std::size_t>(a.size()), sums.data() + 1);
}

Eigen::VectorXd ScaledRows::scaledMean(std::vector<Eigen::VectorXd>& sums) const {
    Eigen::VectorXd result = sumOf(sums) / static_cast<double>(rows());
    result.tail(scale_.size()).array() *= scale_.array();
    return result;
}

/// use(part, block): up to 128 rows, times the root of their factors, as columns; rows of factor 0 are left
/// out.
template <class Use>
void ScaledRows::forEachBlock(const std::vector<double>& factors, Use&& use) const {
    constexpr std::size_t kRowsPerBlock = 128;
    team_.forEachChunk(kBlockParts, [&](std::size_t part) {
        Eigen::MatrixXd block(size(), static_cast<Eigen::Index>(kRowsPerBlock));
        Eigen::Index filled = 0;
        const std::size_t end = rows() * (part + 1) / kBlockParts;
        for (std::size_t row = rows() * part / kBlockParts; row < end; ++row) {
            if (factors[row] > 0) {
                const double factor = std::sqrt(factors[row]);
                block(0, filled) = factor * constant_;
                block.col(filled).tail(shift_.size()) =
                    factor *
                    (Row(data_.row(row).data(), shift_.size()).cast<double>() - shift_).cwiseProduct(scale_);
                ++filled;
            }
            if (filled == block.cols() || (row + 1 == end && filled > 0)) {
                job_.checkpoint();
                use(part, block.leftCols(filled));
                filled = 0;
            }
        }
    });
}

Eigen::MatrixXd ScaledRows::gram(const std::vector<double>& factors) const {
    const auto all = static_cast<std::size_t>(size());
    const std::size_t panels = (all + kPanelColumns - 1) / kPanelColumns;
    const auto padded = static_cast<Eigen::Index>(panels * kPanelColumns);
    std::vector<Eigen::MatrixXd> parts(kBlockParts);
    std::vector<std::vector<double>> columns(kBlockParts);
    forEachBlock(factors, [&](std::size_t part, const auto& block) {
        if (parts[part].size() == 0)
            parts[part] = Eigen::MatrixXd::Zero(padded, padded);
        const auto count = static_cast<std::size_t>(block.cols());
        columns[part].assign(panels * kPanelColumns * count, 0.0);
        for (std::size_t row = 0; row < count; ++row)
            for (std::size_t i = 0; i < all; i += kPanelColumns)
                std::copy_n(&block(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(row)),
                            std::min(kPanelColumns, all - i),
                            &columns[part][i * count + row * kPanelColumns]);
        kernels_.addProducts(columns[part].data(), count, panels, parts[part].data());
    });
    Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(size(), size());
    for (const auto& part : parts)
        if (part.size() > 0)
            sum.triangularView<Eigen::Lower>() += part.topLeftCorner(size(), size());
    return sum / static_cast<double>(rows());
}

Eigen::MatrixXd ScaledRows::root(const std::vector<double>& factors) const {
    std::vector<Eigen::MatrixXd> parts(kBlockParts);
    std::vector<Eigen::MatrixXd> waiting(kBlockParts); // larger blocks take fewer operations a row
    const Eigen::Index enough = std::max<Eigen::Index>(size(), 128);
    const auto take = [&](std::size_t part) {
        if (parts[part].size() == 0)
            parts[part].resize(0, size());
        appendTo(parts[part], waiting[part]);
        waiting[part].resize(0, size());
    };
    forEachBlock(factors, [&](std::size_t part, const auto& block) {
        auto& rows = waiting[part];
        const Eigen::Index before = rows.rows();
        rows.conservativeResize(before + block.cols(), size());
        rows.bottomRows(block.cols()) = block.transpose();
        if (rows.rows() >= enough)
            take(part);
    });
    Eigen::MatrixXd r(0, size());
    for (std::size_t part = 0; part < parts.size(); ++part) {
        if (waiting[part].rows() > 0)
            take(part);
        if (parts[part].rows() > 0)
            appendTo(r, parts[part]);
    }
    Eigen::MatrixXd square = Eigen::MatrixXd::Zero(size(), size());
    square.topRows(r.rows()) = r / std::sqrt(static_cast<double>(rows()));
    return square;
}

} // namespace zipml::reference
