#include "core/quant/levels/optimal.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zipml {
namespace {

using Index = std::uint32_t;
using Path = std::vector<Index>;

/// Finds the path of least cost + price * intervals, from the first candidate to the last.
class PricedPath {
  public:
    explicit PricedPath(const IntervalCost& cost)
        : d_(cost.d()), u_(cost.u()), reached_(d_.size()), parent_(d_.size()), queue_(d_.size()) {}

    /// Intervals' ends, the first and the last candidate among them.
    Path find(double price) {
        const auto size = static_cast<Index>(d_.size());
        // queue_[head, tail): candidate predecessors in order, each the best from position `from` on.
        std::size_t head = 0;
        std::size_t tail = 1;
        queue_[0] = {0, 1};
        reached_[0] = 0;
        for (Index j = 1; j < size; ++j) {
            while (head + 1 < tail && queue_[head + 1].from <= j)
                ++head;
            const Index best = queue_[head].index;
            reached_[j] = price + reached_[best] + u_[best] * d_[j] - d_[best] * u_[j];
            parent_[j] = best;
            if (j + 1 < size)
                tail = offer(j, head, tail);
        }
        Path path;
        for (Index at = size - 1; at != 0; at = parent_[at])
            path.push_back(at);
        path.push_back(0);
        std::ranges::reverse(path);
        return path;
    }

  private:
    struct Entry {
        Index index; ///< a predecessor
        Index from;  ///< the first position where it is the best
    };

    /// Puts j behind the predecessors that stay better for some position. @return the new tail
    std::size_t offer(Index j, std::size_t head, std::size_t tail) {
        const auto size = static_cast<Index>(d_.size());
        while (true) {
            const Entry last = queue_[tail - 1];
            // j beats `last` at p when change + slopeD * d_p - slopeU * u_p < 0, from some p on for good.
            const double change = reached_[j] - reached_[last.index];
            const double slopeD = u_[j] - u_[last.index];
            const double slopeU = d_[j] - d_[last.index];
            const auto beats = [&](Index p) { return change + slopeD * d_[p] - slopeU * u_[p] < 0; };
            const Index start = std::max(last.from, j + 1);
            if (beats(start)) {
                if (tail - 1 == head) { // nothing is left of the queue: j is the best from here on
                    queue_[tail - 1] = {j, start};
                    return tail;
                }
                --tail;
                continue;
            }
            // Neighbours' crossings are close together, so look near the last one first, in growing strides.
            Index lower = start;
            Index stride = 1;
            while (lower + stride < size && !beats(lower + stride)) {
                lower += stride;
                stride *= 2;
            }
            Index upper = std::min(lower + stride, size);
            while (upper - lower > 1) {
                const Index middle = lower + (upper - lower) / 2;
                (beats(middle) ? upper : lower) = middle;
            }
            if (upper < size)
                queue_[tail++] = {j, upper};
            return tail;
        }
    }

