#include "core/lab/run_record.h"

#include <nlohmann/json.hpp>

#include <array>

namespace zipml {

template <>
std::span<const Named<RunStatus>> namesOf<RunStatus>() {
    static constexpr Named<RunStatus> table[] = {
        {RunStatus::Completed, "completed", "Done", "All epochs ran."},
        {RunStatus::EarlyStopped, "early-stopped", "Stopped early", "The loss no longer improved."},
        {RunStatus::Stopped, "stopped", "Stopped", "Stopped by hand; complete epochs are kept."},
        {RunStatus::Diverged, "diverged", "Diverged", "The loss grew without bound."},
        {RunStatus::DeviceLost, "device-lost", "Device lost", "The device failed; complete epochs are kept."},
    };
    return table;
}

namespace {

using nlohmann::json;

json orNull(const std::optional<double>& value) {
    return value ? json(*value) : json(nullptr);
}

/// The columns of the CSV file; names as in JSON.
struct Field {
    const char* name;
    json (*get)(const EpochRecord&);
};

constexpr std::array kFields = {
    Field{"epoch", [](const EpochRecord& e) -> json { return e.epoch; }},
    Field{"bits", [](const EpochRecord& e) -> json { return e.bits; }},
    Field{"train_loss", [](const EpochRecord& e) -> json { return e.trainLoss; }},
    Field{"regularizer", [](const EpochRecord& e) -> json { return e.regularizer; }},
    Field{"test_loss", [](const EpochRecord& e) { return orNull(e.testLoss); }},
    Field{"train_accuracy", [](const EpochRecord& e) { return orNull(e.trainAccuracy); }},
    Field{"test_accuracy", [](const EpochRecord& e) { return orNull(e.testAccuracy); }},
    Field{"bias_norm", [](const EpochRecord& e) { return orNull(e.biasNorm); }},
    Field{"bias_standard_error", [](const EpochRecord& e) { return orNull(e.biasStandardError); }},
    Field{"predicted_bias_norm", [](const EpochRecord& e) { return orNull(e.predictedBiasNorm); }},
    Field{"variance", [](const EpochRecord& e) { return orNull(e.variance); }},
    Field{"predicted_variance", [](const EpochRecord& e) { return orNull(e.predictedVariance); }},
    Field{"variance_bound", [](const EpochRecord& e) { return orNull(e.varianceBound); }},
    Field{"distance_to_optimum", [](const EpochRecord& e) { return orNull(e.distanceToOptimum); }},
    Field{"outside_share", [](const EpochRecord& e) { return orNull(e.outsideShare); }},
    Field{"refetch_rate", [](const EpochRecord& e) { return orNull(e.refetchRate); }},
    Field{"step", [](const EpochRecord& e) -> json { return e.step; }},
    Field{"bytes_moved", [](const EpochRecord& e) -> json { return e.bytesMoved; }},
    Field{"sample_bytes_moved", [](const EpochRecord& e) -> json { return e.sampleBytesMoved; }},
    Field{"seconds", [](const EpochRecord& e) -> json { return e.seconds; }},
};

void appendCsvLine(std::string& csv, const EpochRecord& epoch) {
    for (const auto& field : kFields) {
        const json value = field.get(epoch);
        csv += (&field == kFields.data() ? "" : ",") + (value.is_null() ? std::string() : value.dump());
    }
    csv += '\n';
}

json parametersJson(const LinearParameters& parameters) {
    return {{"intercept", parameters.intercept},
            {"weights", std::vector<double>(parameters.weights.begin(), parameters.weights.end())}};
}

} // namespace

json toJson(const EpochRecord& epoch) {
    json object;
    for (const auto& field : kFields)
        object[field.name] = field.get(epoch);
    return object;
}

json toJson(const RunRecord& record) {
    const EpochRecord& last = record.epochs.empty() ? record.initial : record.epochs.back();
    json epochs = json::array();
    for (const auto& epoch : record.epochs)
        epochs.push_back(toJson(epoch));
    const auto& setup = record.setup;
    return {
        {"spec", toJson(record.spec)},
        {"status", nameOf(record.status)},
        {"message", record.message},
        {"loss", std::string(reportedForm(record.spec.loss)) + ", " +
                     (setup.lossNote.empty() ? "on the unquantized data" : setup.lossNote)},
        {"data",
         {{"name", setup.dataName},
          {"task", nameOf(setup.task)},
          {"train_rows", setup.trainRows},
          {"test_rows", setup.testRows},
          {"features", setup.features}}},
        {"step", setup.step},
        {"step_note", setup.stepNote},
        {"notes", setup.notes},
        {"peak_resident_bytes", record.peakResidentBytes},
        {"store",
         {{"bytes", setup.storeBytes},
          {"bits_per_value", setup.bitsPerValue},
          {"kernels", setup.kernels},
          {"codebook_bytes", setup.codebookBytes},
          {"mean_variance", orNull(setup.meanVariance)}}},
        {"optimum",
         {{"train_loss", orNull(setup.optimumLoss)},
          {"regularizer", setup.optimumRegularizer},
          {"note", setup.optimumNote}}},
        {"initial", toJson(record.initial)},
        {"epochs", epochs},
        {"final",
         {{"epoch", last.epoch},
          {"train_loss", last.trainLoss},
          {"regularizer", last.regularizer},
          {"test_loss", orNull(last.testLoss)},
          {"accuracy", orNull(last.testAccuracy ? last.testAccuracy : last.trainAccuracy)},
          {"bias_norm", orNull(last.biasNorm)},
          {"variance", orNull(last.variance)},
          {"distance_to_optimum", orNull(last.distanceToOptimum)},
          {"bytes_moved", last.bytesMoved}}},
        {"model", parametersJson(record.model.parameters)},
    };
}

std::string toCsv(const RunRecord& record) {
    std::string csv;
    for (const auto& field : kFields)
        csv += (&field == kFields.data() ? "" : ",") + std::string(field.name);
    csv += '\n';
    appendCsvLine(csv, record.initial);
    for (const auto& epoch : record.epochs)
        appendCsvLine(csv, epoch);
    return csv;
}

} // namespace zipml
