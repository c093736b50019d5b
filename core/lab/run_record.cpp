#include "core/lab/run_record.h"

#include "core/base/error.h"
#include "core/base/json_fields.h"
#include "core/data/source_name.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace zipml {

namespace {

using nlohmann::json;

json orNull(const std::optional<double>& value) {
    return value ? json(*value) : json(nullptr);
}

/// The columns of the CSV file; names as in JSON.
constexpr JsonField<EpochRecord> kFields[] = {
    {"epoch", &EpochRecord::epoch},
    {"bits", &EpochRecord::bits},
    {"train_loss", &EpochRecord::trainLoss},
    {"regularizer", &EpochRecord::regularizer},
    {"objective", &EpochRecord::objective},
    {"test_loss", &EpochRecord::testLoss},
    {"train_accuracy", &EpochRecord::trainAccuracy},
    {"test_accuracy", &EpochRecord::testAccuracy},
    {"bias_norm", &EpochRecord::biasNorm},
    {"bias_standard_error", &EpochRecord::biasStandardError},
    {"predicted_bias_norm", &EpochRecord::predictedBiasNorm},
    {"variance", &EpochRecord::variance},
    {"predicted_variance", &EpochRecord::predictedVariance},
    {"variance_bound", &EpochRecord::varianceBound},
    {"distance_to_optimum", &EpochRecord::distanceToOptimum},
    {"outside_share", &EpochRecord::outsideShare},
    {"refetch_rate", &EpochRecord::refetchRate},
    {"step", &EpochRecord::step},
    {"bytes_moved", &EpochRecord::bytesMoved},
    {"sample_bytes_moved", &EpochRecord::sampleBytesMoved},
    {"seconds", &EpochRecord::seconds},
};

/// Columns like those, which records and sessions of earlier versions do not have.
constexpr JsonField<EpochRecord> kLaterFields[] = {
    {"train_loss_standard_error", &EpochRecord::trainLossStandardError},
};

/// Calls `visit` with each column.
template <class Visit>
void forEachField(Visit&& visit) {
    std::ranges::for_each(kFields, visit);
    std::ranges::for_each(kLaterFields, visit);
}

/// Seven numbers each, beside the columns.
constexpr std::pair<const char*, std::optional<Quantiles> EpochRecord::*> kSpreads[] = {
    {"model_quantiles", &EpochRecord::modelQuantiles},
    {"gradient_quantiles", &EpochRecord::gradientQuantiles},
};

void addSpreads(json& object, const EpochRecord& epoch) {
    for (const auto& [name, field] : kSpreads)
        if (epoch.*field)
            object[name] = *(epoch.*field);
}

/// Integers and fixed point, and what runs row by row in float64, have one order of sums; float32 vectors have that
/// of their instruction set or device.
const char* bitEqualOn(const std::string& kernels) {
    return kernels.find("float32") == std::string::npos ? "every instruction set" : "the same kernels";
}

/// Plain JSON for other programs: what is no finite number is null.
json plainField(const EpochRecord& epoch, const JsonField<EpochRecord>& field) {
    json value = getField(epoch, field);
    return value.is_string() ? json() : value;
}

void appendCsvLine(std::string& csv, const EpochRecord& epoch) {
    forEachField([&](const JsonField<EpochRecord>& field) {
        const json value = plainField(epoch, field);
        csv += (&field == kFields ? "" : ",") + (value.is_null() ? std::string() : value.dump());
    });
    csv += '\n';
}

json parametersJson(const LinearParameters& parameters) {
    return {{"intercept", parameters.intercept},
            {"weights", std::vector<double>(parameters.weights.begin(), parameters.weights.end())}};
}

json readAs(const RunRecord& record) {
    const json spec = withNamesOnly(toJson(specAsFound(record)));
    json found;
    for (const std::string& key : loadKeys())
        found[key] = spec[key];
    return found;
}

/// What training took, and what looking at it took apart from that.
json timesOf(const RunRecord& record) {
    double training = 0, measuring = record.initial.measuringSeconds;
    for (const EpochRecord& epoch : record.epochs) {
        training += epoch.seconds;
        measuring += epoch.measuringSeconds;
    }
    return {{"training_seconds", training},
            {"measuring_seconds", measuring},
            {"solving_seconds", record.setup.solvingSeconds}};
}

json classesOf(const LinearModel& model) {
    json classes = json::array();
    for (std::size_t c = 0; c < model.classLabels.size(); ++c)
        classes.push_back(model.labelJson(c));
    return classes;
}

json classesJson(const LinearModel& model) {
    json classes = json::array();
    for (std::size_t c = 0; c < model.perClass.size(); ++c) {
        classes.push_back(parametersJson(model.perClass[c]));
        classes.back()["label"] = model.labelJson(c);
    }
    return {{"classes", classes}};
}

} // namespace

