#include "core/data/report_warnings.h"

#include "core/data/number.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace zipml {
namespace {

constexpr std::size_t kShown = 3; ///< columns that a warning names

std::string percent(double share) {
    char text[32];
    std::snprintf(text, sizeof text, "%.2g%%", 100 * share);
    return text;
}

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

class Warnings {
  public:
    Warnings(const DataReport& report, const TableSurvey& survey) : report_(report), survey_(survey) {
        for (std::size_t c = 0; c < report.columns.size(); ++c)
            if (report.columns[c].role == ColumnRole::Feature && report.columns[c].kind == ColumnKind::Number)
                features_.push_back(c);
        values_.resize(features_.size());
        for (const auto& [hash, row] : survey.sample.rows())
            for (std::size_t i = 0; i < features_.size(); ++i)
                values_[i].push_back(row[features_[i]]);
    }

    std::vector<std::string> all() {
        constants();
        outliers();
        ids();
        likeness();
        imbalance();
        return std::move(warnings_);
    }

  private:
    [[nodiscard]] const ColumnReport& column(std::size_t i) const { return report_.columns[features_[i]]; }

    void constants() {
        std::vector<std::string> names;
        for (std::size_t i = 0; i < features_.size(); ++i)
            if (column(i).constant)
                names.push_back(column(i).name);
        if (!names.empty())
            warnings_.push_back(listInQuotes(names, kShown) + (names.size() == 1 ? " is" : " are") +
                                " constant: nothing can be learned from " +
                                (names.size() == 1 ? "it" : "them"));
    }

    /// Columns whose bulk takes a small part of their range: few of the uniform levels serve it.
    void outliers() {
        constexpr double kStretched = 20;
        std::vector<std::string> names;
        std::string worst;
        double most = kStretched;
        for (std::size_t i = 0; i < features_.size(); ++i) {
            std::vector<double> sorted;
            std::ranges::copy_if(values_[i], std::back_inserter(sorted),
                                 [](double value) { return !std::isnan(value); });
            if (sorted.size() < 20 || column(i).constant)
                continue;
            std::ranges::sort(sorted);
            const double bulk = sorted[sorted.size() * 97 / 100] - sorted[sorted.size() * 3 / 100];
            const double stretched = bulk > 0 ? (column(i).maximum - column(i).minimum) / bulk : 0;
            if (stretched <= kStretched)
                continue;
            names.push_back(column(i).name);
            if (stretched > most) {
                most = stretched;
                const double middle = sorted[sorted.size() / 2];
                const bool above = column(i).maximum - middle > middle - column(i).minimum;
                worst = inQuotes(column(i).name) + " reaches " +
                        number(above ? column(i).maximum : column(i).minimum) +
                        ", and 94% of its values lie in 1/" + number(std::round(stretched)) + " of its range";
            }
        }
        if (!names.empty())
            warnings_.push_back("far values waste uniform levels: " + listInQuotes(names, kShown) + " (" +
                                worst + "); use grid optimal, or mend them");
    }

    void ids() {
        std::vector<std::string> names;
        for (const std::size_t c : features_) {
            const ColumnSurvey& seen = survey_.columns[c];
            constexpr std::size_t kFew = 20;
            const bool all = seen.manyValues || seen.values.size() == seen.numbers;
            if (seen.numbers > kFew && seen.whole && all &&
                (seen.counting || isNamedId(report_.columns[c].name)))
                names.push_back(report_.columns[c].name);
        }
        if (!names.empty())
            warnings_.push_back(listInQuotes(names, kShown) +
                                (names.size() == 1 ? " looks like an id" : " look like ids") +
                                ": leave it out with --ignore where it only numbers the rows");
    }

    static bool isNamedId(const std::string& name) {
        return equalsIgnoringCase(name, "id") || name.ends_with("_id") || name.ends_with("Id") ||
               name.ends_with("ID");
    }

    /// Equal columns, and columns that are nearly linear in another one.
    void likeness() {
        constexpr std::size_t kMost = 300;
        constexpr double kNearly = 0.9999;
        if (features_.size() > kMost)
            return;
        std::vector<std::vector<double>> centred;
        for (const auto& values : values_)
            centred.push_back(standardized(values));
        std::vector<std::string> equal, nearly;
        for (std::size_t i = 1; i < features_.size(); ++i)
            for (std::size_t j = 0; j < i; ++j) {
                if (centred[i].empty() || centred[j].empty())
                    continue;
                if (values_[i] == values_[j] && column(i).minimum == column(j).minimum &&
                    column(i).maximum == column(j).maximum) {
                    equal.push_back(column(i).name + "' = '" + column(j).name);
                    break;
                }
                double sum = 0;
                for (std::size_t r = 0; r < centred[i].size(); ++r)
                    sum += centred[i][r] * centred[j][r];
                if (std::abs(sum) > kNearly) {
                    nearly.push_back(column(i).name + "' ~ '" + column(j).name);
                    break;
                }
            }
        if (!equal.empty())
            warnings_.push_back("equal columns: " + listInQuotes(equal, kShown));
        if (!nearly.empty())
            warnings_.push_back("nearly collinear columns: " + listInQuotes(nearly, kShown) +
                                "; SGD needs many epochs along their difference");
    }

    /// Of unit length around 0; empty where it is constant or has missing values.
    static std::vector<double> standardized(const std::vector<double>& values) {
        double mean = 0;
        for (const double value : values)
            mean += value / static_cast<double>(values.size());
        double squares = 0;
        for (const double value : values)
            squares += (value - mean) * (value - mean);
        if (!(squares > 0))
            return {};
        std::vector<double> result;
        result.reserve(values.size());
        for (const double value : values)
            result.push_back((value - mean) / std::sqrt(squares));
        return result;
    }

    void imbalance() {
        constexpr double kRare = 0.05;
        if (report_.task != Task::Classification || report_.labelCounts.size() > 10)
            return;
        for (const auto& [label, rows] : report_.labelCounts) {
            const double share = static_cast<double>(rows) / static_cast<double>(report_.rows);
            if (share < kRare)
                warnings_.push_back(
                    "the class " + inQuotes(label) + " is rare (" + percent(share) +
                    " of the rows): accuracy says little; class weights help (--class-weights)");
        }
    }

    const DataReport& report_;
    const TableSurvey& survey_;
    std::vector<std::size_t> features_;
    std::vector<std::vector<double>> values_; ///< of the sample, by feature
    std::vector<std::string> warnings_;
};

} // namespace

std::vector<std::string> warningsOf(const DataReport& report, const TableSurvey& survey) {
    return Warnings(report, survey).all();
}

} // namespace zipml
