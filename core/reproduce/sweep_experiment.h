#pragma once
/// An experiment of runs, as a preset in JSON:
///
///     {"title": "...", "published": "... (read in the source)", "method": "...", "seconds": {"full": 300,
///     "quick": 20},
///      "data": ["synthetic-100", "cadata"], "base": {"epochs": 50}, "seeds": 3,
///      "groups": [{"set": {"estimator": "full"}},
///                 {"set": {...}, "vary": {"bits": [1, 2, 3]}, "together": {"bits": [...], "model_bits":
///                 [...]}}],
///      "quick": {"data": [...], "base": {"epochs": 10}, "seeds": 1, "only": {"bits": [2, 4, 8]}},
///      "charts": [{"title": "...", "caption": "...", "x": "bits", "x_label": "...", "y": "excess",
///      "y_label": "...",
///                  "lines": [{"name": "Naive", "with": {"estimator": "naive"}}]}],  (a line may have its own
///                  x, y)
///      "columns": [{"name": "...", "value": [...], "over": [...]}], "claims": [see claim.h]}
///
/// Every data set has the same runs: base, then a group's settings, each of its values; `together` changes
/// several settings at once. `quick` leaves values, seeds and data sets out and says so in the report.

#include "core/reproduce/claim.h"
#include "core/reproduce/experiment.h"
#include "core/study/sweep.h"

#include <map>

namespace zipml {

class SweepExperiment final : public Experiment {
  public:
    /// @param name of the preset. @throws InputError with it where the text is no preset
    SweepExperiment(const std::string& text, std::string name);

    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] std::string title() const override { return title_; }
    [[nodiscard]] std::string published() const override { return published_; }
    [[nodiscard]] std::string method() const override { return method_; }
    [[nodiscard]] double expectedSeconds(bool quick) const override {
        return quick ? quickSeconds_ : fullSeconds_;
    }
    Outcome run(Workplace& place) const override;

    [[nodiscard]] std::vector<std::string> dataNames(bool quick) const override;
    /// The runs on one data set. @param settings of the data set
    [[nodiscard]] std::vector<RunSpec> specs(const nlohmann::json& settings, bool quick,
                                             std::uint64_t firstSeed) const;
    [[nodiscard]] const std::vector<ClaimSpec>& claims() const { return claims_; }

  private:
    using Values = std::map<std::string, std::vector<nlohmann::json>>;
    struct Group {
        nlohmann::json set = nlohmann::json::object();
        Values vary, together;
    };
    struct Line {
        std::string name;
        nlohmann::json with;
        std::string x, y; ///< the chart's, or its own
    };
    struct ChartSpec {
        std::string title, caption, x, y, xLabel, yLabel;
        bool logarithmic = true;
        std::vector<std::string> data; ///< empty: all
        std::vector<Line> lines;
    };
    struct Column {
        std::string name;
        Quantity value;
        std::optional<Quantity> over;
    };

    void parse(const nlohmann::json& object);
    [[nodiscard]] DataRuns runOn(const std::string& dataName, Workplace& place, double begin, double end,
                                 Outcome& outcome) const;
    [[nodiscard]] std::vector<Chart> chartsOf(const DataRuns& data) const;
    [[nodiscard]] Table tableOf(std::span<const DataRuns> all) const;

    std::string name_, title_, published_, method_;
    double fullSeconds_ = 0, quickSeconds_ = 0;
    std::vector<std::string> data_;
    nlohmann::json base_, quickBase_;
    int seeds_ = 1, quickSeeds_ = 1;
    std::vector<Group> groups_;
    std::optional<std::vector<std::string>> quickData_;
    Values quickOnly_;
    std::vector<ChartSpec> charts_;
    std::vector<Column> columns_;
    std::vector<ClaimSpec> claims_;
    std::string quickText_; ///< what quick leaves out, for the report
};

} // namespace zipml
