#include "core/document/lesson.h"

#include "core/spec/json_block.h"

#include <algorithm>
#include <ranges>
#include <sstream>

namespace zipml {
namespace {

using nlohmann::json;
using Block = JsonBlock;

struct Quantity {
    std::string_view name;
    std::optional<double> (*of)(const ObservedRun& run);
};

constexpr Quantity kQuantities[] = {
    {"train_loss", [](const ObservedRun& run) -> std::optional<double> { return run.last->trainLoss; }},
    {"objective", [](const ObservedRun& run) -> std::optional<double> { return run.last->minimised(); }},
    {"test_loss", [](const ObservedRun& run) { return run.last->testLoss; }},
    {"train_accuracy", [](const ObservedRun& run) { return run.last->trainAccuracy; }},
    {"test_accuracy", [](const ObservedRun& run) { return run.last->testAccuracy; }},
    {"refetch_rate", [](const ObservedRun& run) { return run.last->refetchRate; }},
    {"outside_share", [](const ObservedRun& run) { return run.last->outsideShare; }},
    {"excess_loss",
     [](const ObservedRun& run) -> std::optional<double> {
         if (!run.setup->minimum())
             return {};
         return run.last->minimised() - *run.setup->minimum();
     }},
    {"optimum_loss", [](const ObservedRun& run) { return run.setup->optimumLoss; }},
    {"bias_norm", [](const ObservedRun& run) { return run.last->biasNorm; }},
    {"bias_standard_error", [](const ObservedRun& run) { return run.last->biasStandardError; }},
    {"predicted_bias_norm", [](const ObservedRun& run) { return run.last->predictedBiasNorm; }},
    {"variance", [](const ObservedRun& run) { return run.last->variance; }},
    {"distance_to_optimum", [](const ObservedRun& run) { return run.last->distanceToOptimum; }},
    {"mean_variance", [](const ObservedRun& run) { return run.setup->meanVariance; }},
    {"bits_per_value",
     [](const ObservedRun& run) -> std::optional<double> { return run.setup->bitsPerValue; }},
    {"contraction", [](const ObservedRun& run) { return run.setup->contraction; }},
    {"bytes_moved",
     [](const ObservedRun& run) -> std::optional<double> {
         return static_cast<double>(run.last->bytesMoved);
     }},
};

const Quantity& quantityOf(std::string_view name) {
    for (const auto& quantity : kQuantities)
        if (quantity.name == name)
            return quantity;
    std::string names;
    for (const auto& quantity : kQuantities)
        names.append(names.empty() ? "" : ", ").append(quantity.name);
    throw InputError("'" + std::string(name) + "' is no quantity of a run; choose one of " + names);
}

/// [quantity, settings]
RunValue valueFrom(const json& pair) {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_object())
        throw InputError(R"(a value is ["quantity", {settings of its run}])");
    RunValue value{pair[0].get<std::string>(), pair[1]};
    quantityOf(value.quantity);
    for (const auto& [key, setting] : value.settings.items())
        specKey(key);
    return value;
}

Measure measureFrom(Block& block) {
    Measure measure{valueFrom(block.need<json>("value")), std::nullopt};
    if (const json over = block.take<json>("over", nullptr); !over.is_null())
        measure.over = valueFrom(over);
    return measure;
}

std::vector<RunSpec> runsFrom(Block& block, const RunSpec& base) {
    std::vector<RunSpec> runs;
    for (const auto& run : block.take<json>("runs", json::array()))
        runs.push_back(specFromJson(run, base));
    return runs;
}

void oneOf(const std::string& value, std::initializer_list<std::string_view> choices, const char* key) {
    if (std::ranges::find(choices, value) == choices.end())
        throw InputError(std::string(key) + ": '" + value + "' is unknown");
}

Claim claimFrom(const json& object) {
    Block block(object);
    Claim claim{block.need<std::string>("say"), measureFrom(block)};
    claim.atLeast = block.take("at_least", claim.atLeast);
    claim.atMost = block.take("at_most", claim.atMost);
    block.end();
    return claim;
}

LessonAction actionFrom(Block block) {
    LessonAction action;
    action.title = block.need<std::string>("title");
    const json base = block.take<json>("base", nullptr);
    const RunSpec settings = base.is_null() ? RunSpec{} : specFromJson(base);
    action.runs = runsFrom(block, settings);
    if (action.runs.empty() && !base.is_null())
        action.settings = settings;
    action.page = action.runs.empty() ? block.need<std::string>("page") : block.take("page", action.page);
    action.xAxis = block.take("x_axis", action.xAxis);
    oneOf(action.xAxis, {"epochs", "megabytes", "seconds"}, "x_axis");
    action.secondPlot = block.take("second_plot", action.secondPlot);
    oneOf(action.secondPlot, {"bias", "variance", "distance", "accuracy", "refetch-rate", "outside"},
          "second_plot");
    action.lossScale = block.take("loss_scale", action.lossScale);
    oneOf(action.lossScale, {"loss", "above-optimum"}, "loss_scale");
    for (const auto& claim : block.take<json>("claims", json::array()))
        action.claims.push_back(claimFrom(claim));
    block.end();
    return action;
}

LessonQuestion questionFrom(Block block) {
    LessonQuestion question{block.need<std::string>("ask"),   {}, measureFrom(block),
                            block.need<std::string>("needs"), {}, block.need<std::string>("because")};
    question.runs = runsFrom(block, specFromJson(block.take<json>("base", json::object())));
    for (const auto& object : block.need<json>("choices")) {
        Block choice(object);
        LessonQuestion::Choice made{choice.need<std::string>("text")};
        made.from = choice.take("from", made.from);
        made.to = choice.take("to", made.to);
        choice.end();
        question.choices.push_back(made);
    }
    block.end();
    return question;
}

bool matches(const RunSpec& spec, const json& settings) {
    const json all = toJson(spec);
    return std::ranges::all_of(settings.items(),
                               [&](const auto& item) { return all.at(item.key()) == item.value(); });
}

std::optional<double> valueOf(const RunValue& value, std::span<const ObservedRun> runs) {
    for (const ObservedRun& run : std::views::reverse(runs))
        if (run.ended && run.setup != nullptr && run.last != nullptr && matches(*run.spec, value.settings))
            return quantityOf(value.quantity).of(run);
    return {};
}

} // namespace

