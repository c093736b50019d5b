#pragma once
/// A batch's rows in packed_sgd.cpp, between the two passes over their codes: the first one finds their
/// residuals, the second one adds up codes times residuals.

#include "core/solve/packed/odd_upper.h"
#include "core/solve/packed/packed_arithmetic.h"
#include "core/solve/packed/packed_model.h"
#include "core/solve/packed/packed_sums.h"

#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

namespace zipml {

/// Of residuals, and of differences where an estimator has them: their largest absolute values, or the units
/// that the kernels have them in.
struct RowMagnitudes {
    double residual = 0, difference = 0;
};

/// Threads work on rows of their own at the same time.
template <class Arithmetic>
class PackedRows {
  public:
    using Batch = MinibatchSgd::Batch;
    using Weight = typename Arithmetic::Weight;
    using Sum = typename Arithmetic::Sum;
    using Sums = PackedSums<Arithmetic>;

    /// @param tiles of the largest batch
    PackedRows(const CodeReader& reader, const PackedModel<Arithmetic>& model, Pairs pairs, const Loss& loss,
               std::span<const float> labels, const VectorKernels& loops, std::size_t tiles, Isa isa)
        : reader_(reader), model_(model), pairs_(pairs), loss_(loss), labels_(labels), loops_(loops) {
        if constexpr (Arithmetic::kRounds)
            if (const auto tables = reader.tables()) {
                tables_ = *tables;
                tableKernels_ = &tableKernels(isa, model.parts().front().codes.part.width);
            }
        const std::size_t rows = tiles * kTileRows;
        for (auto* each : {&difference_, &residual_})
            each->resize(rows);
        products_.assign(model.parts().size(), std::vector<Sum>(rows));
        for (auto* each : {&residuals_, &differences_})
            each->resize(rows);
        ones_.assign(rows, Weight{1});
        for (auto& draws : draws_)
            draws.resize(rows);
        if (pairs == Pairs::Symmetrized || pairs == Pairs::Plain) {
            upperProducts_.resize(rows);
            upper_.emplace(tiles, reader.slope().size(), model.oddPart().codes.part);
        }
    }

    /// Integers only: what the rows' values are rounded with. @param residuals, differences streams
    void draw(const RandomStream& residuals, const RandomStream& differences, std::uint32_t batch,
              IndexRange rows) {
        fillDraws(residuals, batch, rows.begin, rows.end, draws_[0]);
        if (pairs_ == Pairs::Symmetrized)
            fillDraws(differences, batch, rows.begin, rows.end, draws_[1]);
    }

    /// Reads some tiles of the batch, and finds their rows' residuals and differences.
    /// @param coins of the epoch @param codes what was read @return the largest absolute values
    RowMagnitudes findResiduals(TileRange tiles, const Batch& batch, const SentModel& sent,
                                const RandomStream& coins, CodeBlock& codes, FetchCursor& fetch);
    /// Adds up what findResiduals has left. @return the sum of the residuals as converted
    double add(TileRange tiles, const CodeBlock& codes, const RowMagnitudes& units, Sums& sums,
               FetchCursor& fetch);

  private:
    void readAndDot(TileRange tiles, std::size_t firstTile, CodeBlock& codes, FetchCursor& fetch);
    RowMagnitudes findSlopes(const Batch& batch, double unit, IndexRange rows);
    double convert(const std::vector<float>& from, double unit, TileRange tiles,
                   const std::vector<std::uint16_t>& draws, std::vector<Weight>& to);

    const CodeReader& reader_;
    const PackedModel<Arithmetic>& model_;
    const Pairs pairs_;
    const Loss& loss_;
    std::span<const float> labels_;
    const VectorKernels& loops_;
    std::optional<OddUpper> upper_;
    const TableKernels* tableKernels_ = nullptr;
    LevelTables tables_{};

