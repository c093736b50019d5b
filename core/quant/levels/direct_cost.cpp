#include "core/quant/levels/direct_cost.h"

#include <algorithm>
#include <bit>

namespace zipml {

DirectCost::Values DirectCost::valuesOf(std::span<const float> sorted) {
    Values values;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        if (i == 0 || sorted[i] != sorted[i - 1]) {
            values.place.push_back(double{sorted[i]});
            values.count.push_back(0);
        }
        values.count.back() += 1;
    }
    const std::size_t size = values.place.size();
    const auto one = [&](std::size_t i) { return Stretch::at(values.place[i], values.count[i]); };
    values.toEnd.resize(size);
    values.fromBegin.resize(size);
    for (std::size_t i = 0; i < size; ++i)
        values.fromBegin[i] = i % kBlock == 0 ? one(i) : values.fromBegin[i - 1].joined(one(i));
    for (std::size_t i = size; i-- > 0;)
        values.toEnd[i] =
            i % kBlock == kBlock - 1 || i + 1 == size ? one(i) : one(i).joined(values.toEnd[i + 1]);
    const std::size_t blocks = (size + kBlock - 1) / kBlock;
    for (std::size_t half = 1; half < blocks; half *= 2) {
        std::vector<Stretch>& level = values.blocks.emplace_back(blocks);
        for (std::size_t middle = half; middle < blocks; middle += 2 * half) {
            for (std::size_t block = middle; block-- > middle - half;) {
                const Stretch& own = values.toEnd[block * kBlock];
                level[block] = block + 1 == middle ? own : own.joined(level[block + 1]);
            }
            for (std::size_t block = middle; block < std::min(middle + half, blocks); ++block) {
                const Stretch& own = values.toEnd[block * kBlock];
                level[block] = block == middle ? own : level[block - 1].joined(own);
            }
        }
    }
    return values;
}

DirectCost::DirectCost(const IntervalCost& cost)
    : values_(std::make_shared<const Values>(valuesOf(cost.sorted()))),
      position_(cost.positions().begin(), cost.positions().end()) {
    const auto& place = values_->place;
    std::size_t next = 0;
    for (const double candidate : position_) {
        while (next < place.size() && place[next] < candidate)
            ++next;
        upTo_.push_back(static_cast<std::uint32_t>(next));
        const bool on = next < place.size() && place[next] == candidate;
        above_.push_back(static_cast<std::uint32_t>(on ? next + 1 : next));
    }
}

DirectCost::DirectCost(const DirectCost& all, std::span<const std::uint32_t> chosen) : values_(all.values_) {
    for (const std::uint32_t i : chosen) {
        position_.push_back(all.position_[i]);
        above_.push_back(all.above_[i]);
        upTo_.push_back(all.upTo_[i]);
    }
}

template <class Part>
double DirectCost::sumOver(std::size_t i, std::size_t j, const Part& part) const {
    const Values& values = *values_;
    const std::size_t begin = above_[i], end = upTo_[j];
    if (begin >= end)
        return 0;
    const std::size_t firstBlock = begin / kBlock, lastBlock = (end - 1) / kBlock;
    double sum = 0;
    if (firstBlock == lastBlock) {
        for (std::size_t v = begin; v < end; ++v)
            sum += part(Stretch::at(values.place[v], values.count[v]));
        return sum;
    }
    sum = part(values.toEnd[begin]) + part(values.fromBegin[end - 1]);
    if (lastBlock - firstBlock < 2)
        return sum;
    const std::size_t from = firstBlock + 1, to = lastBlock - 1;
    if (from == to)
        return sum + part(values.toEnd[from * kBlock]);
    const auto& level = values.blocks[static_cast<std::size_t>(std::bit_width(from ^ to)) - 1];
    return sum + part(level[from]) + part(level[to]);
}

double DirectCost::operator()(std::size_t i, std::size_t j) const {
    return sumOver(i, j, [lower = position_[i], upper = position_[j]](const Stretch& stretch) {
        return stretch.between(lower, upper);
    });
}

double DirectCost::distanceAbove(std::size_t i, std::size_t j) const {
    const double lower = position_[i];
    const double inside = sumOver(i, j, [lower](const Stretch& stretch) {
        return stretch.above + (stretch.first - lower) * stretch.count;
    });
    return upTo_[j] < above_[j] ? inside + values_->count[upTo_[j]] * (position_[j] - lower) : inside;
}

double DirectCost::distanceBelow(std::size_t i, std::size_t j) const {
    return sumOver(i, j, [upper = position_[j]](const Stretch& stretch) {
        return stretch.below + (upper - stretch.last) * stretch.count;
    });
}

} // namespace zipml
