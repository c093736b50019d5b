#include "core/lab/one_versus_rest.h"

#include <cmath>

namespace zipml {
namespace {

constexpr std::size_t kRowsPerChunk = 1024;

using Field = std::optional<double> EpochRecord::*;

/// sum of term(value) over the models; empty where one has none.
template <class Term>
std::optional<double> sumOf(std::span<const EpochRecord> models, Field field, Term&& term) {
    double sum = 0;
    for (const auto& model : models) {
        if (!(model.*field))
            return std::nullopt;
        sum += term(*(model.*field));
    }
    return sum;
}

} // namespace

std::vector<std::vector<float>> oneVersusRestLabels(std::span<const float> classes, std::size_t count) {
    std::vector<std::vector<float>> labels(count, std::vector<float>(classes.size(), -1.0F));
    for (std::size_t row = 0; row < classes.size(); ++row)
        labels[static_cast<std::size_t>(classes[row])][row] = 1.0F;
    return labels;
}

ClassEvaluation evaluateClasses(const RowsView& data, const Loss& loss,
                                std::span<const LinearParameters> models, ThreadTeam& team, const Job& job) {
    const auto classes = static_cast<Eigen::Index>(models.size());
    const auto features = static_cast<Eigen::Index>(data.features);
    Eigen::MatrixXd weights(features, classes);
    Eigen::VectorXd intercepts(classes);
    for (Eigen::Index c = 0; c < classes; ++c) {
        weights.col(c) = models[static_cast<std::size_t>(c)].weights;
        intercepts[c] = models[static_cast<std::size_t>(c)].intercept;
    }
    struct Part {
        double loss = 0;
        Confusion confusion;
    };
    std::vector<Part> parts((data.rows + kRowsPerChunk - 1) / kRowsPerChunk);
    team.forEachChunk(parts.size(), [&](std::size_t chunk) {
        job.checkpoint();
        Part part{0, Confusion(models.size(), std::vector<std::uint64_t>(models.size()))};
        const std::size_t end = std::min(data.rows, (chunk + 1) * kRowsPerChunk);
        for (std::size_t row = chunk * kRowsPerChunk; row < end; ++row) {
            const Eigen::VectorXd a =
                Eigen::Map<const Eigen::VectorXf>(data.row(row).data(), features).cast<double>();
            const Eigen::VectorXd scores = weights.transpose() * a + intercepts;
            const auto label = static_cast<Eigen::Index>(data.labels[row]);
            Eigen::Index predicted = 0;
            for (Eigen::Index c = 0; c < classes; ++c) {
                part.loss += loss.value(scores[c], c == label ? 1.0 : -1.0);
                if (scores[c] > scores[predicted])
                    predicted = c;
            }
            ++part.confusion[static_cast<std::size_t>(label)][static_cast<std::size_t>(predicted)];
        }
        parts[chunk] = std::move(part);
    });
    ClassEvaluation total;
    total.confusion.assign(models.size(), std::vector<std::uint64_t>(models.size()));
    std::uint64_t correct = 0;
    for (const Part& part : parts) {
        total.loss += part.loss;
        for (std::size_t c = 0; c < models.size(); ++c) {
            correct += part.confusion[c][c];
            for (std::size_t p = 0; p < models.size(); ++p)
                total.confusion[c][p] += part.confusion[c][p];
        }
    }
    const auto rows = static_cast<double>(data.rows);
    total.loss /= rows * static_cast<double>(models.size());
    total.accuracy = static_cast<double>(correct) / rows;
    return total;
}

EpochRecord joined(std::span<const EpochRecord> models) {
    const auto value = [](double number) { return number; };
    const auto square = [](double number) { return number * number; };
    const auto share = [&](double number) { return number / static_cast<double>(models.size()); };
    EpochRecord result;
    for (const Field norm :
         {&EpochRecord::biasNorm, &EpochRecord::biasStandardError, &EpochRecord::predictedBiasNorm})
        if (const auto squares = sumOf(models, norm, square))
            result.*norm = std::sqrt(*squares);
    for (const Field variance :
         {&EpochRecord::variance, &EpochRecord::predictedVariance, &EpochRecord::varianceBound})
        result.*variance = sumOf(models, variance, value);
    for (const Field mean : {&EpochRecord::outsideShare, &EpochRecord::refetchRate})
        result.*mean = sumOf(models, mean, share);
    for (const auto& model : models)
        result.regularizer += share(model.regularizer);
    return result;
}

} // namespace zipml