RunSpec asDone(const RunSpec& spec, std::span<const EpochRecord> epochs) {
    struct Reading {
        EstimatorKind estimator;
        int bits;
        GridSpec grid;
        bool operator==(const Reading&) const = default;
    };
    RunSpec done = spec;
    RunSpec planned = switched(spec, {}); // as it is without a person
    for (const EpochRecord& epoch : epochs) {
        auto change = std::ranges::lower_bound(done.at, epoch.epoch, {}, &RunSwitch::epoch);
        const bool isPlanned = change != done.at.end() && change->epoch == epoch.epoch;
        if (isPlanned)
            planned = switched(planned, *change);
        const Reading wanted{planned.estimator, planned.bits, planned.grid};
        const Reading was{epoch.estimator.value_or(spec.estimator),
                          epoch.bits == VectorQuantizer::kOff ? planned.bits : epoch.bits,
                          epoch.grid.value_or(spec.grid)};
        if (was == wanted)
            continue;
        if (!isPlanned)
            change = done.at.insert(change, RunSwitch{epoch.epoch, {}, {}, {}});
        if (was.estimator != wanted.estimator)
            change->estimator = was.estimator;
        if (was.bits != wanted.bits)
            change->bits = was.bits;
        if (was.grid != wanted.grid)
            change->grid = was.grid;
        planned = switched(planned, {epoch.epoch, was.bits, was.estimator, was.grid});
    }
    return done;
}

json toJson(const EpochRecord& epoch) {
    json object;
    forEachField([&](const JsonField<EpochRecord>& field) { object[field.name] = plainField(epoch, field); });
    if (epoch.estimator)
        object["estimator"] = nameOf(*epoch.estimator);
    if (epoch.grid)
        object["grid"] = toString(*epoch.grid);
    addSpreads(object, epoch);
    return object;
}

json exactJson(const EpochRecord& epoch) {
    json object;
    forEachField([&](const JsonField<EpochRecord>& field) { object[field.name] = getField(epoch, field); });
    object["estimator"] = epoch.estimator ? json(nameOf(*epoch.estimator)) : json();
    object["grid"] = epoch.grid ? json(toString(*epoch.grid)) : json();
    object["within"] = epoch.within;
    object["measuring_seconds"] = epoch.measuringSeconds;
    addSpreads(object, epoch);
    return object;
}

EpochRecord epochFromJson(const json& object) {
    EpochRecord epoch;
    setFields(epoch, kFields, object);
    if (object.contains(kLaterFields[0].name))
        setFields(epoch, kLaterFields, object);
    if (const json name = object.value("estimator", json()); !name.is_null()) {
        if (!name.is_string())
            throw InputError("estimator: " + name.dump() + " is not a text");
        epoch.estimator = parseName<EstimatorKind>(name.get<std::string>(), "estimator");
    }
    if (const json text = object.value("grid", json()); !text.is_null()) {
        if (!text.is_string())
            throw InputError("grid: " + text.dump() + " is not a text");
        epoch.grid = parseGrid(text.get<std::string>());
    }
    if (object.contains("within")) // not in sessions of version 0.9
        json_fields::read(object["within"], epoch.within);
    if (object.contains("measuring_seconds")) // not in sessions of version 0.1
        json_fields::read(object["measuring_seconds"], epoch.measuringSeconds);
    for (const auto& [name, field] : kSpreads)
        if (object.contains(name)) {
            const auto& values = object.at(name);
            const bool numbers = values.is_array() && values.size() == kQuantileShares.size() &&
                                 std::ranges::all_of(values, [](const json& v) { return v.is_number(); });
            if (!numbers)
                throw InputError("'" + std::string(name) + "' is not a list of 7 numbers");
            epoch.*field = values.get<Quantiles>();
        }
    return epoch;
}

