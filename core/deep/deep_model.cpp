#include "core/deep/deep_model.h"

#include "core/base/file.h"
#include "core/base/json_fields.h"
#include "core/base/json_file.h"
#include "core/base/json_text.h"
#include "core/data/source_name.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <thread>

namespace zipml::deep {
namespace {

using nlohmann::json;

// magic, size of the header (8 bytes), header (JSON), floats, checksum of all before (4 bytes); little-endian
static_assert(std::endian::native == std::endian::little);
constexpr std::string_view kMagic = "ZipML network 1\n";

template <class Number>
void append(std::string& bytes, Number number) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <class Number>
Number numberAt(std::string_view bytes, std::size_t at) {
    Number number;
    std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
}

std::uint32_t checksum(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()));
}

json trainingHeader(const Training& training) {
    json epochs = json::array();
    for (const auto& epoch : training.epochs)
        epochs.push_back(toJson(epoch));
    return {{"epochs", epochs},
            {"loss_sum", json_fields::write(training.lossSum)},
            {"images", training.images},
            {"correct", training.correct},
            {"seconds", training.seconds},
            {"quantizer_seconds", training.quantizerSeconds},
            {"evaluated_at", training.evaluatedAt},
            {"fingerprint", training.fingerprint}};
}

Training trainingOf(const JsonPart& header) {
    Training training;
    for (const JsonPart& epoch : header.at("epochs").list())
        training.epochs.push_back(
            readIn("training.epochs", [&] { return deepEpochFromJson(epoch.value()); }));
    readIn("training.loss_sum", [&] { json_fields::read(header.at("loss_sum").value(), training.lossSum); });
    training.images = header.get<decltype(training.images)>("images");
    training.correct = header.get<decltype(training.correct)>("correct");
    training.seconds = header.get<double>("seconds");
    training.quantizerSeconds = header.get<double>("quantizer_seconds");
    training.evaluatedAt = header.get<decltype(training.evaluatedAt)>("evaluated_at");
    training.fingerprint =
        header.get<std::string>("fingerprint", "none"); // of before there were fingerprints
    return training;
}

/// Takes floats one tensor after the other.
class FloatReader {
  public:
    explicit FloatReader(std::string_view bytes) : bytes_(bytes) {}
    std::vector<float> take(std::size_t count) {
        if (bytes_.size() / sizeof(float) < count)
            throw InputError("has fewer numbers than its network");
        std::vector<float> values(count);
        std::memcpy(values.data(), bytes_.data(), count * sizeof(float));
        if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); }))
            throw InputError(
                "has a weight that is no finite number; use another copy, or train again with a smaller "
                "learning rate");
        bytes_.remove_prefix(count * sizeof(float));
        return values;
    }
    [[nodiscard]] bool atEnd() const { return bytes_.empty(); }

  private:
    std::string_view bytes_;
};

Checkpoint parse(const JsonPart& header, std::string_view floats) {
    Checkpoint checkpoint;
    Model& model = checkpoint.model;
    model.spec = readIn("spec", [&] { return deepSpecFromJson(header.at("spec").value()); });
    const auto shape = header.get<std::vector<int>>("input");
    if (shape.size() != 3)
        header.at("input").fail("are not three sizes");
    model.input = {shape[0], shape[1], shape[2]};
    model.classes = header.get<std::vector<std::string>>("classes");
    model.data = header.get<std::string>("data");
    model.iteration = header.get<int>("iteration");
    model.levels = header.get<decltype(model.levels)>("levels");
    for (const auto& sets : model.levels)
        for (const auto& levels : sets)
            if (!std::ranges::all_of(levels, [](double level) { return std::isfinite(level); }))
                throw InputError("has a level that is no finite number; use another copy, or train again");
    const Network network = networkOf(model);
    FloatReader reader(floats);
    model.mean = reader.take(network.input.size());
    for (const auto& parameter : network.parameters)
        model.parameters.push_back(reader.take(parameter.size()));
    for (const auto& buffer : network.buffers)
        model.buffers.push_back(reader.take(buffer.size));
    if (!header.at("training").value().is_null()) {
        checkpoint.training = trainingOf(header.at("training"));
        for (const auto& parameter : network.parameters)
            checkpoint.training->velocities.push_back(reader.take(parameter.size()));
    }
    if (!reader.atEnd())
        throw InputError("has more numbers than its network");
    quantizersOf(model); // levels that do not fit are found out here
    return checkpoint;
}

} // namespace

Network networkOf(const Model& model) {
    return makeNetwork(model.spec.network, model.input, static_cast<int>(model.classes.size()));
}

