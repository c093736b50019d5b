#include "core/solve/sgd_options.h"

#include "core/base/number_text.h"

#include <algorithm>
#include <cmath>

namespace zipml {

template <>
std::span<const Named<ScheduleKind>> namesOf<ScheduleKind>() {
    static constexpr Named<ScheduleKind> table[] = {
        {ScheduleKind::Constant, "constant", "Constant", "The same step size in every epoch."},
        {ScheduleKind::InverseEpoch, "inverse-epoch", "1 / epoch",
         "Step size divided by the epoch's number."},
        {ScheduleKind::InverseSqrt, "inverse-sqrt", "1 / sqrt(epoch)",
         "Step size divided by the square root of the epoch's number."},
        {ScheduleKind::HalveEvery, "halve-every", "Halve every N epochs",
         "Step size halves after every N epochs."},
        {ScheduleKind::List, "list", "Own list",
         "A factor on the step size for each epoch; the last one goes on for the rest."},
    };
    return table;
}

template <>
std::span<const Named<SolverKind>> namesOf<SolverKind>() {
    static constexpr Named<SolverKind> table[] = {
        {SolverKind::Sgd, "sgd", "SGD", "Minibatch stochastic gradient descent."},
        {SolverKind::Svrg, "svrg", "SVRG",
         "Every few passes an exact gradient at an anchor; in between the rounded samples tell only the "
         "difference to "
         "it. Reaches the exact optimum at few bits."},
        {SolverKind::BitCentering, "bit-centering", "Bit centering",
         "SVRG whose difference to the anchor is kept in few bits, in a range that shrinks with the gradient "
         "(HALP)."},
    };
    return table;
}

template <>
std::span<const Named<RowOrder>> namesOf<RowOrder>() {
    static constexpr Named<RowOrder> table[] = {
        {RowOrder::Shuffled, "shuffled", "Shuffled",
         "Rows are dealt into minibatches at random; each epoch visits these in a new order."},
        {RowOrder::File, "file", "File order", "Rows as they stand in the file."},
    };
    return table;
}

template <>
std::span<const Named<RoundingTime>> namesOf<RoundingTime>() {
    static constexpr Named<RoundingTime> table[] = {
        {RoundingTime::Frozen, "frozen", "Once", "Samples are rounded once, before training."},
        {RoundingTime::Epoch, "epoch", "Each epoch",
         "Samples are rounded afresh each epoch; needs the original data."},
    };
    return table;
}

Schedule parseSchedule(const std::string& text) {
    const std::string_view whole = text;
    const auto colon = whole.find(':');
    Schedule schedule;
    schedule.kind = parseName<ScheduleKind>(whole.substr(0, colon), "schedule");
    const std::string_view rest =
        colon == std::string_view::npos ? std::string_view{} : whole.substr(colon + 1);
    if (schedule.kind == ScheduleKind::HalveEvery) {
        const auto epochs = parseFinite(rest);
        if (!epochs || *epochs < 1 || *epochs > 1e6 || *epochs != std::floor(*epochs))
            throw InputError("schedule: '" + text +
                             "': write halve-every:N with N epochs, such as halve-every:10");
        schedule.halveEvery = static_cast<int>(*epochs);
    } else if (schedule.kind == ScheduleKind::List) {
        const auto factors = parseFiniteList(rest);
        if (!factors || std::ranges::any_of(*factors, [](double factor) { return factor <= 0; }))
            throw InputError("schedule: '" + text +
                             "': write list:F1,F2,... with factors above 0, such as list:1,0.5,0.1");
        schedule.multipliers = *factors;
    } else if (colon != std::string_view::npos) {
        throw InputError("schedule: '" + text + "': nothing goes after " +
                         std::string(nameOf(schedule.kind)));
    }
    return schedule;
}

std::string toString(const Schedule& schedule) {
    std::string text(nameOf(schedule.kind));
    if (schedule.kind == ScheduleKind::HalveEvery)
        return text + ":" + std::to_string(schedule.halveEvery);
    if (schedule.kind == ScheduleKind::List)
        for (std::size_t i = 0; i < schedule.multipliers.size(); ++i)
            text += (i == 0 ? ":" : ",") + shortest(schedule.multipliers[i]);
    return text;
}

double stepOf(const Schedule& schedule, double step, int epoch) {
    switch (schedule.kind) {
    case ScheduleKind::Constant:
        return step;
    case ScheduleKind::InverseEpoch:
        return step / epoch;
    case ScheduleKind::InverseSqrt:
        return step / std::sqrt(static_cast<double>(epoch));
    case ScheduleKind::HalveEvery:
        return std::ldexp(step, -((epoch - 1) / schedule.halveEvery));
    case ScheduleKind::List: {
        const auto index = std::min(static_cast<std::size_t>(epoch), schedule.multipliers.size()) - 1;
        return step * schedule.multipliers[index];
    }
    }
    throw std::logic_error("unknown schedule");
}

std::optional<double> parseStep(const std::string& text) {
    if (text == "auto")
        return std::nullopt;
    std::optional<double> step;
    if (text.starts_with("2^")) {
        if (const auto exponent = parseFinite(std::string_view(text).substr(2)))
            step = std::exp2(*exponent);
    } else {
        step = parseFinite(text);
    }
    if (!step || *step <= 0 || !std::isfinite(*step))
        throw InputError("step: '" + text +
                         "': write auto, a number above 0 such as 0.05, or a power such as 2^-12");
    return step;
}

Averaging parseAverage(const std::string& text) {
    if (text == "none")
        return {};
    const auto colon = text.find(':');
    const std::string_view kind = std::string_view(text).substr(0, colon);
    const auto share = colon != std::string::npos && (kind == "tail" || kind == "swalp")
                           ? parseFinite(std::string_view(text).substr(colon + 1))
                           : std::nullopt;
    if (!share || !(*share > 0) || *share > 1)
        throw InputError("average: '" + text +
                         "': write none, or tail:F with the share of the last steps to average, such as "
                         "tail:0.5, or swalp:F "
                         "where the model is kept in model_bits bits");
    return {*share, kind == "swalp"};
}

std::string toString(const Averaging& averaging) {
    return averaging.tail > 0 ? (averaging.lowPrecision ? "swalp:" : "tail:") + shortest(averaging.tail)
                              : "none";
}

} // namespace zipml
