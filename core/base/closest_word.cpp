#include "core/base/closest_word.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace zipml {
namespace {

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kPrefix = 3; ///< letters that say what is begun

std::string folded(std::string_view word) {
    std::string text;
    for (const char c : word)
        text += c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// Optimal string alignment: Levenshtein's distance, where two letters that changed places are one change.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before, last(b.size() + 1), now(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = std::min(now[j], before[j - 2] + 1);
        }
        before = last;
        last = now;
    }
    return last[b.size()];
}

} // namespace

std::string closestWord(std::string_view word, std::span<const std::string> words) {
    if (word.size() > kLongestWord)
        return {};
    const std::string wanted = folded(word);
    const std::size_t letters = wanted.size() - std::min(wanted.size(), wanted.find_first_not_of('-'));
    const std::size_t most = letters < 3 ? 1 : 1 + letters / 4;
    std::size_t nearest = most + 1;
    std::string found;
    for (const std::string& each : words) {
        const std::size_t steps = distance(wanted, folded(each));
        if (steps < nearest && steps < each.size()) {
            nearest = steps;
            found = each;
        }
    }
    if (!found.empty() || letters < kPrefix)
        return found;
    const auto begun = std::ranges::find_if(
        words, [&](const std::string& each) { return folded(each).starts_with(wanted); });
    return begun == words.end() ? std::string() : *begun;
}

std::string didYouMean(std::string_view word, std::span<const std::string> words) {
    const std::string closest = closestWord(word, words);
    return closest.empty() ? std::string() : "; did you mean " + closest + "?";
}

} // namespace zipml
