#include "core/solve/packed/small_batch_sgd.h"

#include "core/kernels/prefetch.h"
#include "core/solve/packed/odd_upper.h"
#include "core/solve/packed/packed_arithmetic.h"
#include "core/solve/packed/rounding_draws.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace zipml {
namespace {

constexpr double kResidualSteps = 127;
constexpr std::uintptr_t kBytesAtOnce = 2'048; ///< of fetches at once: more of them are dropped
constexpr std::size_t kSpareLine = 64;         ///< numbers that kernels may write behind the last slot

class SmallBatchSgd final : public MinibatchSgd {
  public:
    SmallBatchSgd(std::unique_ptr<CodeReader> codes, std::span<const float> labels, std::size_t batch,
                  const GradientMethod& method, ThreadTeam& team, Isa isa);

  protected:
    void enter(IndexRange now, IndexRange next) override {
        const auto tilesWith = [](IndexRange rows) -> TileRange {
            return {rows.begin / kTileRows, TileLayout::tilesOf(rows.end)};
        };
        reader_->enter(tilesWith(now), tilesWith(next));
    }
    void send(int thread, const Batch& batch) override;
    void addUp(int thread, const Batch& batch) override;
    void takeGradient(int /*thread*/, std::size_t /*model*/, const Batch& /*batch*/) override {
        std::fill_n(gradient(), features(), 0.0);
        loops().descend(terms_, -1, features(), gradient());
    }
    void descend(int /*thread*/, std::size_t /*model*/, const Batch& /*batch*/, double scale,
                 double* weights) override {
        loops().descend(terms_, scale, features(), weights);
    }

  private:
    /// A part of the codes: the model in its slots, and what is added up for them.
    struct Part {
        const TileKernels* kernels;
        std::size_t whole; ///< CodePart::whole
        double scale;
        TailSlots tail;
        std::vector<std::int8_t> model;
        PageBuffer tables; ///< of the model, where the kernels want some
        std::vector<std::int32_t> products, sums;
    };
    /// Numbers of the batch's rows that the gradient is taken with.
    struct RowNumbers {
        DrawsAhead draws;
        std::vector<float> numbers;
        std::vector<std::int8_t> integers;
        RoundedRows rounded{};
    };

    void round(std::span<const Term<std::int32_t>> terms, double offset, const float* labels,
               std::uint16_t copy, const Batch& batch, RowNumbers& rows);
    /// Adds a part's share of codes . model, exactly.
    void addProducts(const std::vector<std::int32_t>& products, std::int32_t scale, std::size_t tiles) {
        for (std::size_t row = 0; row < tiles * kTileRows; ++row)
            products_[row] += scale * products[row];
    }
    void fetchNext(const FetchList& places);
    void addSums(const Batch& batch);
    void add(const Part& part, const PartView& view, const std::int8_t* factors,
             std::vector<std::int32_t>& sums);
    /// Brings the sums behind the whole lines into the order of the features.
    static void untangle(const Part& part, std::vector<std::int32_t>& sums);
    [[nodiscard]] std::size_t firstTile(const Batch& batch) const { return batch.first / kTileRows; }
    /// Rows of the first tile before the batch begins.
    [[nodiscard]] std::size_t lead(const Batch& batch) const { return batch.first % kTileRows; }
    /// Of one bit: building them takes as long as some tiles without.
    [[nodiscard]] bool usesTables(const Batch& batch) const { return tiles(batch) >= 4; }
    [[nodiscard]] std::size_t tiles(const Batch& batch) const {
        return TileLayout::tilesOf(lead(batch) + batch.rows);
    }

