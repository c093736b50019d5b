#include "core/compare/run_filter.h"

#include "core/base/error.h"
#include "core/base/number_text.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

namespace zipml {
namespace {

constexpr std::string_view kOperators = "<>=!~";

std::string lowerCase(std::string_view text) {
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return lower;
}

bool isSpace(char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
}

/// "0.001" or "2^-6".
std::optional<double> numberIn(std::string_view text) {
    if (!text.starts_with("2^"))
        return parseFinite(text);
    const auto exponent = parseFinite(text.substr(2));
    return exponent ? std::optional(std::exp2(*exponent)) : std::nullopt;
}

/// How many letters make one word of the other; the same ones in another order count once.
std::size_t distanceBetween(std::string_view one, std::string_view other) {
    if (one != other && std::ranges::is_permutation(one, other))
        return 1;
    std::vector<std::size_t> row(other.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= one.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= other.size(); ++j)
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1,
                                                       diagonal + (one[i - 1] == other[j - 1] ? 0 : 1)}));
    }
    return row.back();
}

constexpr std::array<std::string_view, 6> kOtherKeys{"name", "state", "tag", "note", "date", "from"};

[[noreturn]] void refuseKey(const std::string& key) {
    std::string_view nearest;
    std::size_t least = 3; // more letters are another word
    const auto offer = [&](std::string_view known) {
        if (const auto distance = distanceBetween(key, known); distance < least)
            least = distance, nearest = known;
    };
    for (const SpecKey& known : specKeys())
        offer(known.name);
    for (const auto& known : namesOf<Result>())
        offer(known.name);
    std::ranges::for_each(kOtherKeys, offer);
    throw InputError("'" + key + "' is neither a setting nor a result" +
                     (nearest.empty() ? "; such are bits, estimator, step, test_loss, state"
                                      : "; did you mean " + std::string(nearest) + "?"));
}

/// "a|b|c" where these are all that a setting can be; else empty.
std::vector<std::string> choicesOfKey(const SpecKey& key) {
    std::vector<std::string> choices;
    if (key.kind == SpecKey::Kind::YesNo)
        return {"yes", "no"};
    if (key.kind != SpecKey::Kind::Text || key.values.find('|') == std::string::npos)
        return {};
    for (std::size_t begin = 0; begin <= key.values.size();) {
        const auto end = std::min(key.values.find('|', begin), key.values.size());
        choices.push_back(key.values.substr(begin, end - begin));
        const bool word = std::ranges::all_of(choices.back(), [](unsigned char c) {
            return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-';
        });
        if (!word) // a form: "l2:LAMBDA"
            return {};
        begin = end + 1;
    }
    return choices;
}

bool near(double one, double other) {
    constexpr double kShare = 1e-9; // a decimal text is not its double
    return std::abs(one - other) <= kShare * std::max(std::abs(one), std::abs(other));
}

bool hasWord(const std::string& words, std::string_view word) {
    for (std::size_t begin = 0; begin < words.size();) {
        const auto end = std::min(words.find(' ', begin), words.size());
        if (lowerCase(std::string_view(words).substr(begin, end - begin)) == word)
            return true;
        begin = end + 1;
    }
    return false;
}

} // namespace