RunSpec specAsFound(const RunRecord& record) {
    RunSpec spec = record.spec;
    spec.data.load = record.setup.load;
    return spec;
}

json toJson(const RunRecord& record) {
    const EpochRecord& last = record.epochs.empty() ? record.initial : record.epochs.back();
    json epochs = json::array();
    for (const auto& epoch : record.epochs)
        epochs.push_back(toJson(epoch));
    const auto& setup = record.setup;
    return {
        {"spec", withNamesOnly(toJson(specAsFound(record)))},
        {"status", nameOf(record.status)},
        {"message", record.message},
        {"loss", std::string(reportedForm(record.spec.loss)) + ", " +
                     (setup.lossNote.empty() ? "on the unquantized data" : setup.lossNote)},
        {"data",
         {{"name", setup.dataName},
          {"task", nameOf(setup.task)},
          {"train_rows", setup.trainRows},
          {"test_rows", setup.testRows},
          {"features", setup.features},
          {"label_why", setup.labelWhy},
          {"read_as", readAs(record)},
          {"classes", classesOf(record.model)},
          {"layout", record.model.schema ? toJson(*record.model.schema) : json()},
          {"warnings", setup.warnings}}},
        {"step", setup.step},
        {"step_note", setup.stepNote},
        {"contraction", orNull(setup.contraction)},
        {"bias_rows", setup.biasRows},
        {"notes", setup.notes},
        {"peak_resident_bytes", record.peakResidentBytes},
        {"time", timesOf(record)},
        {"store",
         {{"bytes", setup.storeBytes},
          {"bits_per_value", setup.bitsPerValue},
          {"kernels", setup.kernels},
          {"bit_equal_on", bitEqualOn(setup.kernels)},
          {"arithmetic", setup.arithmetic},
          {"arithmetic_why", setup.arithmeticWhy},
          {"codebook_bytes", setup.codebookBytes},
          {"mean_variance", orNull(setup.meanVariance)},
          {"mean_variance_before_snapping", orNull(setup.exactMeanVariance)},
          {"levels", setup.levels},
          {"levels_used", setup.levelsUsed},
          {"fewest_levels_used", setup.fewestLevels}}},
        {"optimum",
         {{"train_loss", orNull(setup.optimumLoss)},
          {"regularizer", setup.optimumRegularizer},
          {"objective", orNull(setup.minimum())},
          {"certificate", orNull(setup.optimumCertificate)},
          {"note", setup.optimumNote}}},
        {"initial", toJson(record.initial)},
        {"epochs", epochs},
        {"final",
         {{"epoch", last.epoch},
          {"train_loss", last.trainLoss},
          {"train_loss_standard_error", orNull(last.trainLossStandardError)},
          {"regularizer", last.regularizer},
          {"objective", last.minimised()},
          {"test_loss", orNull(last.testLoss)},
          {"accuracy", orNull(last.testAccuracy ? last.testAccuracy : last.trainAccuracy)},
          {"bias_norm", orNull(last.biasNorm)},
          {"variance", orNull(last.variance)},
          {"distance_to_optimum", orNull(last.distanceToOptimum)},
          {"bytes_moved", last.bytesMoved}}},
        {"model",
         record.model.perClass.empty() ? parametersJson(record.model.parameters) : classesJson(record.model)},
        {"confusion", {{"rows", setup.testRows > 0 ? "test" : "training"}, {"counts", record.confusion}}},
    };
}

std::string toCsv(const RunRecord& record) {
    std::string csv;
    forEachField([&](const JsonField<EpochRecord>& field) {
        csv += (&field == kFields ? "" : ",") + std::string(field.name);
    });
    csv += '\n';
    appendCsvLine(csv, record.initial);
    for (const auto& epoch : record.epochs)
        appendCsvLine(csv, epoch);
    return csv;
}

} // namespace zipml
