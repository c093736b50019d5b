#include "core/loss/evaluate.h"

#include <algorithm>
#include <vector>

namespace zipml {
namespace {

constexpr std::size_t kRowsPerChunk = 1024;

} // namespace

Evaluation evaluate(const Dataset& data, const Loss& loss, const LinearParameters& model, ThreadTeam& team,
                    const Job& job) {
    struct Part {
        double loss = 0;
        std::size_t correct = 0;
    };
    std::vector<Part> parts((data.rows + kRowsPerChunk - 1) / kRowsPerChunk);
    team.forEachChunk(parts.size(), [&](std::size_t chunk) {
        job.checkpoint();
        Part part;
        const std::size_t end = std::min(data.rows, (chunk + 1) * kRowsPerChunk);
        for (std::size_t row = chunk * kRowsPerChunk; row < end; ++row) {
            const Eigen::Map<const Eigen::VectorXf> a(data.row(row).data(), model.weights.size());
            const double score = model.intercept + a.cast<double>().dot(model.weights);
            const double label = data.labels[row];
            part.loss += loss.value(score, label);
            part.correct += (score >= 0) == (label >= 0) ? 1U : 0U;
        }
        parts[chunk] = part;
    });
    Part total;
    for (const Part& part : parts) {
        total.loss += part.loss;
        total.correct += part.correct;
    }
    const auto rows = static_cast<double>(data.rows);
    return {total.loss / rows, static_cast<double>(total.correct) / rows};
}

} // namespace zipml
