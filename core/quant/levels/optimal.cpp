#include "core/quant/levels/optimal.h"

#include "core/quant/levels/direct_cost.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace zipml {
namespace {

using Index = std::uint32_t;
using Path = std::vector<Index>;

/// Compares priced paths by the sums of IntervalCost, less b, which is the same for all of them.
class SummedPaths {
  public:
    using Cost = IntervalCost;
    explicit SummedPaths(const IntervalCost& cost) : d_(cost.d()), u_(cost.u()), reached_(d_.size()) {}

    void begin(double price) {
        price_ = price;
        reached_[0] = 0;
    }
    /// The best path to j has `before` before it.
    void reach(Index j, Index before) {
        reached_[j] = price_ + reached_[before] + u_[before] * d_[j] - d_[before] * u_[j];
    }
    /// Tells at which places p a path over j is better than one over an earlier `rival`; from some p on for
    /// good.
    [[nodiscard]] auto beats(Index j, Index rival) const {
        return [this, change = reached_[j] - reached_[rival], slopeD = u_[j] - u_[rival],
                slopeU = d_[j] - d_[rival]](Index p) { return change + slopeD * d_[p] - slopeU * u_[p] < 0; };
    }

  private:
    std::span<const double> d_, u_;
    std::vector<double> reached_; ///< least priced cost of a path to here, less b
    double price_ = 0;
};

/// The same by DirectCost. Intervals are counted apart from costs, or a high price would hide low costs; and
/// what a level at j saves of the cost V(rival, p) is added up from its parts, or the cost would hide it:
///
///     V(rival, p) - V(j, p) = V(rival, j) + (d_p - d_j) A + (d_j - d_rival) B,
///
/// A the distances from the rival up to j, B those from p down to j. It grows with p.
class DirectPaths {
  public:
    using Cost = DirectCost;
    explicit DirectPaths(const DirectCost& cost)
        : cost_(cost), reached_(cost.size()), intervals_(cost.size()) {}

    void begin(double price) { price_ = price; }
    void reach(Index j, Index before) {
        reached_[j] = reached_[before] + cost_(before, j);
        intervals_[j] = intervals_[before] + 1;
    }
    [[nodiscard]] auto beats(Index j, Index rival) const {
        const auto place = cost_.positions();
        return [this, place, j, apart = place[j] - place[rival], below = cost_(rival, j),
                above = cost_.distanceAbove(rival, j),
                change =
                    price_ * (intervals_[j] - intervals_[rival]) + (reached_[j] - reached_[rival])](Index p) {
            return change < below + (place[p] - place[j]) * above + apart * cost_.distanceBelow(j, p);
        };
    }

  private:
    const DirectCost& cost_;
    std::vector<double> reached_, intervals_;
    double price_ = 0;
};

/// Finds the path of least cost + price * intervals, from the first candidate to the last.
template <class Paths>
class PricedPath {
  public:
    explicit PricedPath(const typename Paths::Cost& cost)
        : size_(static_cast<Index>(cost.size())), paths_(cost), parent_(size_), queue_(size_) {}

    /// Intervals' ends, the first and the last candidate among them.
    Path find(double price) {
        // queue_[head, tail): candidate predecessors in order, each the best from position `from` on.
        std::size_t head = 0;
        std::size_t tail = 1;
        queue_[0] = {0, 1};
        paths_.begin(price);
        for (Index j = 1; j < size_; ++j) {
            while (head + 1 < tail && queue_[head + 1].from <= j)
                ++head;
            parent_[j] = queue_[head].index;
            paths_.reach(j, parent_[j]);
            if (j + 1 < size_)
                tail = offer(j, head, tail);
        }
        Path path;
        for (Index at = size_ - 1; at != 0; at = parent_[at])
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
        while (true) {
            const Entry last = queue_[tail - 1];
            const auto beats = paths_.beats(j, last.index);
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
            while (lower + stride < size_ && !beats(lower + stride)) {
                lower += stride;
                stride *= 2;
            }
            Index upper = std::min(lower + stride, size_);
            while (upper - lower > 1) {
                const Index middle = lower + (upper - lower) / 2;
                (beats(middle) ? upper : lower) = middle;
            }
            if (upper < size_)
                queue_[tail++] = {j, upper};
            return tail;
        }
    }

    Index size_;
    Paths paths_;
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
template <class Paths>
Found search(const typename Paths::Cost& cost, std::size_t intervals, double price) {
    constexpr double kTie = 1e-12;
    PricedPath<Paths> priced(cost);
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

/// About `count` of the candidates: half of them equally far apart by rank, half by value.
std::vector<Index> spreadCandidates(std::span<const double> positions, std::size_t count) {
    const std::size_t half = count / 2;
    const std::size_t last = positions.size() - 1;
    const double low = positions[0], range = positions[last] - low;
    std::vector<Index> chosen;
    for (std::size_t i = 0; i <= half; ++i) {
        chosen.push_back(static_cast<Index>(last * i / half));
        const double place = low + range * static_cast<double>(i) / static_cast<double>(half);
        const auto above =
            std::min<std::ptrdiff_t>(std::ranges::lower_bound(positions, place) - positions.begin(),
                                     static_cast<std::ptrdiff_t>(last));
        chosen.push_back(static_cast<Index>(above));
    }
    std::ranges::sort(chosen);
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    return chosen;
}

/// The price of an interval in the middle of those that give `intervals`.
template <class Paths>
double guessPrice(const typename Paths::Cost& cost, std::size_t intervals) {
    const double oneInterval = cost(0, cost.size() - 1);
    const auto k = static_cast<double>(intervals);
    const double guess = 2 * oneInterval / (k * k * k);
    const std::size_t subset = std::max<std::size_t>(2048, 32 * intervals);
    if (cost.size() < 4 * subset)
        return guess;
    const typename Paths::Cost coarse(cost, spreadCandidates(cost.positions(), subset));
    if (coarse.size() < intervals + 3)
        return guess;
    const double start = guessPrice<Paths>(coarse, intervals);
    return (search<Paths>(coarse, intervals - 1, start).cost -
            search<Paths>(coarse, intervals + 1, start).cost) /
           2;
}

template <class Paths>
Found bestPath(const typename Paths::Cost& cost, std::size_t intervals) {
    return search<Paths>(cost, intervals, guessPrice<Paths>(cost, intervals));
}

} // namespace

std::vector<std::uint32_t> optimalLevels(const IntervalCost& cost, std::size_t levels) {
    // Of the least cost: what rounding errors of the sums may take away.
    constexpr double kTolerance = 3e-10;
    std::vector<Index> path;
    if (cost.size() <= levels) {
        path.resize(cost.size());
        std::iota(path.begin(), path.end(), 0U);
    } else if (levels <= 2) {
        path = {0, static_cast<Index>(cost.size() - 1)};
    } else {
        Found found = bestPath<SummedPaths>(cost, levels - 1);
        if (cost.noise() > kTolerance * found.cost)
            found = bestPath<DirectPaths>(DirectCost(cost), levels - 1);
        path = std::move(found.path);
    }
    return path;
}

double leastCostAbove(const IntervalCost& cost, std::size_t intervals, double price) {
    const Path best = PricedPath<SummedPaths>(cost).find(price);
    const auto more = static_cast<double>(best.size() - 1) - static_cast<double>(intervals);
    return totalCost(cost, best) + price * more - cost.noise();
}

} // namespace zipml
