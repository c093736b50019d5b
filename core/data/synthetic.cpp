#include "core/data/synthetic.h"

#include "core/base/random.h"

#include <charconv>

namespace zipml {
namespace {

constexpr std::string_view kPrefix = "synthetic:";
constexpr double kNoise = 0.1;
constexpr std::uint32_t kModelRow = 0xFFFFFFFFU; ///< the true model's draws, apart from every sample's

[[noreturn]] void fail(const std::string& source, const std::string& why) {
    throw InputError(
        "data: '" + source + "': " + why +
        "; write synthetic:FEATURES, synthetic:FEATURESxROWS or either with @SEED behind, such as "
        "synthetic:100x5000@7");
}

template <class Number>
Number parseNumber(std::string_view text, const std::string& source) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        fail(source, "'" + std::string(text) + "' is not a whole number");
    return number;
}

/// Normals of a row, one a column, `count` of them.
void fillNormals(const RandomStream& stream, std::uint32_t row, std::span<double> out) {
    for (std::size_t begin = 0; begin < out.size(); begin += 4) {
        const auto normals = stream.normals(row, static_cast<std::uint32_t>(begin / 4));
        for (std::size_t i = begin; i < std::min(begin + 4, out.size()); ++i)
            out[i] = normals[i - begin];
    }
}

Dataset part(const SyntheticSource& source, std::span<const double> model, std::size_t firstRow,
             double progress, const Job& job) {
    const RandomStream stream(source.seed, Purpose::Synthetic);
    Dataset data;
    data.name = "Synthetic " + std::to_string(source.features);
    data.rows = source.rows;
    data.features = source.features;
    data.values.resize(data.rows * data.features);
    data.labels.resize(data.rows);
    std::vector<double> normals(data.features + 1); // the last one is the label's noise
    for (std::size_t r = 0; r < data.rows; ++r) {
        if (r % 1024 == 0) {
            job.checkpoint();
            job.report(progress + 0.5 * static_cast<double>(r) / static_cast<double>(data.rows),
                       "generating data");
        }
        fillNormals(stream, static_cast<std::uint32_t>(firstRow + r), normals);
        double label = kNoise * normals.back();
        const auto row = data.row(r);
        for (std::size_t f = 0; f < data.features; ++f) {
            row[f] = static_cast<float>(normals[f]);
            label += double{row[f]} * model[f];
        }
        data.labels[r] = static_cast<float>(label);
    }
    return data;
}

} // namespace

std::optional<SyntheticSource> parseSynthetic(const std::string& source) {
    if (!source.starts_with(kPrefix))
        return std::nullopt;
    SyntheticSource parsed;
    std::string_view rest = std::string_view(source).substr(kPrefix.size());
    if (const auto at = rest.find('@'); at != std::string_view::npos) {
        parsed.seed = parseNumber<std::uint64_t>(rest.substr(at + 1), source);
        rest = rest.substr(0, at);
    }
    if (const auto by = rest.find('x'); by != std::string_view::npos) {
        parsed.rows = parseNumber<std::size_t>(rest.substr(by + 1), source);
        rest = rest.substr(0, by);
    }
    parsed.features = parseNumber<std::size_t>(rest, source);
    if (parsed.features < 1 || parsed.features > 100'000)
        fail(source, "features must be 1 to 100,000");
    if (parsed.rows < 10 || parsed.rows > 100'000'000)
        fail(source, "rows must be 10 to 100,000,000");
    return parsed;
}

SyntheticData generate(const SyntheticSource& source, const Job& job) {
    std::vector<double> model(source.features);
    fillNormals(RandomStream(source.seed, Purpose::Synthetic), kModelRow, model);
    return {part(source, model, 0, 0.0, job), part(source, model, source.rows, 0.5, job)};
}

} // namespace zipml
