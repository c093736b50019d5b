#include "core/data/synthetic.h"

#include "core/base/number_text.h"
#include "core/base/page_buffer.h"
#include "core/base/parallel.h"
#include "core/base/random.h"
#include "core/data/memory_limit.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>

namespace zipml {
namespace {

constexpr std::string_view kPrefix = "synthetic:";
constexpr double kNoise = 0.1;
constexpr std::uint32_t kModelRow = 0xFFFFFFFFU; ///< the true model's draws, apart from every sample's
constexpr std::uint32_t kScaleRow = 0xFFFFFFFEU; ///< likewise the columns' scales
constexpr std::uint16_t kTails = 1;              ///< the stream of the factors that make tails heavy
constexpr std::size_t kMostTestRows = 10'000;
constexpr std::size_t kManyValues = 100'000'000;
constexpr std::size_t kValuesAChunk = 16'384;
constexpr std::size_t kChunksAStretch = 64; ///< between two looks at the job

[[noreturn]] void fail(const std::string& source, const std::string& why) {
    throw InputError("data: '" + source + "': " + why +
                     "; write synthetic:FEATURES or synthetic:FEATURESxROWS, then ,heavy-tailed, "
                     ",classes and ,r2=SHARE as wished, then @SEED, such as "
                     "synthetic:100x5000,r2=0.25@7");
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

/// What all rows have in common.
struct Truth {
    std::vector<double> scales; ///< of the columns; empty: all 1 and no heavy tails
    std::vector<double> model;
    double noise = kNoise; ///< deviation
};

Truth truthOf(const SyntheticSource& source) {
    const RandomStream stream(source.seed, Purpose::Synthetic);
    Truth truth;
    truth.model.resize(source.features);
    fillNormals(stream, kModelRow, truth.model);
    double explained = 0; // the variance of a.x
    for (const double weight : truth.model)
        explained += weight * weight;
    if (source.heavyTailed) {
        explained *= std::sqrt(std::numbers::e); // the mean of exp(normal), the square of a value's factor
        truth.scales.resize(source.features);
        fillNormals(stream, kScaleRow, truth.scales);
        for (std::size_t f = 0; f < source.features; ++f) {
            truth.scales[f] = std::exp(truth.scales[f]);
            truth.model[f] /= truth.scales[f];
        }
    }
    if (source.r2)
        truth.noise = std::sqrt(explained * (1 - *source.r2) / *source.r2);
    return truth;
}

/// Draws rows. A thread has its own.
class RowWriter {
  public:
    RowWriter(const SyntheticSource& source, const Truth& truth)
        : truth_(truth), classes_(source.classes), stream_(source.seed, Purpose::Synthetic),
          tailStream_(source.seed, Purpose::Synthetic, 0, kTails), normals_(source.features + 1),
          tails_(truth.scales.size()) {}

    /// @return the label
    float write(std::uint32_t index, std::span<float> row) {
        fillNormals(stream_, index, normals_); // the last one is the label's noise
        if (!tails_.empty())
            fillNormals(tailStream_, index, tails_);
        for (std::size_t f = 0; f < tails_.size(); ++f)
            normals_[f] *= truth_.scales[f] * std::exp(0.5 * tails_[f]);
        double label = truth_.noise * normals_.back();
        for (std::size_t f = 0; f < row.size(); ++f) {
            row[f] = static_cast<float>(normals_[f]);
            label += double{row[f]} * truth_.model[f];
        }
        return !classes_ ? static_cast<float>(label) : label < 0 ? -1.0F : 1.0F;
    }

  private:
    const Truth& truth_;
    bool classes_;
    RandomStream stream_, tailStream_;
    std::vector<double> normals_, tails_;
};

std::string nameOf(const SyntheticSource& source) {
    return "Synthetic " + std::to_string(source.features) + (source.heavyTailed ? ", heavy-tailed" : "") +
           (source.classes ? ", classes" : "") + (source.r2 ? ", r2 " + shortest(*source.r2) : "");
}

/// Rows [first, first + rows) of the source. @param progress share of the whole work that is done before and
/// after
Dataset part(const SyntheticSource& source, const Truth& truth, std::size_t first, std::size_t rows,
             std::pair<double, double> progress, ThreadTeam& team, const Job& job) {
    Dataset data;
    data.name = nameOf(source);
    data.rows = rows;
    data.features = source.features;
    data.values.reserve(rows * data.features);
    adviseHugePages(data.values.data(), rows * data.features * sizeof(float)); // before a page is in use
    data.values.resize(rows * data.features);
    data.labels.resize(rows);
    const std::size_t chunkRows = std::max<std::size_t>(1, kValuesAChunk / data.features);
    const std::size_t stretchRows = chunkRows * kChunksAStretch;
    for (std::size_t begin = 0; begin < rows; begin += stretchRows) {
        job.checkpoint();
        job.report(std::lerp(progress.first, progress.second,
                             static_cast<double>(begin) / static_cast<double>(rows)),
                   "generating data");
        const std::size_t count = std::min(stretchRows, rows - begin);
        team.forEachChunk((count + chunkRows - 1) / chunkRows, [&](std::size_t chunk) {
            RowWriter writer(source, truth);
            const std::size_t end = begin + std::min(count, (chunk + 1) * chunkRows);
            for (std::size_t r = begin + chunk * chunkRows; r < end; ++r)
                data.labels[r] = writer.write(static_cast<std::uint32_t>(first + r), data.row(r));
        });
    }
    return data;
}

void applyOption(std::string_view option, SyntheticSource& parsed, const std::string& source) {
    constexpr std::string_view kR2 = "r2=";
    if (option == "heavy-tailed") {
        parsed.heavyTailed = true;
    } else if (option == "classes") {
        parsed.classes = true;
    } else if (option.starts_with(kR2)) {
        parsed.r2 = parseFinite(option.substr(kR2.size()));
        if (!parsed.r2 || *parsed.r2 <= 0 || *parsed.r2 > 1)
            fail(source, "r2 must be a number above 0 and at most 1");
    } else {
        fail(source, "'" + std::string(option) + "' is no option");
    }
}

} // namespace

std::size_t SyntheticSource::testRows() const {
    const bool bounded = heavyTailed || classes || r2 || rows * features > kManyValues;
    return bounded ? std::min(rows, kMostTestRows) : rows;
}

bool isSynthetic(const std::string& source) {
    return source.starts_with(kPrefix);
}

std::optional<SyntheticSource> parseSynthetic(const std::string& source) {
    if (!isSynthetic(source))
        return std::nullopt;
    SyntheticSource parsed;
    std::string rest = source.substr(kPrefix.size());
    if (const auto at = rest.find('@'); at != std::string::npos) {
        const auto end = std::min(rest.find(',', at), rest.size());
        parsed.seed = parseNumber<std::uint64_t>(rest.substr(at + 1, end - at - 1), source);
        rest.erase(at, end - at);
    }
    std::string size = rest.substr(0, rest.find(','));
    for (auto begin = size.size(); begin < rest.size();) {
        const auto end = std::min(rest.find(',', begin + 1), rest.size());
        applyOption(std::string_view(rest).substr(begin + 1, end - begin - 1), parsed, source);
        begin = end;
    }
    if (const auto by = size.find('x'); by != std::string::npos) {
        parsed.rows = parseNumber<std::size_t>(size.substr(by + 1), source);
        size.resize(by);
    }
    parsed.features = parseNumber<std::size_t>(size, source);
    if (parsed.features < 1 || parsed.features > 100'000)
        fail(source, "features must be 1 to 100,000");
    if (parsed.rows < 10 || parsed.rows > 100'000'000)
        fail(source, "rows must be 10 to 100,000,000");
    return parsed;
}

SyntheticData generate(const SyntheticSource& source, const Job& job, int threads) {
    const std::size_t rows = source.rows + source.testRows();
    requireMemory(nameOf(source), static_cast<double>(rows * (source.features + 1) * sizeof(float)),
                  availableMemoryBytes());
    const Truth truth = truthOf(source);
    ThreadTeam team(threads);
    const double trainShare = static_cast<double>(source.rows) / static_cast<double>(rows);
    Dataset train = part(source, truth, 0, source.rows, {0.0, trainShare}, team, job);
    return {std::move(train),
            part(source, truth, source.rows, source.testRows(), {trainShare, 1.0}, team, job)};
}

} // namespace zipml
