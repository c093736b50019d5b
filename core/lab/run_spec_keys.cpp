// The one table that names every setting of a run; JSON, the command line and "copy as command line" follow
// it.

#include "core/lab/run_spec.h"
#include "core/lab/spec_table.h"

#include <cstdint>

namespace zipml {
namespace {

using nlohmann::json;
using Kind = SpecKey::Kind;
using spec_table::named;
using spec_table::text;
using spec_table::whole;

constexpr int kSpecVersion = 1;

const SpecEntry<RunSpec> kEntries[] = {
    {{"name", Kind::Text, "TEXT", "name in tables and legends (default: estimator and bits)"},
     [](const RunSpec& s) -> json { return s.name; },
     [](RunSpec& s, const json& v) { s.name = text(v); }},
    {{"data", Kind::Text, "FILE|synthetic:N",
      "training data: a file, or a generated set of N features: synthetic:N or synthetic:NxROWS, then "
      ",heavy-tailed, ,classes (two classes) and ,r2=SHARE as wished, then @SEED"},
     [](const RunSpec& s) -> json { return s.data.source; },
     [](RunSpec& s, const json& v) { s.data.source = text(v); }},
    {{"test", Kind::Text, "FILE", "separate test file, of the same layout (default: none)"},
     [](const RunSpec& s) -> json { return s.data.test; },
     [](RunSpec& s, const json& v) { s.data.test = text(v); }},
    {{"split", Kind::Number, "0..1", "share of rows for training, the rest for testing; 1: all rows train"},
     [](const RunSpec& s) -> json { return s.data.split; },
     [](RunSpec& s, const json& v) { s.data.split = v.get<double>(); }},
    {{"format", Kind::Text, "auto|libsvm|csv", "file format; auto: by content"},
     [](const RunSpec& s) -> json { return s.data.load.format; },
     [](RunSpec& s, const json& v) { s.data.load.format = text(v); }},
    {{"delimiter", Kind::Text, "auto|comma|tab|semicolon|space|pipe", "csv: what separates columns"},
     [](const RunSpec& s) -> json { return s.data.load.delimiter; },
     [](RunSpec& s, const json& v) { s.data.load.delimiter = text(v); }},
    {{"header", Kind::Text, "auto|yes|no", "csv: whether the first line names the columns"},
     [](const RunSpec& s) -> json { return s.data.load.header; },
     [](RunSpec& s, const json& v) { s.data.load.header = text(v); }},
    {{"label_column", Kind::Text, "auto|first|last|NAME|INDEX",
      "csv: the column with the label, by name or from 1"},
     [](const RunSpec& s) -> json { return s.data.load.labelColumn; },
     [](RunSpec& s, const json& v) { s.data.load.labelColumn = text(v); }},
    {{"skip_lines", Kind::Whole, "N", "lines at the top that are not data"},
     [](const RunSpec& s) -> json { return s.data.load.skipLines; },
     [](RunSpec& s, const json& v) { s.data.load.skipLines = whole<std::uint32_t>(v); }},
    {{"task", Kind::Text, "auto|regression|classification",
      "auto: two distinct labels make a classification; where the loss is one of classes or this is "
      "classification, so do up to 100 whole numbers, with a model for each class against the rest"},
     [](const RunSpec& s) -> json { return s.data.task ? named(*s.data.task) : json("auto"); },
     [](RunSpec& s, const json& v) {
         s.data.task = text(v) == "auto" ? std::nullopt : std::optional(parseName<Task>(text(v), "task"));
     }},
    {{"scaling", Kind::Text, "minmax|unit|standard|max-abs|row-unit|none",
      "features: to [-1, 1], to [0, 1], to unit variance, by the largest value, rows to unit length, or as "
      "they are"},
     [](const RunSpec& s) { return named(s.data.scaling); },
     [](RunSpec& s, const json& v) { s.data.scaling = parseName<ScalingKind>(text(v), "scaling"); }},
    {{"label_scaling", Kind::Text, "none|unit|symmetric|standard",
      "labels of a regression: as they are, to [0, 1], to [-1, 1], or to unit variance; losses are then on "
      "the scaled "
      "labels, the saved model is for the file's"},
     [](const RunSpec& s) { return named(s.data.labelScaling); },
     [](RunSpec& s, const json& v) {
         s.data.labelScaling = parseName<LabelScalingKind>(text(v), "label_scaling");
     }},
    {{"loss", Kind::Text, "least-squares|ls-svm|logistic|hinge|squared-hinge",
      "what is minimised; reported as mean((a.x - b)^2), mean(log(1 + exp(-b a.x))), mean(max(0, 1 - b a.x)) "
      "or "
      "mean(1/2 max(0, 1 - b a.x)^2)"},
     [](const RunSpec& s) { return named(s.loss); },
     [](RunSpec& s, const json& v) { s.loss = parseName<LossKind>(text(v), "loss"); }},
    {{"class_weights", Kind::Text, "POS,NEG", "weights of the two classes' losses, other than least squares"},
     [](const RunSpec& s) -> json { return toString(s.classWeights); },
     [](RunSpec& s, const json& v) { s.classWeights = parseClassWeights(text(v)); }},
    {{"regularizer", Kind::Text, "none|l2:A|l1:A|elastic:A1,A2|ball:R|box:LO,HI",
      "added to the loss or a constraint, by proximal step; reported apart from the loss"},
     [](const RunSpec& s) -> json { return toString(s.regularizer); },
     [](RunSpec& s, const json& v) { s.regularizer = parseRegularizer(text(v)); }},
    {{"estimator", Kind::Text,
      "full|naive|nearest|double|double-plain|double-mean|corrected|end-to-end|polynomial|refetch",
      "how gradients are estimated from rounded samples"},
     [](const RunSpec& s) { return named(s.estimator); },
     [](RunSpec& s, const json& v) { s.estimator = parseName<EstimatorKind>(text(v), "estimator"); }},
    {{"bits", Kind::Whole, "1..16|32", "bits of a sample's code: 2^bits levels a feature; 32: not quantized"},
     [](const RunSpec& s) -> json { return s.bits; },
     [](RunSpec& s, const json& v) { s.bits = whole<int>(v); }},
    {{"copies", Kind::Whole, "2..8",
      "roundings of a value that double and double-mean read; each is nearly free"},
     [](const RunSpec& s) -> json { return s.copies; },
     [](RunSpec& s, const json& v) { s.copies = whole<int>(v); }},
    {{"degree", Kind::Whole, "1..7", "of the estimator polynomial, which reads one rounding more"},
     [](const RunSpec& s) -> json { return s.polynomial.degree; },
     [](RunSpec& s, const json& v) { s.polynomial.degree = whole<int>(v); }},
    {{"interval", Kind::Number, "R", "estimator polynomial: near the loss's slope for |a.x| up to R"},
     [](const RunSpec& s) -> json { return s.polynomial.interval; },
     [](RunSpec& s, const json& v) { s.polynomial.interval = v.get<double>(); }},
    {{"band", Kind::Number, "0..1",
      "estimator polynomial, hinge: half the width of the band around the step where it may be far off"},
     [](const RunSpec& s) -> json { return s.polynomial.band; },
     [](RunSpec& s, const json& v) { s.polynomial.band = v.get<double>(); }},
    {{"certificate", Kind::Text, "interval|sample|l2|sketch",
      "estimator refetch: what makes a decision from rounded values certain"},
     [](const RunSpec& s) { return named(s.certificate); },
     [](RunSpec& s, const json& v) { s.certificate = parseName<CertificateKind>(text(v), "certificate"); }},
    {{"store", Kind::Text, "packed|any-precision",
      "any-precision: one copy for all widths from 1 to 8 bits, which can be changed while it trains; at b "
      "bits it "
      "has 2^(b-1) + 1 uniform levels"},
     [](const RunSpec& s) { return named(s.store); },
     [](RunSpec& s, const json& v) { s.store = parseName<StoreKind>(text(v), "store"); }},
    {{"grid", Kind::Text, "uniform|optimal|candidates:M|greedy|quantile|lloyd-max|logarithmic",
      "how the levels of each feature are placed"},
     [](const RunSpec& s) -> json { return toString(s.grid); },
     [](RunSpec& s, const json& v) { s.grid = parseGrid(text(v)); }},
    {{"shared_grid", Kind::YesNo, "", "one grid for all features after scaling"},
     [](const RunSpec& s) -> json { return s.sharedGrid; },
     [](RunSpec& s, const json& v) { s.sharedGrid = v.get<bool>(); }},
    {{"model_bits", Kind::Whole, "1..16|32",
      "bits of a weight each time the model is sent; 32: not quantized"},
     [](const RunSpec& s) -> json { return s.modelBits; },
     [](RunSpec& s, const json& v) { s.modelBits = whole<int>(v); }},
    {{"gradient_bits", Kind::Whole, "1..16|32",
      "bits of a gradient's element each time it is sent; 32: not quantized"},
     [](const RunSpec& s) -> json { return s.gradientBits; },
     [](RunSpec& s, const json& v) { s.gradientBits = whole<int>(v); }},
    {{"arithmetic", Kind::Text, "float|integer",
      "integer: model (at most 8 bits) and residuals are rounded to 8-bit integers, which is fastest; needs "
      "uniform levels and a batch of a multiple of 16 rows"},
     [](const RunSpec& s) { return named(s.arithmetic); },
     [](RunSpec& s, const json& v) { s.arithmetic = parseName<Arithmetic>(text(v), "arithmetic"); }},
    {{"vector_scale", Kind::Text, "norm|max",
      "the scale of a rounded model or gradient: its Euclidean norm, or its largest element"},
     [](const RunSpec& s) { return named(s.vectorScale); },
     [](RunSpec& s, const json& v) { s.vectorScale = parseName<VectorScale>(text(v), "vector_scale"); }},
    {{"intercept", Kind::YesNo, "", "an exact constant-1 feature, first"},
     [](const RunSpec& s) -> json { return s.intercept; },
     [](RunSpec& s, const json& v) { s.intercept = v.get<bool>(); }},
    {{"batch", Kind::Whole, "N", "rows a step; gradients are averaged over them"},
     [](const RunSpec& s) -> json { return s.sgd.batch; },
     [](RunSpec& s, const json& v) { s.sgd.batch = whole<std::uint32_t>(v); }},
    {{"epochs", Kind::Whole, "N", "passes over the training rows"},
     [](const RunSpec& s) -> json { return s.sgd.epochs; },
     [](RunSpec& s, const json& v) { s.sgd.epochs = whole<int>(v); }},
    {{"step", Kind::TextOrNumber, "auto|NUMBER|2^-K",
      "step size on the average gradient of the loss (least squares: of 1/2 (a.x - b)^2); auto: from the "
      "data and "
      "the batch"},
     [](const RunSpec& s) -> json { return s.sgd.step ? json(*s.sgd.step) : json("auto"); },
     [](RunSpec& s, const json& v) { s.sgd.step = parseStep(v.is_string() ? text(v) : v.dump()); }},
    {{"schedule", Kind::Text, "constant|inverse-epoch|inverse-sqrt|halve-every:N|list:F1,F2,...",
      "how the step size changes over epochs"},
     [](const RunSpec& s) -> json { return toString(s.sgd.schedule); },
     [](RunSpec& s, const json& v) { s.sgd.schedule = parseSchedule(text(v)); }},
    {{"order", Kind::Text, "shuffled|file", "seeded shuffle each epoch, or file order"},
     [](const RunSpec& s) { return named(s.sgd.order); },
     [](RunSpec& s, const json& v) { s.sgd.order = parseName<RowOrder>(text(v), "order"); }},
    {{"rounding", Kind::Text, "frozen|epoch", "samples rounded once, or again each epoch"},
     [](const RunSpec& s) { return named(s.sgd.rounding); },
     [](RunSpec& s, const json& v) { s.sgd.rounding = parseName<RoundingTime>(text(v), "rounding"); }},
    {{"average", Kind::Text, "none|tail:F",
      "report the last iterate, or the average over the last share F of steps"},
     [](const RunSpec& s) -> json { return averageToString(s.sgd.tailAverage); },
     [](RunSpec& s, const json& v) { s.sgd.tailAverage = parseAverage(text(v)); }},
    {{"early_stop", Kind::Whole, "N",
      "stop after N epochs without 0.01% improvement of the test loss (the training "
      "loss where there are no test rows); 0: never"},
     [](const RunSpec& s) -> json { return s.sgd.earlyStop; },
     [](RunSpec& s, const json& v) { s.sgd.earlyStop = whole<int>(v); }},
    {{"seed", Kind::Whole, "N", "of all random draws; equal seeds give equal results"},
     [](const RunSpec& s) -> json { return s.seed; },
     [](RunSpec& s, const json& v) { s.seed = whole<std::uint64_t>(v); }},
    {{"threads", Kind::Whole, "N", "0: one a core; never changes the result"},
     [](const RunSpec& s) -> json { return s.threads; },
     [](RunSpec& s, const json& v) { s.threads = whole<int>(v); }},
    {{"device", Kind::Text, "cpu|cpu-scalar|opencl:I|fpga:I", "where the run computes (zipml devices)"},
     [](const RunSpec& s) -> json { return s.device; },
     [](RunSpec& s, const json& v) { s.device = text(v); }},
    {{"bias_draws", Kind::Whole, "N", "Monte-Carlo draws of each epoch's bias measurement; 0: not measured"},
     [](const RunSpec& s) -> json { return s.biasDraws; },
     [](RunSpec& s, const json& v) { s.biasDraws = whole<int>(v); }},
    {{"bias_rows", Kind::Whole, "N", "rows that measurement uses, a seeded choice"},
     [](const RunSpec& s) -> json { return s.biasRows; },
     [](RunSpec& s, const json& v) { s.biasRows = whole<std::uint32_t>(v); }},
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
    throw InputError("'" + std::string(name) + "' is not a setting; see zipml train --help for all of them");
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

RunSpec specFromJson(const json& object, const RunSpec& base) {
    json settings = object;
    if (const auto version = settings.find("version"); version != settings.end()) {
        if (!version->is_number_integer() || version->get<std::int64_t>() > kSpecVersion)
            throw InputError("version: " + version->dump() + " is newer than this program's (" +
                             std::to_string(kSpecVersion) + "); update ZipML Lab");
        settings.erase(version);
    }
    RunSpec spec = base;
    spec_table::apply<RunSpec>(kEntries, spec, settings, "zipml train");
    validate(spec);
    return spec;
}

} // namespace zipml