LessonAction parseAction(const json& object) {
    return actionFrom(Block(object));
}

std::vector<std::string_view> lessonQuantities() {
    std::vector<std::string_view> names;
    for (const auto& quantity : kQuantities)
        names.push_back(quantity.name);
    return names;
}

std::optional<double> measured(const Measure& measure, std::span<const ObservedRun> runs) {
    const auto value = valueOf(measure.value, runs);
    if (!value || !measure.over)
        return value;
    const auto over = valueOf(*measure.over, runs);
    if (!over || *over == 0)
        return {};
    return *value / *over;
}

Lesson parseLesson(const std::string& text, const std::string& name) {
    Lesson lesson;
    std::istringstream lines(text);
    std::string line, markdown, block, kind;
    int number = 0, begun = 0;
    const auto endMarkdown = [&] {
        if (markdown.find_first_not_of(" \n") != std::string::npos)
            lesson.parts.emplace_back(markdown);
        markdown.clear();
    };
    const auto endBlock = [&] {
        try {
            Block parsed(json::parse(block));
            if (kind == "lab")
                lesson.parts.emplace_back(actionFrom(std::move(parsed)));
            else
                lesson.parts.emplace_back(questionFrom(std::move(parsed)));
        } catch (const std::exception& error) {
            throw InputError(name + ":" + std::to_string(begun) + ": " + error.what());
        }
        block.clear();
        kind.clear();
    };
    while (std::getline(lines, line)) {
        ++number;
        if (!kind.empty()) {
            line == "```" ? endBlock() : void(block += line + "\n");
        } else if (line == "```lab" || line == "```question") {
            endMarkdown();
            kind = line.substr(3);
            begun = number;
        } else if (lesson.title.empty() && line.starts_with("# ")) {
            lesson.title = line.substr(2);
        } else {
            markdown += line + "\n";
        }
    }
    if (!kind.empty())
        throw InputError(name + ":" + std::to_string(begun) + ": the block does not end; close it with ```");
    endMarkdown();
    if (lesson.title.empty())
        throw InputError(name + ": a lesson begins with a heading, '# Title'");
    return lesson;
}

} // namespace zipml
