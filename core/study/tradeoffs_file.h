#pragma once
/// Results of trade-offs as a file, so that a sweep goes on where it was cut short.

#include "core/study/tradeoffs.h"

namespace zipml {

std::string tradeoffsText(const TradeoffResults& results);
/// @param what the file's name, for messages. @throws InputError, one line, where it is no such file, is
/// damaged or cut short, or was written by a newer version
TradeoffResults parseTradeoffs(const std::string& text, const std::string& what);

/// One line a point, with a header; what does not apply is empty. @param picojoulesPerBit of movingEnergy
std::string tradeoffsCsv(std::span<const TradeoffPoint> points, double picojoulesPerBit);

/// A name for the file of a base's results: the same for equal bases, another for others.
std::string tradeoffsFileName(const RunSpec& base);

} // namespace zipml
