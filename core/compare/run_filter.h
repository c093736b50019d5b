#pragma once
/// A filter of runs is a line that a person types: `bits<4 estimator=double`.
///
///     bits<4 estimator=double      both hold
///     step=0.001,2^-6 seed=1..5    one of several values; from, to
///     test_loss<0.3 accuracy>=90   what the run came to, as the table shows it
///     state=done,stopped           how it ended
///     wide                         a word in its name, data, tags or notes
///     name~"3 bits" tag=paper      ~: is part of
///     -seed=1  not state=diverged  what must not be
///     bits=2 or bits=4             `or` binds less than what stands side by side
///
/// Keys are the settings' (with '-' or '_'), results, and name, state, tag, note, date, from.

#include "core/compare/run_facts.h"

namespace zipml {

class RunFilter {
  public:
    /// All runs.
    RunFilter() = default;
    /// @throws InputError, one line: what is wrong and what would be right.
    explicit RunFilter(std::string_view text);

    [[nodiscard]] bool matches(const RunFacts& run) const;
    /// Whether it lets every run through.
    [[nodiscard]] bool empty() const { return clauses_.empty(); }

  private:
    enum class About { Word, Setting, Result, Name, State, Tag, Note, Date, Origin };
    enum class Is { Equal, Unequal, Less, AtMost, More, AtLeast, Part };
    struct Value {
        std::string text; ///< lower case
        std::optional<double> number;
        std::optional<double> to; ///< of a range
    };
    struct Term {
        bool negated = false;
        About about = About::Word;
        std::size_t index = 0; ///< of the setting or result
        Is is = Is::Part;
        std::vector<Value> values;
    };
    class Reader;

    [[nodiscard]] static bool holds(const Term& term, const RunFacts& run);

    std::vector<std::vector<Term>> clauses_; ///< one of them holds whole
};

} // namespace zipml