    const std::unique_ptr<CodeReader> reader_;
    const Pairs pairs_;
    const bool hasUpper_;
    const double centre_, modelSteps_;
    std::vector<float> slope_, middles_, correction_;
    std::vector<double> middle_; ///< as middles_
    std::vector<Part> parts_;
    DrawsAhead modelDraws_;
    std::vector<std::int32_t> values_; ///< the model's integers, one a feature
    RoundedModel sent_{};
    PackedGradient terms_{}; ///< of the batch
    RowNumbers residuals_, differences_;
    std::optional<OddUpper> upper_;
    std::vector<std::int32_t> products_; ///< codes . model
    std::vector<std::int32_t> upperProducts_, odd_, upperSums_;
    std::vector<std::int8_t> ones_;
    std::vector<float> lastLabels_;
    CodeBlock block_;
    std::size_t tilesRead_ = 0;
    FetchList next_; ///< of the next batch
    FetchCursor fetch_;
};

SmallBatchSgd::SmallBatchSgd(std::unique_ptr<CodeReader> codes, std::span<const float> labels,
                             std::size_t batch, const GradientMethod& method, ThreadTeam& team, Isa isa)
    : MinibatchSgd(codes->slope().size(), {labels}, batch, method, team, isa), reader_(std::move(codes)),
      pairs_(method.estimator->pairs.value()),
      hasUpper_(pairs_ == Pairs::Symmetrized || pairs_ == Pairs::Plain), centre_(reader_->centre()),
      modelSteps_(std::exp2(method.model.bits - 1) - 1),
      slope_(reader_->slope().begin(), reader_->slope().end()),
      middles_(reader_->middle().begin(), reader_->middle().end()), middle_(reader_->middle()),
      modelDraws_(features()), residuals_{DrawsAhead(mostTilesOfBatch(labels.size(), batch) * kTileRows),
                                          {},
                                          {}},
      differences_(residuals_) {
    const std::size_t tiles = mostTilesOfBatch(labels.size(), batch);
    const std::size_t rows = tiles * kTileRows;
    const std::size_t room = padded(features());
    for (const CodePart& part : reader_->parts()) {
        const std::size_t slots = part.slotCount() + kSpareLine;
        Part& mine = parts_.emplace_back(Part{&tileKernels(isa_, part.part.width),
                                              part.whole(),
                                              part.scale,
                                              part.tailSlots(features()),
                                              std::vector<std::int8_t>(slots),
                                              {},
                                              std::vector<std::int32_t>(rows),
                                              std::vector<std::int32_t>(slots)});
        if (mine.kernels->buildTables != nullptr)
            mine.tables = PageBuffer((part.part.lines + 1) * kModelTableBytes);
    }
    products_.resize(rows);
    const std::size_t bits = parts_.back().sums.size();
    if (pairs_ == Pairs::Mean || pairs_ == Pairs::Symmetrized)
        odd_.resize(bits);
    if (hasUpper_) {
        upperProducts_.resize(rows);
        upperSums_.resize(bits);
        upper_.emplace(tiles, features(), reader_->parts().back().part);
    }
    slope_.resize(room);
    middle_.resize(room);
    middles_.resize(room);
    values_.resize(room);
    if (method.correction.size() > 0) {
        correction_.resize(room);
        for (std::size_t f = 0; f < features(); ++f)
            correction_[f] = static_cast<float>(method.correction[static_cast<Eigen::Index>(f)] *
                                                inverse(reader_->slope()[f]));
    }
    for (RowNumbers* each : {&residuals_, &differences_}) {
        each->numbers.resize(rows);
        each->integers.resize(rows);
    }
    ones_.resize(rows);
    lastLabels_.resize(rows);
}

void SmallBatchSgd::send(int /*thread*/, const Batch& batch) {
    const double unit = batch.index == 0 ? 0 : sent_.next;
    sent_ = loops().roundModel(model().weights.data(), slope_.data(), middle_.data(), unit, modelSteps_,
                               modelDraws_.of(stream(Purpose::ModelRounding), batch.index), features(),
                               parts_.front().model.data(), values_.data());
    for (Part& part : parts_) {
        if (&part != &parts_.front())
            std::copy_n(parts_.front().model.data(), part.whole, part.model.data());
        for (std::size_t i = 0; i < part.tail.size(); ++i)
            part.model[part.tail[i]] = static_cast<std::int8_t>(values_[part.whole + i]);
        if (part.tables.size() > 0 && usesTables(batch))
            part.kernels->buildTables(part.tables.size() / kModelTableBytes, part.model.data(),
                                      part.tables.data());
    }
}

void SmallBatchSgd::addUp(int /*thread*/, const Batch& batch) {
    const std::size_t first = firstTile(batch), count = tiles(batch);
    const std::size_t nextTile = batch.nextFirst / kTileRows;
    fetchNext(reader_->placesOf({nextTile, nextTile + count}, first));
    tilesRead_ = count;
    std::array<PartDot, kMostParts> dots;
    const auto modelOf = [&](const Part& part) -> TileModel {
        return {part.model.data(), usesTables(batch) ? part.tables.data() : nullptr};
    };
    for (std::size_t p = 0; p < parts_.size(); ++p) {
        std::fill_n(parts_[p].products.data(), count * kTileRows, 0);
        dots[p] = {parts_[p].kernels, modelOf(parts_[p]), parts_[p].products.data()};
    }
    reader_->readAndDot({first, first + count}, std::span(dots).first(parts_.size()), block_, fetch_);
    std::fill_n(products_.data(), count * kTileRows, 0);
    for (const Part& part : parts_)
        addProducts(part.products, static_cast<std::int32_t>(part.scale), count);
    if (hasUpper_) {
        upper_->draw(*reader_, RandomStream(reader_->seed(), Purpose::CopyOrder, plan().epoch), loops(),
                     first, {0, count});
        std::fill_n(upperProducts_.data(), count * kTileRows, 0);
        Part& odd = parts_.back();
        odd.kernels->dot(upper_->view(0), count, modelOf(odd), upperProducts_.data(), fetch_);
        // d = 2 upper - odd
        if (pairs_ == Pairs::Symmetrized) {
            const Term<std::int32_t> difference[] = {{odd.products.data(), -1}, {upperProducts_.data(), 2}};
            round(difference, 0, nullptr, 1, batch, differences_);
        } else {
            addProducts(odd.products, 1, count);
            addProducts(upperProducts_, -2, count);
        }
    }
    const float* labels = this->labels().data() + first * kTileRows;
    if ((first + count) * kTileRows > this->labels().size()) { // the last tile is not full
        std::copy(labels, this->labels().data() + this->labels().size(), lastLabels_.begin());
        labels = lastLabels_.data();
    }
    const double offset =
        model().intercept + sent_.shared - sent_.unit * centre_ * static_cast<double>(sent_.sum);
    const Term<std::int32_t> score{products_.data(), sent_.unit};
    round({&score, 1}, offset, labels, 0, batch, residuals_);
    addSums(batch);
}

/// The pass back over the codes.
void SmallBatchSgd::addSums(const Batch& batch) {
    const auto residualSum = static_cast<double>(residuals_.rounded.sum);
    PackedGradient& gradient = terms_;
    gradient = {};
    for (Part& part : parts_) {
        const auto p = static_cast<std::size_t>(&part - parts_.data());
        add(part, block_.views[p], residuals_.integers.data(), part.sums);
        gradient.sums[p] = part.sums.data();
        gradient.scales[p] = static_cast<float>(part.scale);
    }
    gradient.parts = parts_.size();
    gradient.unit = static_cast<float>(residuals_.rounded.unit);
    gradient.offset = static_cast<float>(centre_ * residualSum);
    gradient.shared = static_cast<float>(residuals_.rounded.unit * residualSum);
    gradient.slope = slope_.data();
    gradient.middle = middles_.data();
    gradient.values = values_.data();
    if (!correction_.empty()) {
        gradient.correction = correction_.data();
        gradient.correctionScale = static_cast<float>(sent_.unit * static_cast<double>(batch.rows));
    }
    const Part& bits = parts_.back();
    if (pairs_ == Pairs::Mean) {
        std::fill_n(ones_.data(), tilesRead_ * kTileRows, std::int8_t{0});
        std::fill_n(ones_.data() + lead(batch), batch.rows, std::int8_t{1});
        add(bits, block_.views.back(), ones_.data(), odd_);
        gradient.signs[0] = odd_.data();
        gradient.signScales[0] = 1;
        gradient.signScale = static_cast<float>(sent_.unit);
        gradient.signsTimesValues = true;
    }
    if (pairs_ == Pairs::Plain) { // d counts like a code: +-1 where the code is odd
        add(bits, upper_->view(0), residuals_.integers.data(), upperSums_);
        gradient.scales[gradient.parts - 1] -= 1;
        gradient.sums[gradient.parts] = upperSums_.data();
        gradient.scales[gradient.parts++] = 2;
    }
    if (pairs_ == Pairs::Symmetrized) {
        add(bits, block_.views.back(), differences_.integers.data(), odd_);
        add(bits, upper_->view(0), differences_.integers.data(), upperSums_);
        gradient.signs[0] = odd_.data();
        gradient.signs[1] = upperSums_.data();
        gradient.signScales[0] = -1;
        gradient.signScales[1] = 2;
        gradient.signScale = static_cast<float>(differences_.rounded.unit * sent_.unit);
    }
    interceptGradient_ = residuals_.rounded.unit * residualSum;
}

/// Leaves it to the kernels, line by line; they would miss some of the few lines of a batch of one tile.
void SmallBatchSgd::fetchNext(const FetchList& places) {
    next_ = places;
    fetch_ = next_.cursor();
    const auto runs = std::span(next_.runs).first(next_.count);
    if (std::ranges::any_of(runs, [](const FetchRun& run) { return run.end - run.begin > kBytesAtOnce; }))
        return;
    for (const FetchRun& run : runs)
        for (std::uintptr_t at = run.begin; at < run.end; at += kLineBytes)
            fetch(at);
    fetch_ = FetchCursor();
}

void SmallBatchSgd::round(std::span<const Term<std::int32_t>> terms, double offset, const float* labels,
                          std::uint16_t copy, const Batch& batch, RowNumbers& rows) {
    const std::size_t begin = lead(batch);
    rows.rounded = loops().roundRows(terms.data(), terms.size(), offset, labels,
                                     rows.draws.of(stream(Purpose::ResidualRounding, copy), batch.index),
                                     tilesRead_ * kTileRows, begin, begin + batch.rows, rows.numbers.data(),
                                     rows.integers.data());
}

void SmallBatchSgd::add(const Part& part, const PartView& view, const std::int8_t* factors,
                        std::vector<std::int32_t>& sums) {
    std::ranges::fill(sums, 0);
    part.kernels->add(view, tilesRead_, factors, sums.data(), fetch_);
    untangle(part, sums);
}

void SmallBatchSgd::untangle(const Part& part, std::vector<std::int32_t>& sums) {
    std::int32_t features[32];
    for (std::size_t i = 0; i < part.tail.size(); ++i)
        features[i] = sums[part.tail[i]];
    std::copy_n(features, part.tail.size(), sums.data() + part.whole);
}

} // namespace

bool isSmallBatch(std::size_t rows, std::size_t features, double largestCode) {
    constexpr double kMostExactInFloat = 16'777'216; // of sums (PackedGradient)
    return MinibatchSgd::isForOneThread(rows * features) &&
           largestCode * kResidualSteps * static_cast<double>(rows) <= kMostExactInFloat;
}

std::unique_ptr<MinibatchSgd> makeSmallBatchSgd(std::unique_ptr<CodeReader> codes,
                                                std::span<const float> labels, std::size_t batch,
                                                const GradientMethod& method, ThreadTeam& team, Isa isa) {
    return std::make_unique<SmallBatchSgd>(std::move(codes), labels, batch, method, team, isa);
}

} // namespace zipml