    // One a row of the batch.
    std::vector<float> difference_,
        residual_;                           ///< d . x, r; for other losses than least squares see findSlopes
    std::vector<std::vector<Sum>> products_; ///< codes . model, for each part
    std::vector<Sum> upperProducts_;
    std::vector<Weight> residuals_, differences_, ones_; ///< as converted
    std::vector<std::uint16_t> draws_[2];                ///< for residuals and differences
};

template <class Arithmetic>
void PackedRows<Arithmetic>::readAndDot(TileRange tiles, std::size_t firstTile, CodeBlock& codes,
                                        FetchCursor& fetch) {
    const std::size_t first = tiles.begin * kTileRows;
    const TileRange stored{firstTile + tiles.begin, firstTile + tiles.end};
    for (auto& products : products_)
        std::fill_n(products.data() + first, tiles.size() * kTileRows, Sum{0});
    if (tableKernels_ == nullptr) {
        Arithmetic::readAndDot(reader_, stored, model_.parts(), products_, first, codes, fetch);
    } else if constexpr (Arithmetic::kRounds) {
        reader_.read(stored, codes);
        tableKernels_->dot(codes.views[0], tiles.size(), tables_, model_.parts()[0].model.data(),
                           products_[0].data() + first, products_[1].data() + first, fetch);
    }
}

template <class Arithmetic>
RowMagnitudes PackedRows<Arithmetic>::findResiduals(TileRange tiles, const Batch& batch,
                                                    const SentModel& sent, const RandomStream& coins,
                                                    CodeBlock& codes, FetchCursor& fetch) {
    const std::size_t first = tiles.begin * kTileRows;
    const std::size_t end = std::min(tiles.end * kTileRows, batch.rows); // the last tile may not be full
    const std::size_t firstTile = batch.first / kTileRows;
    readAndDot(tiles, firstTile, codes, fetch);
    RowMagnitudes most;
    std::array<Term<Sum>, kMostParts + 1> terms;
    std::size_t count = 0;
    for (std::size_t p = 0; p < products_.size(); ++p)
        terms[count++] = {products_[p].data() + first, sent.unit * model_.parts()[p].codes.scale};
    if (upper_) {
        upper_->draw(reader_, coins, loops_, firstTile, tiles);
        std::fill_n(upperProducts_.data() + first, tiles.size() * kTileRows, Sum{0});
        Arithmetic::dot(model_.oddPart(), upper_->view(tiles.begin), tiles.size(),
                        upperProducts_.data() + first, fetch);
        // d = 2 upper - odd
        const Sum* odd = products_.back().data() + first;
        const Sum* upper = upperProducts_.data() + first;
        if (pairs_ == Pairs::Symmetrized) {
            const Term<Sum> difference[] = {{odd, -1}, {upper, 2}};
            most.difference =
                Arithmetic::combine(loops_, difference, 0, nullptr, end - first, difference_.data() + first);
        } else {
            terms[count - 1].scale += sent.unit;
            terms[count++] = {upper, -2 * sent.unit};
        }
    }
    const bool quadratic = loss_.isQuadratic(); // residuals are its slopes
    most.residual = Arithmetic::combine(loops_, std::span(terms).first(count), sent.offset,
                                        quadratic ? labels_.data() + batch.first + first : nullptr,
                                        end - first, residual_.data() + first);
    if (!quadratic)
        most = findSlopes(batch, sent.unit, {first, end});
    std::fill_n(residual_.data() + end, tiles.end * kTileRows - end, 0.0F);
    return most;
}

/// Makes the scores of some rows the slopes of a loss that is not quadratic.
template <class Arithmetic>
RowMagnitudes PackedRows<Arithmetic>::findSlopes(const Batch& batch, double modelUnit, IndexRange rows) {
    const auto labels = labels_.subspan(batch.first + rows.begin, rows.size());
    const auto slopes = std::span(residual_).subspan(rows.begin, rows.size());
    const auto mostOf = [](std::span<const float> values) {
        return std::accumulate(values.begin(), values.end(), 0.0F,
                               [](float most, float value) { return std::max(most, std::abs(value)); });
    };
    if (pairs_ != Pairs::Symmetrized) {
        loss_.toSlopes(labels, slopes);
        return {mostOf(slopes), 0};
    }
    // With the slopes s1 at m.x + d.x and s2 at m.x - d.x:
    // 1/2 (Q1 s2 + Q2 s1) = m (s1 + s2) / 2 - d (s1 - s2) / 2
    const auto differences = std::span(difference_).subspan(rows.begin, rows.size());
    const auto unit = static_cast<float>(modelUnit); // difference_ is without it
    for (std::size_t i = 0; i < slopes.size(); ++i) {
        const float step = unit * differences[i];
        differences[i] = slopes[i] - step; // the score at Q2
        slopes[i] += step;
    }
    loss_.toSlopes(labels, slopes);
    loss_.toSlopes(labels, differences);
    for (std::size_t i = 0; i < slopes.size(); ++i) {
        const float half = (slopes[i] - differences[i]) / 2;
        slopes[i] -= half;
        differences[i] = unit > 0 ? half / unit : 0.0F;
    }
    return {mostOf(slopes), mostOf(differences)};
}

/// @return the sum of the converted values
template <class Arithmetic>
double PackedRows<Arithmetic>::convert(const std::vector<float>& from, double unit, TileRange tiles,
                                       const std::vector<std::uint16_t>& draws, std::vector<Weight>& to) {
    const std::size_t first = tiles.begin * kTileRows;
    return Arithmetic::convert(loops_, from.data() + first, inverse(unit), draws.data() + first,
                               tiles.size() * kTileRows, to.data() + first);
}

template <class Arithmetic>
double PackedRows<Arithmetic>::add(TileRange tiles, const CodeBlock& codes, const RowMagnitudes& units,
                                   Sums& sums, FetchCursor& fetch) {
    const std::size_t first = tiles.begin * kTileRows;
    const double residualSum = convert(residual_, units.residual, tiles, draws_[0], residuals_);
    const Weight* residuals = residuals_.data() + first;
    if constexpr (Arithmetic::kRounds)
        if (tableKernels_ != nullptr) {
            tableKernels_->add(codes.views[0], tiles.size(), tables_, residuals, sums.parts[0].data(),
                               sums.parts[1].data(), fetch);
            return residualSum;
        }
    for (std::size_t p = 0; p < model_.parts().size(); ++p)
        model_.parts()[p].kernels->add(codes.views[p], tiles.size(), residuals, sums.parts[p].data(), fetch);
    const PartView& odd = codes.views.back();
    const auto addOdd = [&](const PartView& bits, const Weight* factors, std::vector<Sum>& to) {
        model_.oddPart().kernels->add(bits, tiles.size(), factors, to.data(), fetch);
    };
    if (sums.countsOdd)
        addOdd(odd, ones_.data() + first, sums.odd);
    if (pairs_ == Pairs::Plain)
        addOdd(upper_->view(tiles.begin), residuals, sums.upper);
    if (pairs_ == Pairs::Symmetrized) {
        convert(difference_, units.difference, tiles, draws_[1], differences_);
        addOdd(odd, differences_.data() + first, sums.odd);
        addOdd(upper_->view(tiles.begin), differences_.data() + first, sums.upper);
    }
    return residualSum;
}

} // namespace zipml
