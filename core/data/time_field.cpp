#include "core/data/time_field.h"

#include <charconv>
#include <chrono>

namespace zipml {
namespace {

/// Takes `least` to `most` digits from the front.
std::optional<int> takeNumber(std::string_view& text, std::size_t least, std::size_t most) {
    std::size_t count = 0;
    while (count < text.size() && count < most && text[count] >= '0' && text[count] <= '9')
        ++count;
    int number = 0;
    if (count < least)
        return std::nullopt;
    std::from_chars(text.data(), text.data() + count, number);
    text.remove_prefix(count);
    return number;
}

bool take(std::string_view& text, char character) {
    if (!text.starts_with(character))
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<double> takeDate(std::string_view& text) {
    std::string_view rest = text;
    auto first = takeNumber(rest, 1, 4);
    if (!first || rest.empty())
        return std::nullopt;
    const bool yearFirst = text.size() - rest.size() == 4;
    const char separator = rest.front();
    if (yearFirst ? separator != '-' && separator != '/' && separator != '.' : separator != '.')
        return std::nullopt;
    rest.remove_prefix(1);
    const auto month = takeNumber(rest, 1, 2);
    if (!month || !take(rest, separator))
        return std::nullopt;
    auto last = yearFirst ? takeNumber(rest, 1, 2) : takeNumber(rest, 4, 4);
    if (!last)
        return std::nullopt;
    if (!yearFirst)
        std::swap(first, last);
    const std::chrono::year_month_day date{std::chrono::year(*first),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*last))};
    if (!date.ok())
        return std::nullopt;
    text = rest;
    constexpr double kSecondsADay = 86400;
    return kSecondsADay * static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::optional<double> takeTimeOfDay(std::string_view& text) {
    std::string_view rest = text;
    const auto hours = takeNumber(rest, 1, 3);
    if (!hours || !take(rest, ':'))
        return std::nullopt;
    const auto minutes = takeNumber(rest, 2, 2);
    if (!minutes || *minutes > 59)
        return std::nullopt;
    double seconds = 60.0 * (60.0 * *hours + *minutes);
    if (take(rest, ':')) {
        constexpr int kLeapSecond = 60;
        const auto whole = takeNumber(rest, 2, 2);
        if (!whole || *whole > kLeapSecond)
            return std::nullopt;
        seconds += *whole;
        if (rest.starts_with('.')) {
            double fraction = 0;
            const auto [end, error] =
                std::from_chars(rest.data(), rest.data() + rest.size(), fraction, std::chars_format::fixed);
            if (error != std::errc{})
                return std::nullopt;
            seconds += fraction;
            rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        }
    }
    text = rest;
    return seconds;
}

/// "Z", "+02:00", "-0530": seconds east of Greenwich; 0 where there is none.
std::optional<double> takeZone(std::string_view& text) {
    if (text.empty() || take(text, 'Z'))
        return 0;
    const bool west = text.starts_with('-');
    if (!west && !text.starts_with('+'))
        return std::nullopt;
    text.remove_prefix(1);
    const auto hours = takeNumber(text, 2, 2);
    take(text, ':');
    const auto minutes = text.empty() ? std::optional(0) : takeNumber(text, 2, 2);
    if (!hours || !minutes)
        return std::nullopt;
    const double seconds = 60.0 * (60.0 * *hours + *minutes);
    return west ? -seconds : seconds;
}

} // namespace

std::optional<double> parseTime(std::string_view text) {
    if (const auto date = takeDate(text)) {
        if (text.empty())
            return date;
        if (!take(text, ' ') && !take(text, 'T'))
            return std::nullopt;
        const auto time = takeTimeOfDay(text);
        const auto zone = time ? takeZone(text) : std::nullopt;
        if (!zone || !text.empty())
            return std::nullopt;
        return *date + *time - *zone;
    }
    const auto time = takeTimeOfDay(text);
    return text.empty() ? time : std::nullopt;
}

} // namespace zipml
