#include "core/data/formats/arff_date.h"

#include "core/data/number.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace zipml {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

std::optional<int> takeDigits(std::string_view& text, std::size_t most) {
    int number = 0;
    std::size_t count = 0;
    for (; count < std::min(most, text.size()) && isDigit(text[count]); ++count)
        number = 10 * number + (text[count] - '0');
    if (count == 0)
        return std::nullopt;
    text.remove_prefix(count);
    return number;
}

std::optional<int> takeMonthName(std::string_view& text) {
    constexpr std::size_t kLetters = 3;
    const auto month = std::ranges::find_if(
        kMonths, [&](auto name) { return equalsIgnoringCase(text.substr(0, kLetters), name); });
    if (month == kMonths.end())
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(std::ranges::find_if_not(text, isLetter) - text.begin()));
    return static_cast<int>(month - kMonths.begin()) + 1;
}

/// "Z", "+0200", "+02:00", "+02": seconds east of Greenwich.
std::optional<int> takeZone(std::string_view& text) {
    if (text.starts_with('Z')) {
        text.remove_prefix(1);
        return 0;
    }
    const bool west = text.starts_with('-');
    if (!west && !text.starts_with('+'))
        return std::nullopt;
    text.remove_prefix(1);
    const auto hours = takeDigits(text, 2);
    if (text.starts_with(':'))
        text.remove_prefix(1);
    const int minutes = takeDigits(text, 2).value_or(0);
    if (!hours)
        return std::nullopt;
    return (west ? -60 : 60) * (60 * *hours + minutes);
}

struct Moment {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, zone = 0;
    double fraction = 0;
    bool afternoon = false, half = false; ///< of a day of twice twelve hours

    [[nodiscard]] std::optional<double> seconds() const {
        const std::chrono::year_month_day date{std::chrono::year(year),
                                               std::chrono::month(static_cast<unsigned>(month)),
                                               std::chrono::day(static_cast<unsigned>(day))};
        constexpr int kHours = 24, kSixty = 60;
        if (!date.ok() || hour > kHours || minute >= kSixty || second > kSixty)
            return std::nullopt;
        const int clock = half ? hour % 12 + (afternoon ? 12 : 0) : hour;
        constexpr double kSecondsADay = 86400;
        return kSecondsADay * static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count()) +
               (clock * kSixty + minute) * kSixty + second - zone + fraction;
    }
};

/// Puts one part of `text` into `moment`. @param most digits
bool takePart(char letter, std::size_t count, std::size_t most, std::string_view& text, Moment& moment) {
    if (letter == 'a') {
        moment.half = true;
        moment.afternoon = equalsIgnoringCase(text.substr(0, 2), "pm");
        const bool known = moment.afternoon || equalsIgnoringCase(text.substr(0, 2), "am");
        text.remove_prefix(known ? 2 : 0);
        return known;
    }
    if (letter == 'Z' || letter == 'X') {
        const auto zone = takeZone(text);
        moment.zone = zone.value_or(0);
        return zone.has_value();
    }
    const std::size_t before = text.size();
    const auto number = letter == 'M' && count >= 3 ? takeMonthName(text) : takeDigits(text, most);
    if (!number)
        return false;
    switch (letter) {
    case 'y':
        moment.year = *number;
        break;
    case 'M':
        moment.month = *number;
        break;
    case 'd':
        moment.day = *number;
        break;
    case 'H':
    case 'h':
        moment.hour = *number;
        break;
    case 'm':
        moment.minute = *number;
        break;
    case 's':
        moment.second = *number;
        break;
    default: // S: digits behind the point
        moment.fraction = *number;
        for (std::size_t digit = text.size(); digit < before; ++digit)
            moment.fraction /= 10;
    }
    return true;
}

} // namespace

std::optional<ArffDate> ArffDate::fromPattern(std::string_view pattern) {
    ArffDate date;
    constexpr std::string_view kKnown = "yMdHhmsSaZX";
    const auto isNumber = [](const Part& part) {
        return part.letter != '\0' && part.letter != 'a' && part.letter != 'Z' && part.letter != 'X' &&
               !(part.letter == 'M' && part.count >= 3);
    };
    for (std::size_t at = 0; at < pattern.size();) {
        const char c = pattern[at];
        if (c == '\'') { // '' is a quote, 'T' is a text
            const auto end = std::min(pattern.find('\'', at + 1), pattern.size());
            date.parts_.push_back(
                {'\0', 0, false, end == at + 1 ? "'" : std::string(pattern.substr(at + 1, end - at - 1))});
            at = end + 1;
        } else if (isLetter(c)) {
            const std::size_t end = std::min(pattern.find_first_not_of(c, at), pattern.size());
            if (kKnown.find(c) == std::string_view::npos || (c == 'y' && end - at < 3 && end - at != 1))
                return std::nullopt; // of a year of two digits no one can tell the century
            Part part{c, end - at, false, {}};
            if (!date.parts_.empty() && isNumber(part) && isNumber(date.parts_.back()))
                date.parts_.back().joined = true;
            date.parts_.push_back(std::move(part));
            at = end;
        } else {
            date.parts_.push_back({'\0', 0, false, std::string(1, c)});
            ++at;
        }
    }
    return date.parts_.empty() ? std::nullopt : std::optional(std::move(date));
}

std::optional<double> ArffDate::secondsOf(std::string_view text) const {
    Moment moment;
    constexpr std::size_t kMostDigits = 9;
    for (const Part& part : parts_) {
        if (part.letter == '\0') {
            if (!text.starts_with(part.text))
                return std::nullopt;
            text.remove_prefix(part.text.size());
        } else if (!takePart(part.letter, part.count, part.joined ? part.count : kMostDigits, text, moment)) {
            return std::nullopt;
        }
    }
    return text.empty() ? moment.seconds() : std::nullopt;
}

} // namespace zipml
