#pragma once
/// A guided lesson: Markdown, with fenced blocks of JSON that the lab turns into buttons, statements that it
/// checks against what was measured, and a question that the reader answers by running something.
///
///     # Why naive rounding is biased
///     Some Markdown.
///     ```lab
///     {"title": "Run it", "base": {"bits": 3}, "runs": [{"estimator": "naive"}, {"estimator": "full"}],
///      "second_plot": "bias",
///      "claims": [{"say": "Naive rounding ends at least 10 times higher", "at_least": 10,
///                  "value": ["train_loss", {"estimator": "naive"}],
///                  "over": ["train_loss", {"estimator": "full"}]}]}
///     ```
///     ```lab
///     {"title": "Sweep over bits", "page": "trade-offs", "base": {"data": "synthetic:100"}}
///     ```
///     ```question
///     {"ask": "...", "value": [...], "over": [...], "needs": "Set Bits to 4 and press Start.",
///      "runs": [{"bits": 4}], "because": "...",
///      "choices": [{"text": "A quarter", "from": 0.2, "to": 0.35}, {"text": "A half", "from": 0.35}]}
///     ```

#include "core/lab/run_record.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <variant>

namespace zipml {

/// A run as far as it has come.
struct ObservedRun {
    const RunSpec* spec;
    const RunSetup* setup;
    const EpochRecord* last; ///< of its complete epochs
    bool ended;
};

/// A number of the last run that ended and whose spec has these settings.
struct RunValue {
    std::string quantity;    ///< one of lessonQuantities()
    nlohmann::json settings; ///< keys of a RunSpec
};
std::vector<std::string_view> lessonQuantities();

/// A value, or the quotient of two.
struct Measure {
    RunValue value;
    std::optional<RunValue> over;
};
/// Empty while a run that it needs has not ended, or has no such number.
std::optional<double> measured(const Measure& measure, std::span<const ObservedRun> runs);

/// A statement that holds when `measure` is within [atLeast, atMost].
struct Claim {
    std::string say;
    Measure measure;
    double atLeast = -std::numeric_limits<double>::infinity();
    double atMost = std::numeric_limits<double>::infinity();
    [[nodiscard]] bool holds(double value) const { return value >= atLeast && value <= atMost; }
};

/// A button: replaces the runs by `runs` and shows what the lesson speaks of. Without runs it opens another
/// page.
struct LessonAction {
    std::string title;
    std::vector<RunSpec> runs;
    std::optional<RunSpec> settings; ///< without runs: the experiment that is set up for the page; "base"
    std::string page = "training";   ///< as in `zipml-lab --page`
    std::string xAxis = "epochs";    ///< "epochs", "megabytes", "seconds"
    std::string secondPlot = "bias"; ///< "bias", "variance", "distance"
    std::vector<Claim> claims;
    std::string lossScale = "loss"; ///< "loss", "above-optimum"
};

/// From a block's object. @throws InputError, nlohmann::json::exception
LessonAction parseAction(const nlohmann::json& object);

struct LessonQuestion {
    struct Choice {
        std::string text;
        double from = -std::numeric_limits<double>::infinity(); ///< right when the value is in [from, to)
        double to = std::numeric_limits<double>::infinity();
    };
    std::string ask;
    std::vector<Choice> choices; ///< at most one is right for any value
    Measure measure;
    std::string needs;         ///< what to do so that there is something to measure
    std::vector<RunSpec> runs; ///< the same, as runs; they are added to those that are there
    std::string because;       ///< shown with the answer
};

struct Lesson {
    std::string title; ///< the first heading
    /// Markdown, buttons and questions in the order of the text; the title is left out.
    std::vector<std::variant<std::string, LessonAction, LessonQuestion>> parts;
};

/// @param name for messages. @throws InputError with name and line where a block is wrong
Lesson parseLesson(const std::string& text, const std::string& name);

} // namespace zipml
