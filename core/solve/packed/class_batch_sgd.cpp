#include "core/solve/packed/class_batch_sgd.h"

#include "core/kernels/column_kernels.h"
#include "core/solve/packed/code_reader.h"
#include "core/solve/packed/copy_decoder.h"
#include "core/solve/packed/rounding_draws.h"
#include "core/solve/packed/small_batch_sgd.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>

namespace zipml {
namespace {

/// Bytes of a batch's tiles that the passes read.
struct Plane {
    std::vector<unsigned char> bytes;
    ByteRange range;
};

class ClassBatchSgd final : public MinibatchSgd {
  public:
    ClassBatchSgd(const SampleStore& store, LabelSets labels, std::size_t batch, const GradientMethod& method,
                  ThreadTeam& team, Isa isa);

  protected:
    void send(int thread, const Batch& batch) override;
    void addUp(int thread, const Batch& batch) override;
    void takeGradient(int /*thread*/, std::size_t model, const Batch& /*batch*/) override {
        std::fill_n(gradient(), features(), 0.0);
        loops().descend(models_[model].terms, -1, features(), gradient());
        interceptGradient_ = models_[model].intercept;
    }
    void descend(int /*thread*/, std::size_t model, const Batch& /*batch*/, double scale,
                 double* weights) override {
        loops().descend(models_[model].terms, scale, features(), weights);
        interceptGradient_ = models_[model].intercept;
    }

  private:
    struct Model {
        std::vector<std::int32_t> values; ///< its integers, one a feature, where the gradient takes them
        RoundedModel sent{};
        PackedGradient terms{}; ///< of the batch
        double intercept = 0;
        std::vector<std::int32_t> sums, signs;
    };
    /// Numbers of a model's rows.
    struct RowNumbers {
        std::vector<std::int32_t> products; ///< of each model, as many rows as a batch touches
        std::vector<std::int8_t> factors;   ///< as the kernels read them
        std::vector<double> sums;           ///< of each model's integers
        std::vector<double> units;
    };

    void decode(std::size_t firstTile, std::size_t tiles);
    void dot(const Plane& plane, RowNumbers& rows);
    void round(std::size_t model, const Term<std::int32_t>& term, double offset, const float* labels,
               const std::uint16_t* draws, const Batch& batch, RowNumbers& rows);
    void add(const Plane& plane, const std::int8_t* factors, std::size_t count,
             std::span<std::int32_t* const> sums) const;
    [[nodiscard]] PlaneTiles tilesOf(const Plane& plane) const;
    [[nodiscard]] std::size_t tileBytes() const { return decoder_.lines() * kLineBytes; }
    [[nodiscard]] std::size_t rowsRead() const { return tiles_ * kTileRows; }

    const SampleStore& store_;
    const Pairs pairs_;
    const CopyDecoder decoder_;
    const CopyKernels& copies_;
    const ColumnKernels& columns_;
    const double modelSteps_;
    double centre_ = 0;
    std::vector<float> slope_, middles_, correction_;
    std::vector<double> middle_; ///< as middles_
    DrawsAhead modelDraws_, residualDraws_, differenceDraws_;
    std::vector<std::int8_t> integers_, modelColumns_;
    std::vector<Model> models_;

