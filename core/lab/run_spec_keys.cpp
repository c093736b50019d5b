// The one table that names every setting of a run; JSON, the command line and "copy as command line" follow
// it.

#include "core/base/json_file.h"
#include "core/lab/bias_budget.h"
#include "core/lab/run_spec.h"
#include "core/spec/spec_table.h"

#include <cstdint>

namespace zipml {
namespace {

using nlohmann::json;
using Kind = SpecKey::Kind;
using spec_table::choice;
using spec_table::member;
using spec_table::named;
using spec_table::text;
using spec_table::whole;

/// 2: arithmetic may be auto, and is where nothing is said.
constexpr int kSpecVersion = 2;

template <auto Member>
auto load(const char* name, const char* values, const char* help) {
    return member<&RunSpec::data, &DataSpec::load, Member>(name, values, help);
}

const SpecEntry<RunSpec> kEntries[] = {
    member<&RunSpec::name>("name", "TEXT", "name in tables and legends (default: estimator and bits)"),
    member<&RunSpec::data, &DataSpec::source>(
        "data", "FILE|synthetic:N",
        "training data: a file; a folder, a pattern or files joined by ';', whose rows follow one another; - "
        "for "
        "standard input; or a generated set of N features: synthetic:N or synthetic:NxROWS, then "
        ",heavy-tailed, ,classes (two classes) and ,r2=SHARE as wished, then @SEED"),
    member<&RunSpec::data, &DataSpec::test>(
        "test", "FILE", "separate test file; its columns are matched by name (default: none)"),
    member<&RunSpec::data, &DataSpec::split>(
        "split", "0..1", "share of rows for training, the rest for testing; 1: all rows train"),
    load<&LoadOptions::format>("format", "auto|NAME",
                               "file format; auto: by content (zipml data --help lists them)"),
    load<&LoadOptions::delimiter>("delimiter", "auto|comma|tab|semicolon|space|pipe",
                                  "tables: what separates columns"),
    load<&LoadOptions::decimal>("decimal", "auto|point|comma", "tables: the decimal mark"),
    load<&LoadOptions::header>("header", "auto|yes|no", "tables: whether the first line names the columns"),
    load<&LoadOptions::encoding>("encoding", "auto|utf-8|latin1",
                                 "of names and texts; auto: UTF-8, else Latin-1"),
    load<&LoadOptions::skipLines>("skip_lines", "N", "lines at the top that are not data"),
    load<&LoadOptions::labelColumn>("label_column", "auto|first|last|none|NAME|INDEX",
                                    "tables: the column with the label, by name or from 1"),
    load<&LoadOptions::features>(
        "features", "LIST", "the only columns to learn from: names or numbers from 1, with commas between"),
    load<&LoadOptions::ignore>("ignore", "LIST", "columns not to use"),
    load<&LoadOptions::weight>(
        "weight", "NAME|INDEX",
        "the column with the rows' weights: each row counts as often as its weight says, beside the least"),
    load<&LoadOptions::categorical>("categorical", "LIST", "columns of numbers that are categories"),
    load<&LoadOptions::categories>(
        "categories", "N", "most categories of a column; each becomes a feature of 0 and 1 (name=category)"),
    load<&LoadOptions::times>("times", "ignore|seconds",
                              "columns of dates and times: left out, or as seconds"),
    load<&LoadOptions::missing>("missing", "refuse|drop|mean|median|constant:X",
                                "missing values: an error, the row is left out, or they are filled in with "
                                "the training rows' mean or "
                                "median (and a feature that says so) or a constant"),
    load<&LoadOptions::missingMarks>(
        "missing_marks", "LIST", "texts that stand for a missing value beside NA, NaN, ?, null and nothing"),
    load<&LoadOptions::indexBase>("index_base", "auto|0|1",
                                  "libsvm: the first index; auto: 0 where one occurs"),
    load<&LoadOptions::width>(
        "width", "N", "libsvm: features; 0: as many as the largest index says; entries beyond are left out"),
    load<&LoadOptions::labels>("labels", "FILE|NAME",
                               "a file of labels, or the member of this file with them"),
    load<&LoadOptions::matrix>("matrix", "NAME", "the member or variable of the file with the values"),
    load<&LoadOptions::upright>("upright", "", "idx: images are turned, as EMNIST's need"),
    {{"task", Kind::Text, "auto|regression|classification",
      "auto: two distinct labels make a classification; where the loss is one of classes or this is "
      "classification, so do up to 100 whole numbers, with a model for each class against the rest"},
     [](const RunSpec& s) -> json { return s.data.task ? named(*s.data.task) : json("auto"); },
     [](RunSpec& s, const json& v, const std::string&) {
         s.data.task = text(v) == "auto" ? std::nullopt : std::optional(parseName<Task>(text(v), "task"));
     }},
    choice<&RunSpec::data, &DataSpec::scaling>("scaling",
                                               "features: to [-1, 1], to [0, 1], to unit variance, by the "
                                               "largest value, rows to unit length, or as they are"),
    choice<&RunSpec::data, &DataSpec::labelScaling>(
        "label_scaling",
        "labels of a regression: as they are, to [0, 1], to [-1, 1], or to unit variance; losses are then on "
        "the scaled labels, the saved model is for the file's"),
    choice<&RunSpec::loss>("loss",
                           "what is minimised; reported as mean((a.x - b)^2), mean(log(1 + exp(-b a.x))), "
                           "mean(max(0, 1 - b a.x)) or mean(1/2 max(0, 1 - b a.x)^2)"),
    {{"class_weights", Kind::Text, "POS,NEG", "weights of the two classes' losses, other than least squares"},
     [](const RunSpec& s) -> json { return toString(s.classWeights); },
     [](RunSpec& s, const json& v, const std::string&) { s.classWeights = parseClassWeights(text(v)); }},
    {{"regularizer", Kind::Text, "",
      "added to the loss or a constraint, by proximal step; reported apart from the loss"},
     [](const RunSpec& s) -> json { return toString(s.regularizer); },
     [](RunSpec& s, const json& v, const std::string&) { s.regularizer = parseRegularizer(text(v)); },
     regularizerForms},
    choice<&RunSpec::estimator>("estimator", "how gradients are estimated from rounded samples"),
    member<&RunSpec::bits>(
        "bits", "1..16|32",
        "of a sample's level: b bits tell 2^b levels of a feature apart; 32: not quantized"),
    member<&RunSpec::copies>("copies", "2..8",
                             "roundings of a value that double and double-mean read; each is nearly free"),
    member<&RunSpec::polynomial, &PolynomialSpec::degree>(
        "degree", "1..7", "of the estimator polynomial, which reads one rounding more"),
    member<&RunSpec::polynomial, &PolynomialSpec::interval>(
        "interval", "R", "estimator polynomial: near the loss's slope for |a.x| up to R"),
    member<&RunSpec::polynomial, &PolynomialSpec::band>(
        "band", "0..1",
        "estimator polynomial, hinge: half the width of the band around the step where it may be far off"),
    choice<&RunSpec::certificate>("certificate",
                                  "estimator refetch: what makes a decision from rounded values certain"),
    choice<&RunSpec::store>("store",
                            "any-precision: one copy for all widths from 1 to 8 bits, which can be changed "
                            "while it trains; at b bits it has 2^(b-1) + 1 uniform levels"),
    {{"grid", Kind::Text, "", "how the levels of each feature are placed"},
     [](const RunSpec& s) -> json { return toString(s.grid); },
     [](RunSpec& s, const json& v, const std::string&) { s.grid = parseGrid(text(v)); },
     gridForms},
    member<&RunSpec::sharedGrid>("shared_grid", "", "one grid for all features after scaling"),
    member<&RunSpec::modelBits>("model_bits", "1..16|32",
                                "bits of a weight each time the model is sent; 32: not quantized"),
    member<&RunSpec::gradientBits>("gradient_bits", "1..16|32",
                                   "bits of a gradient's element each time it is sent; 32: not quantized"),
    choice<&RunSpec::arithmetic>(
        "arithmetic",
        "integer: model (at most 8 bits) and residuals are rounded to 8-bit integers, which is fastest; "
        "needs uniform levels, or 1, 2 or 4 bits and an estimator of "
        "one rounding; auto: integer where that goes, the slope is linear, and the model has no bits of its "
        "own, else float"),
    choice<&RunSpec::vectorScale>(
        "vector_scale",
        "the scale of a rounded model or gradient: its Euclidean norm, or its largest element"),
    member<&RunSpec::intercept>("intercept", "", "an exact constant-1 feature, first"),
    choice<&RunSpec::sgd, &SgdOptions::solver>(
        "solver",
        "svrg: exact gradients at anchors and rounded samples for the difference to them, which reaches the "
        "exact "
        "optimum; bit-centering: that difference in model_bits bits, too"),
    member<&RunSpec::sgd, &SgdOptions::innerPasses>("inner_passes", "N",
                                                    "passes from one anchor to the next (not of solver sgd)"),
    {{"batch", Kind::Whole, "N", "rows a step; gradients are averaged over them"},
     [](const RunSpec& s) -> json { return s.sgd.batch; },
     [](RunSpec& s, const json& v, const std::string&) { s.sgd.batch = whole<std::uint32_t>(v); }},
    member<&RunSpec::sgd, &SgdOptions::epochs>("epochs", "N", "passes over the training rows"),
    {{"step", Kind::TextOrNumber, "auto|NUMBER|2^-K",
      "step size on the average gradient of the loss (least squares: of 1/2 (a.x - b)^2); auto: from the "
      "data and the batch, and no more than the estimator's second moment at these bits allows"},
     [](const RunSpec& s) -> json { return s.sgd.step ? json(*s.sgd.step) : json("auto"); },
     [](RunSpec& s, const json& v, const std::string&) {
         s.sgd.step = parseStep(v.is_string() ? text(v) : v.dump());
     }},
    {{"schedule", Kind::Text, "constant|inverse-epoch|inverse-sqrt|halve-every:N|list:F1,F2,...",
      "how the step size changes over epochs; solvers other than sgd keep it"},
     [](const RunSpec& s) -> json { return toString(s.sgd.schedule); },
     [](RunSpec& s, const json& v, const std::string&) { s.sgd.schedule = parseSchedule(text(v)); }},
    choice<&RunSpec::sgd, &SgdOptions::order>("order", "seeded shuffle each epoch, or file order"),
    choice<&RunSpec::sgd, &SgdOptions::rounding>("rounding", "samples rounded once, or again each epoch"),
    {{"average", Kind::Text, "none|tail:F|swalp:F",
      "report the last iterate, or the average over the last share F of steps; swalp: of a model that is "
      "kept "
      "in model_bits bits from step to step"},
     [](const RunSpec& s) -> json {
         return toString(Averaging{s.sgd.tailAverage, s.sgd.lowPrecisionAverage});
     },
     [](RunSpec& s, const json& v, const std::string&) {
         const Averaging averaging = parseAverage(text(v));
         s.sgd.tailAverage = averaging.tail;
         s.sgd.lowPrecisionAverage = averaging.lowPrecision;
     }},
    member<&RunSpec::sgd, &SgdOptions::earlyStop>(
        "early_stop", "N",
        "stop after N epochs without 0.01% improvement of the test loss (the objective where there are no "
        "test rows); 0: never"),
    {{"at", Kind::Text, "EPOCH:KEY=VALUE;...",
      "what changes while it trains, from an epoch on: bits, estimator or grid "
      "(21:bits=5;30:estimator=naive)"},
     [](const RunSpec& s) -> json { return toString(s.at); },
     [](RunSpec& s, const json& v, const std::string&) { s.at = parseSwitches(text(v)); }},
    member<&RunSpec::seed>("seed", "N", "of all random draws; equal seeds give equal results"),
    member<&RunSpec::threads>("threads", "N", "0: one a core; never changes the result"),
    member<&RunSpec::device>("device", "cpu|cpu-scalar|cpu-reference|opencl:I|opencl:NAME|fpga:I",
                             "where the run computes (zipml devices)"),
    member<&RunSpec::biasDraws>("bias_draws", "N",
                                "Monte-Carlo draws of each epoch's bias measurement; 0: not measured"),
    {{"bias_rows", Kind::TextOrNumber, "auto|N",
      "rows that measurement uses, a seeded choice; auto: up to 1000, and no more than a tenth of the work "
      "of "
      "an epoch allows"},
     [](const RunSpec& s) -> json { return s.biasRows ? json(*s.biasRows) : json("auto"); },
     [](RunSpec& s, const json& v, const std::string&) { s.biasRows = parseBiasRows(v); }},
};

} // namespace

std::span<const SpecKey> specKeys() {
    static const std::vector<SpecKey> keys = spec_table::keys<RunSpec>(kEntries);
    return keys;
}

const SpecKey& specKey(std::string_view name) {
    for (const auto& key : specKeys())
        if (key.name == name)
            return key;
    throw InputError("'" + std::string(name) + "' is not a setting; see zipml train --help for all of them" +
                     didYouMean(name, spec_table::namesIn<RunSpec>(kEntries)));
}

std::vector<std::string> loadKeys() {
    return {"format",      "delimiter",    "decimal",  "header",  "encoding",
            "skip_lines",  "label_column", "features", "ignore",  "weight",
            "categorical", "categories",   "times",    "missing", "missing_marks",
            "index_base",  "width",        "labels",   "matrix",  "upright"};
}

std::string toCommandLine(const RunSpec& spec) {
    RunSpec defaults;
    defaults.data.source = spec.data.source; // stands in front, with no flag
    return "zipml train " + shellWord(spec.data.source) +
           spec_table::flags<RunSpec>(kEntries, spec, defaults);
}

json toJson(const RunSpec& spec) {
    json object = spec_table::toJson<RunSpec>(kEntries, spec);
    object["version"] = kSpecVersion;
    return object;
}

RunSpec uncheckedSpecFromJson(const json& object, const RunSpec& base) {
    json settings = object;
    RunSpec spec = base;
    if (const auto version = settings.find("version"); version != settings.end()) {
        const auto number = JsonPart(*version, "version").get<std::uint64_t>();
        if (number > kSpecVersion)
            throw InputError("version: " + version->dump() + " is newer than this program's (" +
                             std::to_string(kSpecVersion) + "); update ZipML Lab");
        if (number < 2 && spec.arithmetic == Arithmetic::Auto)
            spec.arithmetic = Arithmetic::Float; // there was no other where nothing was said
        settings.erase(version);
    }
    spec_table::apply<RunSpec>(kEntries, spec, settings, "zipml train");
    validateRanges(spec);
    return spec;
}

RunSpec specFromJson(const json& object, const RunSpec& base) {
    RunSpec spec = uncheckedSpecFromJson(object, base);
    validate(spec);
    return spec;
}

} // namespace zipml
