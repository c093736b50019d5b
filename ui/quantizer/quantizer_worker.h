#pragma once
/// Fetches the values and places levels in a thread of its own, with a mailbox that the GUI empties when it
/// likes.

#include "core/quant/grid_spec.h"
#include "ui/quantizer/value_choice.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace zipml::ui {

/// A strategy's levels over the values.
struct Placement {
    GridKind kind = GridKind::Uniform;
    int bits = 0;
    std::vector<double> levels;
    double meanVariance = 0; ///< squared units of the values
};

/// The levels of a grid, as a list.
std::vector<double> levelsOf(const Grid& grid);

class QuantizerWorker {
  public:
    /// What happened since the mailbox was last emptied.
    struct News {
        std::optional<ChosenValues> values;
        std::vector<Placement> placements; ///< over the values that came last
        QString error;                     ///< why there are no values
        double share = 0;                  ///< of fetching, 0 to 1
        QString phase;                     ///< what it does now
        bool idle = true;                  ///< nothing is left to do
    };

    explicit QuantizerWorker(std::shared_ptr<PreparedDataCache> cache);
    /// Stops what is under way; levels that are being placed are placed first.
    ~QuantizerWorker();
    QuantizerWorker(const QuantizerWorker&) = delete;
    QuantizerWorker& operator=(const QuantizerWorker&) = delete;

    /// Replaces the values. What is under way for others is stopped.
    void fetch(const ValueChoice& choice);
    /// Places levels by every strategy, `first` before the others; replaces an earlier wish.
    void place(int bits, GridKind first);
    /// Stops what is under way, for nothing in its place.
    void forget();
    [[nodiscard]] News takeNews();

  private:
    struct Wish {
        int bits = 0;
        std::vector<GridKind> kinds; ///< still to be placed
    };
    void work(const std::stop_token& stop);
    void fetchNow(const ValueChoice& choice, const std::stop_token& stop, ThreadTeam& team);
    void placeNow(GridKind kind, int bits);

    std::shared_ptr<PreparedDataCache> cache_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::optional<ValueChoice> wanted_;
    std::stop_source fetching_;
    Wish wish_;
    bool working_ = false;
    News news_;
    std::shared_ptr<const SortedValues> values_; ///< the thread's own
    std::jthread thread_;                        // last: it uses the others
};

} // namespace zipml::ui
