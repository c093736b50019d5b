#include "ui/data/data_findings.h"

#include "core/data/number.h"
#include "ui/data/column_edits.h"
#include "ui/experiment/data_summary.h"
#include "ui/widgets/setting_words.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <set>

namespace zipml::ui {
namespace {

constexpr std::size_t kFewTexts = 5;

QString tr(const char* text, int number = -1) {
    return QCoreApplication::translate("DataFindings", text, nullptr, number);
}

QString quoted(const std::string& text) {
    return "“" + QString::fromStdString(text) + "”";
}

QString listed(const QStringList& names) {
    constexpr qsizetype kShown = 3;
    const QString shown = names.mid(0, kShown).join(", ");
    return names.size() > kShown ? tr("%1 and %2 more").arg(shown).arg(names.size() - kShown) : shown;
}

/// Of the label, where the choice was a close one (core/data/label_choice.h).
bool isDoubt(const std::string& warning) {
    return warning.find("it may also be column") != std::string::npos;
}

class Finder {
  public:
    Finder(const DataReport& report, const DataSpec& data, LossKind loss)
        : report_(report), data_(data), loss_(loss) {}

    std::vector<Finding> all() {
        if (!report_.whyNot.empty()) {
            texts();
            missing();
            label();
            task();
            anythingElse();
        } else {
            loss();
            doubtfulLabel();
        }
        return std::move(findings_);
    }

  private:
    [[nodiscard]] Remedy remedy(const QString& text, const LoadOptions& load) const {
        Remedy remedy{text, data_, {}};
        remedy.data.load = load;
        return remedy;
    }
    [[nodiscard]] Remedy withMissing(const QString& text, const char* policy) const {
        LoadOptions load = data_.load;
        load.missing = policy;
        return remedy(text, load);
    }
    [[nodiscard]] Remedy labelled(std::size_t column) const {
        return remedy(tr("The label is %1").arg(quoted(report_.columns[column].name)),
                      withRole(data_.load, report_, column, ColumnRole::Label));
    }
    [[nodiscard]] bool used(const ColumnReport& column) const {
        return column.role == ColumnRole::Feature || column.role == ColumnRole::Label;
    }

    /// Texts among numbers.
    void texts() {
        std::vector<std::size_t> mixed;
        QStringList names;
        std::set<std::string> words;
        bool few = true;
        for (std::size_t c = 0; c < report_.columns.size() && report_.label; ++c) {
            const ColumnReport& column = report_.columns[c];
            if (!used(column) || column.kind != ColumnKind::Number || column.texts.empty())
                continue;
            mixed.push_back(c);
            names << quoted(column.name);
            few = few && column.texts.size() <= kFewTexts;
            for (const auto& [text, rows] : column.texts)
                words.insert(text);
        }
        if (mixed.empty())
            return;
        QStringList shown;
        for (const auto& word : words)
            shown << quoted(word);
        Finding finding{
            tr("Among the numbers of %1 are texts: %2.").arg(listed(names), listed(shown)), true, {}};
        if (few && words.size() <= kFewTexts) {
            LoadOptions load = data_.load;
            for (const auto& word : words)
                load = withMissingMark(load, word);
            finding.remedies.push_back(
                remedy(words.size() == 1 ? tr("It means missing") : tr("They mean missing"), load));
        }
        LoadOptions left = data_.load, categories = data_.load;
        for (const std::size_t c : mixed) {
            left = withRole(left, report_, c, ColumnRole::Ignored);
            categories = withKind(categories, report_, c, ColumnKind::Category);
        }
        finding.remedies.push_back(remedy(tr("Use as categories"), categories));
        finding.remedies.push_back(
            remedy(mixed.size() == 1 ? tr("Leave the column out") : tr("Leave the columns out"), left));
        findings_.push_back(finding);
    }

    void missing() {
        if (report_.missing == 0 || data_.load.missing != "refuse")
            return;
        QStringList names;
        for (const auto& column : report_.columns)
            if (column.role == ColumnRole::Feature && column.missing > 0)
                names << quoted(column.name);
        findings_.push_back(
            {report_.missing == 1 ? tr("One value is missing, in %1. What becomes of it?").arg(listed(names))
                                  : tr("%1 values are missing, in %2. What becomes of them?")
                                        .arg(counted(report_.missing), listed(names)),
             true,
             {withMissing(tr("Fill in the median"), "median"), withMissing(tr("Fill in the mean"), "mean"),
              withMissing(report_.missing == 1 ? tr("Leave the row out") : tr("Leave the rows out"),
                          "drop")}});
    }

    void label() {
        if (report_.label || report_.schema.sparse || report_.columns.size() < 2)
            return;
        Finding finding{inWindowWords(report_.whyNot), true, {}};
        if (data_.load.labelColumn == "none")
            finding.text = tr("No column is the label. Which one is to be learned?");
        const std::size_t last = report_.columns.size() - 1;
        for (const std::size_t c : {last, std::size_t{0}, last - 1, std::size_t{1}}) {
            const ColumnReport& column = report_.columns[c];
            const bool fits =
                column.missing < report_.rows && !column.constant &&
                (column.texts.empty() || (!column.manyDistinct && column.distinct <= kMostClasses));
            const Remedy choice = labelled(c);
            const bool there = std::ranges::any_of(
                finding.remedies, [&](const Remedy& each) { return each.data == choice.data; });
            if (fits && !there && finding.remedies.size() < 3)
                finding.remedies.push_back(choice);
        }
        findings_.push_back(finding);
    }