DeepSetup setupOf(const Model& model) {
    const Network network = networkOf(model);
    DeepSetup setup;
    setup.data = model.data;
    setup.classes = model.classes;
    setup.input = network.input;
    setup.solver = solverOf(model.spec, network);
    setup.parameters = network.parameterCount();
    setup.floatBytes = network.parameterCount() * sizeof(float);
    setup.storedBytes = storedBytes(model.spec, network);
    setup.threads =
        model.spec.threads > 0 ? model.spec.threads : static_cast<int>(std::thread::hardware_concurrency());
    setup.resumedAt = model.iteration;
    return setup;
}

std::vector<std::unique_ptr<LayerQuantizer>> makeQuantizers(const DeepSpec& spec, const Network& network) {
    std::vector<std::unique_ptr<LayerQuantizer>> quantizers(network.parameters.size());
    if (spec.weights == WeightMethod::Full)
        return quantizers;
    std::vector<std::size_t> weights;
    for (std::size_t i = 0; i < network.parameters.size(); ++i)
        if (network.parameters[i].role == Role::Weight)
            weights.push_back(i);
    for (const std::size_t i : weights) {
        const bool left =
            (i == weights.front() && !spec.firstLayer) || (i == weights.back() && !spec.lastLayer);
        if (!left)
            quantizers[i] = std::make_unique<LayerQuantizer>(spec.weights, spec.levels, spec.scope,
                                                             network.parameters[i]);
    }
    return quantizers;
}

std::vector<std::unique_ptr<LayerQuantizer>> quantizersOf(const Model& model) {
    auto quantizers = makeQuantizers(model.spec, networkOf(model));
    if (model.levels.size() != quantizers.size())
        throw InputError("its levels do not fit its network");
    for (std::size_t i = 0; i < quantizers.size(); ++i) {
        if ((quantizers[i] ? quantizers[i]->sets() : 0) != model.levels[i].size())
            throw InputError("its levels do not fit its network");
        if (quantizers[i])
            quantizers[i]->restore(model.levels[i]);
    }
    return quantizers;
}

std::uint64_t storedBytes(const DeepSpec& spec, const Network& network) {
    const auto quantizers = makeQuantizers(spec, network);
    const auto levels = static_cast<std::uint64_t>(spec.levels);
    const auto bits = static_cast<std::uint64_t>(std::bit_width(levels - 1));
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < quantizers.size(); ++i) {
        const std::uint64_t size = network.parameters[i].size();
        bytes += quantizers[i] ? (size * bits + 7) / 8 + quantizers[i]->sets() * levels * sizeof(float)
                               : size * sizeof(float);
    }
    return bytes;
}

void writeCheckpoint(const Checkpoint& checkpoint, const std::filesystem::path& file) {
    const Model& model = checkpoint.model;
    const json spec = toJson(model.spec);
    const json header{{"spec", checkpoint.training ? spec : withNamesOnly(spec)}, // a checkpoint stays here
                      {"input", {model.input.channels, model.input.height, model.input.width}},
                      {"classes", model.classes},
                      {"data", model.data},
                      {"iteration", model.iteration},
                      {"levels", model.levels},
                      {"training", checkpoint.training ? trainingHeader(*checkpoint.training) : json()}};
    const std::string text = jsonText(header);
    std::string bytes(kMagic);
    append(bytes, static_cast<std::uint64_t>(text.size()));
    bytes += text;
    const auto add = [&](const std::vector<float>& values) {
        bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
    };
    add(model.mean);
    for (const auto& values : model.parameters)
        add(values);
    for (const auto& values : model.buffers)
        add(values);
    if (checkpoint.training)
        for (const auto& values : checkpoint.training->velocities)
            add(values);
    append(bytes, checksum(bytes));
    writeFileAtomically(file, bytes);
}

Checkpoint readCheckpoint(const std::filesystem::path& file) {
    const std::string bytes = readFile(file);
    const auto fail = [&](const std::string& what) -> void { throw InputError(file.string() + ": " + what); };
    if (!bytes.starts_with(kMagic))
        fail("is no network that this version of zipml deep train wrote (--model, --checkpoint)");
    const std::size_t head = kMagic.size() + sizeof(std::uint64_t);
    constexpr std::size_t kSum = sizeof(std::uint32_t);
    const std::string_view all(bytes);
    if (bytes.size() < head + kSum ||
        checksum(all.substr(0, bytes.size() - kSum)) != numberAt<std::uint32_t>(all, bytes.size() - kSum))
        fail("is damaged or cut short: its checksum is wrong; use another copy, or train again");
    const auto size = numberAt<std::uint64_t>(all, kMagic.size());
    if (size > bytes.size() - head - kSum)
        fail("is damaged: its head is longer than the file");
    try {
        const json header = parseJson(all.substr(head, size), "its head", "train again");
        return parse(JsonPart(header), all.substr(head + size, bytes.size() - head - size - kSum));
    } catch (const InputError& error) {
        fail(error.what());
    }
    throw std::logic_error("unreachable");
}

} // namespace zipml::deep
