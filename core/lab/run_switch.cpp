#include "core/lab/run_switch.h"

#include "core/base/error.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace zipml {
namespace {

int numberIn(std::string_view text, const std::string& each) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1)
        throw InputError("at: '" + each + "': '" + std::string(text) + "' is no whole number from 1 on");
    return number;
}

void set(RunSwitch& one, std::string_view key, const std::string& value, const std::string& each) {
    if (key == "bits")
        one.bits = numberIn(value, each);
    else if (key == "estimator")
        one.estimator = parseName<EstimatorKind>(value, "at: estimator");
    else if (key == "grid")
        one.grid = parseGrid(value);
    else
        throw InputError("at: '" + each + "': '" + std::string(key) +
                         "' does not change while a run trains; use bits, estimator or grid");
}

} // namespace

std::vector<RunSwitch> parseSwitches(const std::string& text) {
    std::map<int, RunSwitch> byEpoch;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(';', begin), text.size());
        const std::string each = text.substr(begin, end - begin);
        const std::size_t colon = each.find(':'), equals = each.find('=');
        if (colon == std::string::npos || equals == std::string::npos || equals < colon)
            throw InputError("at: '" + each +
                             "': write EPOCH:KEY=VALUE, with ';' between several: 21:bits=5;30:grid=optimal");
        const int epoch = numberIn(std::string_view(each).substr(0, colon), each);
        RunSwitch& one = byEpoch[epoch];
        one.epoch = epoch;
        set(one, std::string_view(each).substr(colon + 1, equals - colon - 1), each.substr(equals + 1), each);
        begin = end + 1;
    }
    std::vector<RunSwitch> switches;
    switches.reserve(byEpoch.size());
    for (auto& [epoch, one] : byEpoch)
        switches.push_back(std::move(one));
    return switches;
}

std::string toString(std::span<const RunSwitch> switches) {
    std::string text;
    const auto add = [&](int epoch, const std::string& setting) {
        text += (text.empty() ? "" : ";") + std::to_string(epoch) + ":" + setting;
    };
    for (const RunSwitch& one : switches) {
        if (one.estimator)
            add(one.epoch, "estimator=" + std::string(nameOf(*one.estimator)));
        if (one.bits)
            add(one.epoch, "bits=" + std::to_string(*one.bits));
        if (one.grid)
            add(one.epoch, "grid=" + toString(*one.grid));
    }
    return text;
}

} // namespace zipml