    std::size_t tiles_ = 0; ///< that the batch touches
    CopyDecoder::Scratch scratch_;
    std::vector<unsigned char> decoded_; ///< of one tile
    Plane scored_;                       ///< what scores are taken of
    Plane added_;                        ///< what residuals are added up with, where it is not the same
    Plane signs_;                        ///< 1 + d, where the copies are m + d and m - d
    RowNumbers residuals_, differences_;
    std::vector<std::int8_t> ones_;
    std::vector<std::int32_t> equal_;    ///< Pairs::Mean: how often copies are equal
    std::vector<std::int32_t> tileSums_; ///< of one tile with all models
    std::vector<float> numbers_, lastLabels_;
    std::vector<std::int8_t> rounded_;
};

ClassBatchSgd::ClassBatchSgd(const SampleStore& store, LabelSets labels, std::size_t batch,
                             const GradientMethod& method, ThreadTeam& team, Isa isa)
    : MinibatchSgd(store.grids().size(), std::move(labels), batch, method, team, isa), store_(store),
      pairs_(method.estimator->pairs.value()), decoder_(store, method, isa), copies_(copyKernels(isa)),
      columns_(columnKernels(isa)), modelSteps_(std::exp2(method.model.bits - 1) - 1),
      modelDraws_(features()), residualDraws_(mostTilesOfBatch(rows(), batch) * kTileRows),
      differenceDraws_(mostTilesOfBatch(rows(), batch) * kTileRows) {
    const auto codes = readerOf(store);
    centre_ = codes->centre();
    slope_.assign(codes->slope().begin(), codes->slope().end());
    middles_.assign(codes->middle().begin(), codes->middle().end());
    middle_ = codes->middle();
    const std::size_t room = padded(features());
    if (method.correction.size() > 0) {
        correction_.resize(room);
        for (std::size_t f = 0; f < features(); ++f)
            correction_[f] = static_cast<float>(method.correction[static_cast<Eigen::Index>(f)] *
                                                inverse(codes->slope()[f]));
    }
    slope_.resize(room);
    middles_.resize(room);
    middle_.resize(room);
    integers_.resize(room);
    modelColumns_.resize(4 * decoder_.lines() * modelCount());
    models_.resize(modelCount());
    for (Model& each : models_) {
        if (pairs_ == Pairs::Mean || !correction_.empty())
            each.values.resize(room);
        each.sums.resize(room);
        if (pairs_ == Pairs::Symmetrized)
            each.signs.resize(room);
    }
    equal_.resize(room);
    tileSums_.resize(modelCount() * kTileRows);
    const std::size_t tiles = mostTilesOfBatch(rows(), batch);
    decoded_.resize(decoder_.stored() * tileBytes());
    const auto most = static_cast<unsigned char>(pairs_ == Pairs::Plain ? centre_ : 2 * centre_);
    const auto give = [&](Plane& plane, ByteRange range) {
        plane.bytes.resize(tiles * tileBytes());
        plane.range = range;
    };
    give(scored_, {0xFF, most});
    if (pairs_ == Pairs::Plain)
        give(added_, {0xFF, most});
    if (pairs_ == Pairs::Symmetrized)
        give(signs_, {0xFF, 2});
    if (pairs_ == Pairs::Mean)
        give(signs_, {1, 1}); // of 1 + d: where the copies are equal
    for (RowNumbers* each : {&residuals_, &differences_}) {
        each->products.resize(modelCount() * tiles * kTileRows);
        each->factors.resize(each->products.size());
        each->sums.resize(modelCount());
        each->units.resize(modelCount());
    }
    ones_.resize(tiles * kTileRows);
    numbers_.resize(ones_.size());
    lastLabels_.resize(ones_.size());
    rounded_.resize(ones_.size());
}

void ClassBatchSgd::send(int /*thread*/, const Batch& batch) {
    const std::uint16_t* draws = modelDraws_.of(stream(Purpose::ModelRounding), batch.index);
    for (std::size_t m = 0; m < modelCount(); ++m) {
        Model& mine = models_[m];
        const double unit = batch.index == 0 ? 0 : mine.sent.next;
        mine.sent = loops().roundModel(model(m).weights.data(), slope_.data(), middle_.data(), unit,
                                       modelSteps_, draws, features(), integers_.data(),
                                       mine.values.empty() ? nullptr : mine.values.data());
        std::int8_t* column = modelColumns_.data() + 4 * m;
        for (std::size_t line = 0; line < decoder_.lines(); ++line, column += 4 * modelCount())
            std::memcpy(column, integers_.data() + 4 * line, 4);
    }
}

/// The planes of some tiles.
void ClassBatchSgd::decode(std::size_t firstTile, std::size_t tiles) {
    tiles_ = tiles;
    for (std::size_t t = 0; t < tiles; ++t) {
        const std::size_t at = t * tileBytes();
        unsigned char* scored = scored_.bytes.data() + at;
        if (pairs_ == Pairs::None) {
            decoder_.decode(firstTile + t, plan().epoch, scratch_, scored, tileBytes());
            continue;
        }
        decoder_.decode(firstTile + t, plan().epoch, scratch_, decoded_.data(), tileBytes());
        const unsigned char* low = decoded_.data();
        const unsigned char* ups = low + tileBytes();
        switch (pairs_) {
        case Pairs::Symmetrized:
        case Pairs::Mean:
            copies_.meanAndSign(low, ups, tileBytes(), scored, signs_.bytes.data() + at);
            break;
        default: // a copy counts twice, as the sum of two
            copies_.raise(low, ups, tileBytes(), 1, scored);
            copies_.raise(low, ups, tileBytes(), 0, added_.bytes.data() + at);
        }
    }
}

void ClassBatchSgd::addUp(int /*thread*/, const Batch& batch) {
    const std::size_t first = batch.first / kTileRows;
    const std::size_t tiles = TileLayout::tilesOf(batch.first % kTileRows + batch.rows);
    for (std::size_t t = 0; t < tiles; ++t)
        decoder_.fetch(batch.nextFirst / kTileRows + t);
    decode(first, tiles);
    const bool symmetrized = pairs_ == Pairs::Symmetrized;
    const std::uint16_t* residualDraws = residualDraws_.of(stream(Purpose::ResidualRounding, 0), batch.index);
    const std::uint16_t* differenceDraws =
        symmetrized ? differenceDraws_.of(stream(Purpose::ResidualRounding, 1), batch.index) : nullptr;
    dot(scored_, residuals_);
    if (symmetrized)
        dot(signs_, differences_);
    std::array<std::vector<std::int32_t*>, 2> sums;
    for (std::size_t m = 0; m < modelCount(); ++m) {
        Model& mine = models_[m];
        const RoundedModel& sent = mine.sent;
        if (symmetrized) { // the plane has 1 + d
            std::int32_t* products = differences_.products.data() + m * rowsRead();
            for (std::size_t row = 0; row < rowsRead(); ++row)
                products[row] -= static_cast<std::int32_t>(sent.sum);
            round(m, {products, 1}, 0, nullptr, differenceDraws, batch, differences_);
        }
        const float* labels = this->labels(m).data() + first * kTileRows;
        if ((first + tiles) * kTileRows > rows()) { // the last tile is not full
            std::copy(labels, this->labels(m).data() + rows(), lastLabels_.begin());
            labels = lastLabels_.data();
        }
        const double copies = pairs_ == Pairs::Plain ? 2 : 1; // of the plane, in a code
        const double offset =
            model(m).intercept + sent.shared - sent.unit * centre_ * static_cast<double>(sent.sum);
        round(m, {residuals_.products.data() + m * rowsRead(), sent.unit * copies}, offset, labels,
              residualDraws, batch, residuals_);
        sums[0].push_back(mine.sums.data());
        sums[1].push_back(mine.signs.data());
    }
    add(pairs_ == Pairs::Plain ? added_ : scored_, residuals_.factors.data(), modelCount(), sums[0]);
    if (symmetrized)
        add(signs_, differences_.factors.data(), modelCount(), sums[1]);
    if (pairs_ == Pairs::Mean) {
        std::fill_n(ones_.data(), rowsRead(), std::int8_t{0});
        std::fill_n(ones_.data() + batch.first % kTileRows, batch.rows, std::int8_t{1});
        std::int32_t* equal = equal_.data();
        add(signs_, ones_.data(), 1, {&equal, 1});
    }
    for (std::size_t m = 0; m < modelCount(); ++m) {
        Model& mine = models_[m];
        PackedGradient& gradient = mine.terms;
        const double residualSum = residuals_.sums[m], unit = residuals_.units[m];
        gradient = {};
        gradient.sums[0] = mine.sums.data();
        gradient.scales[0] = pairs_ == Pairs::Plain ? 2.0F : 1.0F;
        gradient.parts = 1;
        gradient.unit = static_cast<float>(unit);
        gradient.offset = static_cast<float>(centre_ * residualSum);
        gradient.shared = static_cast<float>(unit * residualSum);
        gradient.slope = slope_.data();
        gradient.middle = middles_.data();
        gradient.values = mine.values.data();
        if (!correction_.empty()) {
            gradient.correction = correction_.data();
            gradient.correctionScale = static_cast<float>(mine.sent.unit * static_cast<double>(batch.rows));
        }
        if (pairs_ == Pairs::Mean) {
            gradient.signs[0] = equal_.data();
            gradient.signScales[0] = -1;
            gradient.signOffset = -static_cast<float>(batch.rows);
            gradient.signScale = static_cast<float>(mine.sent.unit);
            gradient.signsTimesValues = true;
        }
        if (symmetrized) {
            gradient.signs[0] = mine.signs.data();
            gradient.signScales[0] = 1;
            gradient.signOffset = static_cast<float>(differences_.sums[m]);
            gradient.signScale = static_cast<float>(differences_.units[m] * mine.sent.unit);
        }
        mine.intercept = unit * residualSum;
    }
}

/// Products with all models.
void ClassBatchSgd::dot(const Plane& plane, RowNumbers& rows) {
    const std::size_t count = modelCount();
    for (std::size_t t = 0; t < tiles_; ++t) {
        columns_.dot(plane.bytes.data() + t * tileBytes(), decoder_.lines(), plane.range,
                     modelColumns_.data(), count, tileSums_.data());
        for (std::size_t m = 0; m < count; ++m)
            std::copy_n(tileSums_.data() + m * kTileRows, kTileRows,
                        rows.products.data() + m * rowsRead() + t * kTileRows);
    }
}

void ClassBatchSgd::round(std::size_t model, const Term<std::int32_t>& term, double offset,
                          const float* labels, const std::uint16_t* draws, const Batch& batch,
                          RowNumbers& rows) {
    const std::size_t begin = batch.first % kTileRows;
    const RoundedRows rounded = loops().roundRows(&term, 1, offset, labels, draws, rowsRead(), begin,
                                                  begin + batch.rows, numbers_.data(), rounded_.data());
    rows.units[model] = rounded.unit;
    rows.sums[model] = static_cast<double>(rounded.sum);
    for (std::size_t t = 0; t < tiles_; ++t)
        std::copy_n(rounded_.data() + t * kTileRows, kTileRows,
                    rows.factors.data() + (t * modelCount() + model) * kTileRows);
}

void ClassBatchSgd::add(const Plane& plane, const std::int8_t* factors, std::size_t count,
                        std::span<std::int32_t* const> sums) const {
    columns_.add(tilesOf(plane), factors, count, sums.data());
}

PlaneTiles ClassBatchSgd::tilesOf(const Plane& plane) const {
    PlaneTiles tiles{{}, tiles_, decoder_.lines(), plane.range};
    for (std::size_t t = 0; t < tiles_; ++t)
        tiles.at[t] = plane.bytes.data() + t * tileBytes();
    return tiles;
}

} // namespace

bool runsClassBatches(const KernelTask& task) {
    return hasSmallBatches(task).value_or(false) && task.copies * (std::exp2(task.bits) - 1) <= 255;
}

std::unique_ptr<MinibatchSgd> makeClassBatchSgd(const SampleStore& store, LabelSets labels, std::size_t batch,
                                                const GradientMethod& method, ThreadTeam& team, Isa isa) {
    return std::make_unique<ClassBatchSgd>(store, std::move(labels), batch, method, team, isa);
}

} // namespace zipml
