#pragma once
/// Dates and times of day in text files, as numbers of seconds.
///
/// Read are 2018-01-31 and 2018/01/31 (the year first), 31.01.2018 (the day first), times of day as 19:00,
/// 19:00:02 and 19:00:02.5 (also more than 24 hours, and minutes and seconds alone), and a date with a time
/// behind a blank or a T, with Z or an offset as +02:00. 01/02/2018 is not: no one can tell its month.

#include <optional>
#include <string_view>

namespace zipml {

/// Seconds since 1970-01-01 00:00 UTC for a date, with or without a time; seconds since midnight for a time
/// of day alone. Empty where `text` (without surrounding blanks) is no time.
std::optional<double> parseTime(std::string_view text);

} // namespace zipml
