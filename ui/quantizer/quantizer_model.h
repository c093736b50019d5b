#pragma once
/// The quantizer's model knows the values, the levels of every strategy on them, and the person's own levels.
/// No widgets.

#include "ui/quantizer/level_editor.h"
#include "ui/quantizer/placement.h"
#include "ui/quantizer/value_choice.h"
#include "ui/widgets/background_job.h"

#include <QObject>

#include <map>

namespace zipml::ui {

class QuantizerModel : public QObject {
    Q_OBJECT
  public:
    /// A line of the table of strategies. Empty where it is not known yet.
    struct Row {
        QString name, help;
        std::optional<GridKind> kind; ///< empty: the person's own levels
        std::optional<std::size_t> levels;
        std::optional<double> meanVariance, ratio, uniformBits;
    };

    static constexpr int kMostBits = 8;

    explicit QuantizerModel(std::shared_ptr<PreparedDataCache> cache, QObject* parent = nullptr);

    /// Fetches these values in the background and places levels on them.
    void setChoice(const ValueChoice& choice);
    /// Nothing is chosen.
    void clear();
    /// 1..kMostBits: strategies have up to 2^bits levels.
    void setBits(int bits);
    /// Whose levels are shown.
    void setStrategy(GridKind kind);
    /// The person's own, where there are any.
    void showOwn();

    [[nodiscard]] const ChosenValues& chosen() const { return chosen_; }
    /// Null until they are there.
    [[nodiscard]] const SortedValues* values() const { return chosen_.values.get(); }
    [[nodiscard]] int bits() const { return bits_; }
    [[nodiscard]] GridKind strategy() const { return strategy_; }
    /// Holds the levels that are shown; whoever changes them calls levelsEdited.
    [[nodiscard]] LevelEditor& editor() { return editor_; }
    [[nodiscard]] const std::vector<double>& levels() const { return editor_.levels(); }
    void levelsEdited();
    /// Of the levels shown, in squared units of the values; empty without values.
    [[nodiscard]] std::optional<double> meanVariance() const;
    /// Every strategy, then the person's own levels if there are any.
    [[nodiscard]] std::vector<Row> rows() const;
    [[nodiscard]] int shownRow() const;
    [[nodiscard]] QString levelsName() const; ///< "Variance-optimal", "Yours"

    [[nodiscard]] bool busy() const { return fetchingNow_ || placingNow_; }
    [[nodiscard]] QString phase() const { return phase_; }
    [[nodiscard]] double share() const { return share_; }
    [[nodiscard]] QString error() const { return error_; }

  signals:
    void valuesChanged();
    void levelsChanged(); ///< other levels are shown, or a table's row has changed
    void progressed();

  private:
    struct ValueNews : JobNews {
        std::optional<ChosenValues> values;
    };
    struct PlacementNews : JobNews {
        std::vector<Placement> placements;
    };
    void receive(ValueNews news);
    void receive(PlacementNews news);
    void follow(const JobNews& news, bool& underWay);
    void take(ChosenValues values);
    void wishPlacements();
    void keepOwn();
    /// Shows the strategy's levels as soon as they are placed.
    void showStrategy();
    [[nodiscard]] const Placement* placed(GridKind kind) const;
    [[nodiscard]] const LevelEditor* own() const;
    [[nodiscard]] Row rowOf(const Named<GridKind>& entry) const;

    ChosenValues chosen_;
    int bits_ = 3;
    GridKind strategy_ = GridKind::Optimal;
    std::map<std::pair<int, GridKind>, Placement> placements_; ///< by bits and strategy
    LevelEditor editor_;
    std::optional<LevelEditor> kept_; ///< the person's own levels while a strategy's are shown
    bool waiting_ = true;             ///< for the strategy's levels
    QString phase_, error_;
    double share_ = 0;
    std::shared_ptr<PreparedDataCache> cache_;
    bool fetchingNow_ = false, placingNow_ = false;
    BackgroundJob<ValueNews> fetching_; // last: they use the others
    BackgroundJob<PlacementNews> placing_;
};

} // namespace zipml::ui