class RunFilter::Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    std::vector<std::vector<Term>> read() {
        std::vector<std::vector<Term>> clauses(1);
        bool negated = false;
        while (skipSpace()) {
            if (text_[at_] == '-' && at_ + 1 < text_.size() && !isSpace(text_[at_ + 1])) {
                ++at_;
                negated = !negated;
            }
            if (kOperators.find(text_[at_]) != std::string_view::npos)
                throw InputError("'" + std::string(text_.substr(at_)) +
                                 "': a setting or result stands in front, such as bits<4");
            const bool quoted = text_[at_] == '"';
            std::string word = readText(kOperators);
            const Is is = readOperator();
            if (found_) {
                clauses.back().push_back(comparison(word, is));
            } else if (!quoted && word == "or") {
                if (clauses.back().empty() || negated)
                    throw InputError("'or' stands between two conditions, such as bits=2 or bits=4");
                clauses.emplace_back();
                continue;
            } else if (!quoted && (word == "not" || word == "and")) {
                negated = negated != (word == "not");
                continue;
            } else {
                clauses.back().push_back({false, About::Word, 0, Is::Part, {{lowerCase(word), {}, {}}}});
            }
            clauses.back().back().negated = negated;
            negated = false;
        }
        if (negated)
            throw InputError("'not' stands before what must not be, such as not state=diverged");
        if (clauses.back().empty() && clauses.size() > 1)
            throw InputError("'or' stands between two conditions, such as bits=2 or bits=4");
        std::erase_if(clauses, [](const auto& clause) { return clause.empty(); });
        return clauses;
    }

  private:
    bool skipSpace() {
        while (at_ < text_.size() && isSpace(text_[at_]))
            ++at_;
        return at_ < text_.size();
    }

    /// Up to a space or one of `ends`; quotes keep them.
    std::string readText(std::string_view ends) {
        std::string word;
        while (at_ < text_.size() && !isSpace(text_[at_]) &&
               ends.find(text_[at_]) == std::string_view::npos) {
            if (text_[at_] != '"') {
                word += text_[at_++];
                continue;
            }
            const auto end = text_.find('"', at_ + 1);
            if (end == std::string_view::npos)
                throw InputError("a quotation mark is open: write it behind the text, too");
            word += text_.substr(at_ + 1, end - at_ - 1);
            at_ = end + 1;
        }
        return word;
    }

    Is readOperator() {
        const std::size_t back = at_;
        found_ = skipSpace() && kOperators.find(text_[at_]) != std::string_view::npos;
        if (!found_) {
            at_ = back;
            return Is::Part;
        }
        const char first = text_[at_++];
        const bool equal = at_ < text_.size() && text_[at_] == '=';
        at_ += equal && first != '~' ? 1 : 0;
        switch (first) {
        case '<':
            return equal ? Is::AtMost : Is::Less;
        case '>':
            return equal ? Is::AtLeast : Is::More;
        case '!':
            if (!equal)
                throw InputError("'!' is written !=, such as estimator!=naive");
            return Is::Unequal;
        case '~':
            return Is::Part;
        default:
            return Is::Equal;
        }
    }

    Term comparison(const std::string& word, Is is) {
        Term term{false, About::Word, 0, is, {}};
        const std::string key = keyOf(word);
        findKey(key, term);
        if (!skipSpace())
            throw InputError(word + ": a value is missing, such as " + word + "=4");
        const bool ordered = is != Is::Equal && is != Is::Unequal && is != Is::Part;
        do {
            term.values.push_back(value(readText(",")));
        } while (at_ < text_.size() && text_[at_] == ',' && ++at_ > 0);
        if (ordered && term.about != About::Date)
            requireNumbers(word, term);
        if (term.about == About::Setting && (is == Is::Equal || is == Is::Unequal))
            requireChoices(word, term);
        if (term.about == About::Result && is != Is::Part)
            requireNumbers(word, term);
        return term;
    }

    static Value value(const std::string& text) {
        Value value{lowerCase(text), numberIn(text), {}};
        if (const auto dots = text.find(".."); dots != std::string::npos) {
            const auto from = numberIn(text.substr(0, dots)), to = numberIn(text.substr(dots + 2));
            if (from && to)
                value.number = from, value.to = to;
        }
        return value;
    }

    static std::string keyOf(const std::string& word) {
        std::string key = lowerCase(word);
        std::ranges::replace(key, '-', '_');
        if (key == "tags" || key == "notes")
            key.pop_back();
        return key == "status" ? "state" : key == "data_set" ? "data" : key;
    }

    static void findKey(const std::string& key, Term& term) {
        constexpr std::array abouts{About::Name, About::State, About::Tag,
                                    About::Note, About::Date,  About::Origin};
        if (const auto* other = std::ranges::find(kOtherKeys, key); other != kOtherKeys.end()) {
            term.about = abouts[static_cast<std::size_t>(other - kOtherKeys.begin())];
            return;
        }
        for (const auto& result : namesOf<Result>())
            if (result.name == key) {
                term.about = About::Result;
                term.index = static_cast<std::size_t>(result.value);
                return;
            }
        term.about = About::Setting;
        term.index = settingIndex(key);
        if (term.index == specKeys().size())
            refuseKey(key);
    }

    static void requireNumbers(const std::string& word, const Term& term) {
        using Kind = SpecKey::Kind;
        if (term.about == About::Setting) {
            const Kind kind = specKeys()[term.index].kind;
            if (kind == Kind::Text || kind == Kind::YesNo)
                throw InputError(word + ": is no number; compare it with = or ~");
        } else if (term.about != About::Result) {
            throw InputError(word + ": is no number; compare it with = or ~");
        }
        for (const Value& each : term.values)
            if (!each.number)
                throw InputError(word + ": '" + each.text + "' is no number");
    }

    static void requireChoices(const std::string& word, const Term& term) {
        const auto choices = choicesOfKey(specKeys()[term.index]);
        for (const Value& each : term.values)
            if (!choices.empty() && std::ranges::find(choices, each.text) == choices.end()) {
                std::string all;
                for (const auto& choice : choices)
                    all.append(all.empty() ? "" : ", ").append(choice);
                throw InputError(std::string(word)
                                     .append(": '")
                                     .append(each.text)
                                     .append("' is unknown; choose among ")
                                     .append(all));
            }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool found_ = false; ///< an operator
};

