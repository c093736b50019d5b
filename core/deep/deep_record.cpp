#include "core/deep/deep_record.h"

#include "core/base/json_fields.h"
#include "core/base/number_text.h"
#include "core/data/source_name.h"

namespace zipml::deep {
namespace {

using nlohmann::json;

/// Also the columns of the CSV file.
const JsonField<DeepEpoch> kFields[] = {
    {"iteration", &DeepEpoch::iteration},
    {"epoch", &DeepEpoch::epoch},
    {"learning_rate", &DeepEpoch::learningRate},
    {"train_loss", &DeepEpoch::trainLoss},
    {"train_accuracy", &DeepEpoch::trainAccuracy},
    {"test_loss", &DeepEpoch::testLoss},
    {"test_accuracy", &DeepEpoch::testAccuracy},
    {"quantization_error", &DeepEpoch::quantizationError},
    {"seconds", &DeepEpoch::seconds},
    {"quantizer_seconds", &DeepEpoch::quantizerSeconds},
    {"images_per_second", &DeepEpoch::imagesPerSecond},
};

json describe(const DeepSetup& setup) {
    return {{"data", setup.data},
            {"fingerprint", setup.fingerprint},
            {"classes", setup.classes},
            {"train_images", setup.trainImages},
            {"test_images", setup.testImages},
            {"input", {setup.input.channels, setup.input.height, setup.input.width}},
            {"iterations", setup.solver.iterations},
            {"batch", setup.solver.batch},
            {"learning_rate", setup.solver.learningRate},
            {"momentum", setup.solver.momentum},
            {"weight_decay", setup.solver.weightDecay},
            {"drops", setup.solver.drops},
            {"parameters", setup.parameters},
            {"float_bytes", setup.floatBytes},
            {"stored_bytes", setup.storedBytes},
            {"threads", setup.threads},
            {"resumed_at", setup.resumedAt}};
}

json describe(const DeepRecord& record) {
    if (!record.final)
        return nullptr;
    const auto& final = *record.final;
    const std::size_t classes = record.setup.classes.size();
    json rows = json::array();
    for (std::size_t label = 0; label < classes; ++label)
        rows.push_back(
            std::vector(final.confusion.begin() + static_cast<std::ptrdiff_t>(label * classes),
                        final.confusion.begin() + static_cast<std::ptrdiff_t>((label + 1) * classes)));
    return {{"train_loss", final.train.loss},
            {"train_accuracy", final.train.accuracy},
            {"test_loss", final.test.loss},
            {"test_accuracy", final.test.accuracy},
            {"confusion", rows}};
}

} // namespace

json toJson(const DeepEpoch& epoch) {
    json object = json::object();
    for (const auto& field : kFields)
        object[field.name] = getField(epoch, field);
    return object;
}

DeepEpoch deepEpochFromJson(const json& object) {
    DeepEpoch epoch;
    setFields(epoch, kFields, object);
    return epoch;
}

json toJson(const DeepRecord& record) {
    json epochs = json::array();
    for (const auto& epoch : record.epochs)
        epochs.push_back(toJson(epoch));
    return {{"spec", withNamesOnly(toJson(record.spec))},
            {"setup", describe(record.setup)},
            {"status", nameOf(record.status)},
            {"message", record.message},
            {"notes", record.notes},
            {"epochs", epochs},
            {"final", describe(record)}};
}

std::string toCsv(const DeepRecord& record) {
    std::string text;
    for (const auto& field : kFields)
        text.append(text.empty() ? "" : ",").append(field.name);
    text += '\n';
    for (const auto& epoch : record.epochs) {
        std::string line;
        for (const auto& field : kFields) {
            const json value = getField(epoch, field);
            line.append(line.empty() ? "" : ",")
                .append(value.is_string() ? value.get<std::string>() : value.dump());
        }
        text += line + '\n';
    }
    return text;
}

std::vector<std::uint32_t> confusionOf(std::span<const std::uint8_t> labels,
                                       std::span<const std::uint8_t> predicted, std::size_t classes) {
    std::vector<std::uint32_t> counts(classes * classes);
    for (std::size_t i = 0; i < labels.size(); ++i)
        ++counts[labels[i] * classes + predicted[i]];
    return counts;
}

} // namespace zipml::deep