    std::span<const double> d_, u_;
    std::vector<double> reached_; ///< least priced cost of a path to here, less b (see IntervalCost)
    std::vector<Index> parent_;
    std::vector<Entry> queue_;
};

/// A point of the curve T(k) that some price has found.
struct Found {
    Path path;
    double cost = 0;
    double price = 0;
    [[nodiscard]] double intervals() const { return static_cast<double>(path.size() - 1); }
};

/// Two paths that are both optimal at one price are cut and joined to one of `intervals`, as good.
Path swapPaths(const Path& few, const Path& many, std::size_t intervals) {
    const std::size_t shift = many.size() - 1 - intervals;
    std::size_t i = 0;
    while (many[i + shift + 1] > few[i + 1])
        ++i;
    Path path(few.begin(), few.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    path.insert(path.end(), many.begin() + static_cast<std::ptrdiff_t>(i + shift + 1), many.end());
    return path;
}

/// The best path with exactly `intervals`, 1 < intervals < size - 1.
Found search(const IntervalCost& cost, std::size_t intervals, double price) {
    constexpr double kTie = 1e-12;
    PricedPath priced(cost);
    const auto last = static_cast<Index>(cost.size() - 1);
    const auto wanted = static_cast<double>(intervals);
    Found few{{0, last}, cost(0, last), 0};
    Found many{Path(cost.size()), 0, 0};
    std::iota(many.path.begin(), many.path.end(), 0U);
    for (int pass = 0;; ++pass) {
        // Both known points lie on the convex curve T(k): no price above this one can give `many` or more.
        const double chord = (few.cost - many.cost) / (many.intervals() - few.intervals());
        const bool onChord = pass % 3 == 2 || !(price > 0) || !std::isfinite(price);
        if (onChord)
            price = chord;
        Found found{priced.find(price), 0, price};
        found.cost = totalCost(cost, found.path);
        const double k = found.intervals();
        if (k == wanted)
            return found;
        const bool between = k > few.intervals() && k < many.intervals();
        const double tied = few.cost + price * few.intervals();
        if (onChord && (!between || found.cost + price * k >= tied * (1 - kTie))) {
            Path path = swapPaths(few.path, many.path, intervals);
            const double total = totalCost(cost, path);
            return {std::move(path), total, price};
        }
        if (between)
            (k < wanted ? few : many) = std::move(found);
        // T(k) falls about as k^-2, so the price falls as k^-3; between two prices, interpolate that law.
        if (!between)
            price = 0; // take the chord
        else if (few.price > 0 && many.price > 0)
            price = few.price *
                    std::pow(many.price / few.price, std::log(wanted / few.intervals()) /
                                                         std::log(many.intervals() / few.intervals()));
        else
            price *= std::pow(k / wanted, 3);
    }
}

/// About `count` candidates: half of them equally far apart by rank, half by value.
std::vector<Index> spreadCandidates(const IntervalCost& cost, std::size_t count) {
    const std::size_t half = count / 2;
    const std::size_t last = cost.size() - 1;
    const auto d = cost.d();
    std::vector<Index> chosen;
    for (std::size_t i = 0; i <= half; ++i) {
        chosen.push_back(static_cast<Index>(last * i / half));
        const double place = d[0] + (d[last] - d[0]) * static_cast<double>(i) / static_cast<double>(half);
        const auto above = std::min<std::ptrdiff_t>(std::ranges::lower_bound(d, place) - d.begin(),
                                                    static_cast<std::ptrdiff_t>(last));
        chosen.push_back(static_cast<Index>(above));
    }
    std::ranges::sort(chosen);
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    return chosen;
}

/// The price of an interval in the middle of those that give `intervals`.
double guessPrice(const IntervalCost& cost, std::size_t intervals) {
    const auto last = cost.size() - 1;
    const double oneInterval = cost(0, last);
    const auto k = static_cast<double>(intervals);
    const double guess = 2 * oneInterval / (k * k * k);
    const std::size_t subset = std::max<std::size_t>(2048, 32 * intervals);
    if (cost.size() < 4 * subset)
        return guess;
    const IntervalCost coarse(cost, spreadCandidates(cost, subset));
    const double start = guessPrice(coarse, intervals);
    return (search(coarse, intervals - 1, start).cost - search(coarse, intervals + 1, start).cost) / 2;
}

} // namespace

std::vector<std::uint32_t> optimalLevels(const IntervalCost& cost, std::size_t levels) {
    std::vector<Index> path;
    if (cost.size() <= levels) {
        path.resize(cost.size());
        std::iota(path.begin(), path.end(), 0U);
    } else if (levels <= 2) {
        path = {0, static_cast<Index>(cost.size() - 1)};
    } else {
        path = search(cost, levels - 1, guessPrice(cost, levels - 1)).path;
    }
    return path;
}

} // namespace zipml