RunFilter::RunFilter(std::string_view text) : clauses_(Reader(text).read()) {}

bool RunFilter::matches(const RunFacts& run) const {
    return clauses_.empty() || std::ranges::any_of(clauses_, [&](const auto& clause) {
               return std::ranges::all_of(clause,
                                          [&](const Term& term) { return holds(term, run) != term.negated; });
           });
}

bool RunFilter::holds(const Term& term, const RunFacts& run) {
    const auto part = [](const std::string& whole, const Value& value) {
        return lowerCase(whole).find(value.text) != std::string::npos;
    };
    const auto anyOf = [&](const std::string& whole, const std::optional<double>& number) {
        return std::ranges::any_of(term.values, [&](const Value& value) {
            switch (term.is) {
            case Is::Part:
                return part(whole, value);
            case Is::Less:
                return number && *number < *value.number;
            case Is::AtMost:
                return number && (*number <= *value.number || near(*number, *value.number));
            case Is::More:
                return number && *number > *value.number;
            case Is::AtLeast:
                return number && (*number >= *value.number || near(*number, *value.number));
            default:
                if (value.to)
                    return number && *number >= *value.number && *number <= *value.to;
                if (number && value.number)
                    return near(*number, *value.number);
                return lowerCase(whole) == value.text;
            }
        });
    };
    const auto equals = [&](bool any) { return any != (term.is == Is::Unequal); };
    switch (term.about) {
    case About::Word:
        return part(run.name, term.values[0]) || part(run.tags, term.values[0]) ||
               part(run.notes, term.values[0]) ||
               part(run.settings[settingIndex("data")].text, term.values[0]);
    case About::Setting: {
        const SettingValue& value = run.settings[term.index];
        return equals(value.used && anyOf(value.text, value.number));
    }
    case About::Result: {
        const auto& number = run.results[term.index];
        return equals(number && anyOf(shortest(*number), number));
    }
    case About::Name:
        return equals(anyOf(run.name, {}));
    case About::State:
        return equals(anyOf(run.state, {}));
    case About::Tag:
        return equals(term.is == Is::Part ? anyOf(run.tags, {})
                                          : std::ranges::any_of(term.values, [&](const Value& value) {
                                                return hasWord(run.tags, value.text);
                                            }));
    case About::Note:
        return equals(anyOf(run.notes, {}));
    case About::Origin:
        return equals(anyOf(run.origin, {}));
    case About::Date: {
        // "2026-11" is all of that month: as many letters count as are given.
        return equals(std::ranges::any_of(term.values, [&](const Value& value) {
            const std::string day = run.date.substr(0, value.text.size());
            switch (term.is) {
            case Is::Less:
                return day < value.text;
            case Is::AtMost:
                return day <= value.text;
            case Is::More:
                return day > value.text;
            case Is::AtLeast:
                return day >= value.text;
            case Is::Part:
                return part(run.date, value);
            default:
                return day == value.text;
            }
        }));
    }
    }
    return false;
}

} // namespace zipml