    void task() {
        if (!report_.label && !report_.schema.sparse)
            return;
        if (!findings_.empty())
            return;
        const std::size_t distinct = report_.labelColumn.distinct;
        if (distinct < 2 && !report_.labelColumn.manyDistinct)
            return otherLabel();
        if (data_.task == Task::Regression && report_.labelColumn.kind == ColumnKind::Category) {
            Remedy detected{tr("Detect the task"), data_, LossKind::Logistic};
            detected.data.task.reset();
            findings_.push_back({tr("The labels are texts, which are classes, and the task is regression."),
                                 true,
                                 {detected}});
        } else if (data_.task == Task::Classification || (!data_.task && needsTwoClasses(loss_))) {
            Remedy regression{tr("Make it a regression"), data_, LossKind::LeastSquares};
            if (data_.task)
                regression.data.task = Task::Regression;
            findings_.push_back({inWindowWords(report_.whyNot), true, {regression}});
        }
    }

    void otherLabel() {
        Finding finding{inWindowWords(report_.whyNot), true, {}};
        for (const std::size_t c : {report_.columns.size() - 1, std::size_t{0}})
            if (report_.label && c != *report_.label && finding.remedies.empty())
                finding.remedies.push_back(labelled(c));
        findings_.push_back(finding);
    }

    void anythingElse() {
        if (findings_.empty())
            findings_.push_back({inWindowWords(report_.whyNot), true, {}});
        skipLines();
        if (findings_.front().remedies.empty() && data_.load != LoadOptions())
            findings_.front().remedies.push_back(remedy(tr("Detect everything again"), {}));
    }

    /// Where a line near the top is of another shape than those before, these may be no data.
    void skipLines() {
        constexpr int kNearTop = 20;
        static const QRegularExpression ragged(":(\\d+): has \\d+ columns");
        const auto match = ragged.match(QString::fromStdString(report_.whyNot));
        const int before = match.captured(1).toInt() - 1;
        if (!match.hasMatch() || before < 1 || before > kNearTop)
            return;
        LoadOptions load = data_.load;
        load.skipLines = static_cast<std::size_t>(before);
        findings_.front().remedies.push_back(remedy(
            before == 1 ? tr("Skip the first line") : tr("Skip the first %1 lines").arg(before), load));
    }

    void loss() {
        const bool squares = loss_ == LossKind::LeastSquares;
        const Remedy logistic{tr("Use the logistic loss"), data_, LossKind::Logistic};
        if (report_.task == Task::Classification && squares) {
            const std::size_t classes = report_.labelCounts.size();
            findings_.push_back(
                {classes > 2
                     ? tr("The labels are %1 classes, and the loss is least squares, which penalizes rows "
                          "that "
                          "are right by far. A loss of classes is logistic.")
                           .arg(classes)
                     : tr("The labels are two classes, and the loss is least squares, which penalizes rows "
                          "that are right by far. A loss of classes is logistic."),
                 false,
                 {logistic}});
        } else if (report_.mayBeClasses() && squares) {
            Remedy classes{tr("They are classes"), data_, LossKind::Logistic};
            classes.data.task = Task::Classification;
            Remedy numbers{tr("They are numbers"), data_, {}};
            numbers.data.task = Task::Regression;
            if (!data_.task)
                findings_.push_back(
                    {tr("The label has %1 values, all whole numbers: a regression learns them as "
                        "numbers, a classification tells them apart.")
                         .arg(report_.labelCounts.size()),
                     false,
                     {classes, numbers}});
        }
    }

    void doubtfulLabel() {
        const auto doubt = std::ranges::find_if(report_.warnings, isDoubt);
        if (doubt == report_.warnings.end() || !report_.label)
            return;
        Finding finding{tr("The label is %1, %2. That was a close choice.")
                            .arg(quoted(report_.labelColumn.name), QString::fromStdString(report_.labelWhy)),
                        false,
                        {}};
        Remedy kept = labelled(*report_.label);
        kept.text = tr("%1 is right").arg(quoted(report_.labelColumn.name));
        finding.remedies.push_back(kept);
        for (std::size_t c = 0; c < report_.columns.size(); ++c)
            if (c != *report_.label &&
                (doubt->find("also be " + inQuotes(report_.columns[c].name) + ":") != std::string::npos ||
                 doubt->find("also be column " + std::to_string(c + 1) + ":") != std::string::npos))
                finding.remedies.push_back(labelled(c));
        findings_.push_back(finding);
    }

    const DataReport& report_;
    const DataSpec& data_;
    LossKind loss_;
    std::vector<Finding> findings_;
};

} // namespace

std::vector<Finding> findingsOf(const DataReport& report, const DataSpec& data, LossKind loss) {
    return Finder(report, data, loss).all();
}

QStringList warningsIn(const DataReport& report) {
    QStringList lines;
    for (const auto& warning : report.warnings)
        if (!report.whyNot.empty() || !isDoubt(warning)) // else it is a finding
            lines << inWindowWords(warning);
    return lines;
}

QStringList notesIn(const DataReport& report) {
    QStringList lines;
    for (const auto& note : report.notes)
        lines << inWindowWords(note);
    return lines;
}

} // namespace zipml::ui
