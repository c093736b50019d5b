#include "core/lab/prepare.h"

#include "core/base/await_file.h"
#include "core/base/json_text.h"
#include "core/data/deal.h"
#include "core/data/row_weights.h"
#include "core/data/source_files.h"
#include "core/data/split.h"
#include "core/data/synthetic.h"
#include "core/data/task.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace zipml {
namespace {

/// The rows as they come, before any scaling.
struct RawData {
    Dataset train, test;
};

/// How a training file's rows are read, as far as the spec decides.
LoadContext contextOf(const RunSpec& spec) {
    LoadContext context;
    context.offsets = allowsOffsets(spec.data.scaling, spec.intercept);
    context.threads = spec.threads;
    return context;
}

/// @param what "training", "test"
void repeatRows(Dataset& data, const char* what, std::vector<std::string>& notes) {
    if (data.weights.empty())
        return;
    const std::size_t rows = data.rows;
    repeatByWeight(data);
    notes.push_back(std::string(what) + " rows are repeated by their weights: " + std::to_string(rows) +
                    " become " + std::to_string(data.rows));
}

std::string labelNameOf(const Schema* schema) {
    const auto label = schema == nullptr ? std::nullopt : schema->columnOf(ColumnRole::Label);
    return label && schema->named ? " ('" + schema->columns[*label].name + "')" : std::string();
}

Dataset loadTest(const RunSpec& spec, const FoundInTraining& found, std::vector<std::string>& notes,
                 const Job& job) {
    LoadContext context = contextOf(spec);
    context.training = found.schema;
    Schema generated; // of numbers without names
    if (found.schema == nullptr) {
        generated.sparse = true;
        generated.width = found.features;
        context.training = &generated;
    }
    LoadedData test = loadData(spec.data.test, found.load, context, job);
    if (!test.hasLabels)
        throw InputError(spec.data.test + ": has no label" + labelNameOf(found.schema) +
                         "; a test file has the training file's columns, the label's too");
    for (const auto& note : test.notes)
        notes.push_back("test file: " + note);
    repeatRows(test.data, "test", notes);
    return std::move(test.data);
}

/// Labels that a share of the rows lacks are the share's fault, not the file's.
Dataset splitOff(const RunSpec& spec, Dataset& data) {
    const std::size_t rows = data.rows;
    const auto all = distinctLabels(data);
    Dataset test = splitOffTest(data, spec.data.split, spec.seed);
    const auto left = distinctLabels(data);
    const bool texts = data.schema != nullptr && !data.schema->classNames().empty();
    const bool classes = texts || spec.data.task == Task::Classification || needsTwoClasses(spec.loss);
    if ((left.size() < 2 && all.size() >= 2) || (classes && left.size() < all.size()))
        throw InputError("split: " + nlohmann::json(spec.data.split).dump() + " leaves " +
                         std::to_string(data.rows) + " of the " + std::to_string(rows) + " rows of " +
                         data.name + " for training, with " + std::to_string(left.size()) + " of its " +
                         std::to_string(all.size()) + " different labels; use a larger share");
    return test;
}

RawData loadRaw(const RunSpec& spec, PreparedData& prepared, const Job& job) {
    RawData raw;
    prepared.load = spec.data.load;
    if (const auto synthetic = parseSynthetic(spec.data.source)) {
        auto generated = generate(*synthetic, job, spec.threads);
        raw.train = std::move(generated.train);
        raw.test = std::move(generated.test);
    } else {
        LoadedData loaded =
            loadData(spec.data.source, spec.data.load, contextOf(spec), partOf(job, 0.0, 0.6));
        if (!loaded.hasLabels)
            throw InputError(spec.data.source + ": has no label to learn; choose one with --label-column");
        prepared.load = std::move(loaded.options);
        prepared.labelWhy = std::move(loaded.labelWhy);
        prepared.notes = std::move(loaded.notes);
        prepared.warnings = std::move(loaded.warnings);
        raw.train = std::move(loaded.data);
        if (spec.data.split < 1.0)
            raw.test = splitOff(spec, raw.train);
        repeatRows(raw.train, "training", prepared.notes);
        repeatRows(raw.test, "test", prepared.notes);
    }
    if (!spec.data.test.empty()) {
        const FoundInTraining found{raw.train.schema.get(), prepared.load,    prepared.classLabels,
                                    prepared.imputation,    prepared.scaling, raw.train.features};
        raw.test = loadTest(spec, found, prepared.notes, partOf(job, 0.6, 0.8));
    }
    return raw;
}

void takeClasses(RawData& raw, PreparedData& prepared) {
    if (prepared.classLabels.empty()) // else they are known
        for (const double label : distinctLabels(raw.train))
            prepared.classLabels.push_back(label + raw.train.labelOffset());
    if (raw.train.schema != nullptr) {
        const auto all = raw.train.schema->classNames();
        for (const double label : all.empty() ? std::vector<double>{} : prepared.classLabels)
            prepared.classNames.push_back(all[static_cast<std::size_t>(label)]);
    }
    mapLabels(raw.train, prepared.classLabels);
    mapLabels(raw.test, prepared.classLabels);
    if (const std::string note = absentClassNote(raw.test, prepared.classLabels, prepared.classNames);
        !note.empty())
        prepared.notes.push_back(note);
}

void scaleLabels(const RunSpec& spec, RawData& raw, PreparedData& prepared) {
    if (spec.data.labelScaling == LabelScalingKind::None)
        return;
    prepared.labelScaling = fitLabelScaling(raw.train.labels, spec.data.labelScaling);
    prepared.labelScaling.apply(raw.train.labels);
    prepared.labelScaling.apply(raw.test.labels);
    char text[128];
    std::snprintf(text, sizeof text, "losses are on scaled labels, (label - %.6g) * %.6g",
                  prepared.labelScaling.offset + raw.train.labelOffset(), prepared.labelScaling.factor);
    prepared.notes.emplace_back(text);
}

/// Puts the rows into their random order.
void dealRows(Dataset& data) {
    const auto order = dealtOrder(data.rows);
    std::vector<bool> placed(data.rows, false);
    std::vector<float> kept(data.features);
    for (std::size_t start = 0; start < data.rows; ++start) { // along the permutation's cycles, in place
        if (placed[start])
            continue;
        std::ranges::copy(data.row(start), kept.begin());
        const float keptLabel = data.labels[start];
        std::size_t to = start;
        for (std::size_t from = order[to]; from != start; to = from, from = order[from]) {
            std::ranges::copy(data.row(from), data.row(to).begin());
            data.labels[to] = data.labels[from];
            placed[to] = true;
        }
        std::ranges::copy(kept, data.row(to).begin());
        data.labels[to] = keptLabel;
        placed[to] = true;
    }
}

Task taskOf(const RunSpec& spec, const Dataset& train) {
    const bool classes = !spec.data.task && needsTwoClasses(spec.loss);
    return detectTask(train, classes ? Task::Classification : spec.data.task);
}

/// Makes of labels what the task wants.
void prepareLabels(const RunSpec& spec, RawData& raw, PreparedData& prepared) {
    if (prepared.task == Task::Classification && spec.data.labelScaling != LabelScalingKind::None)
        throw InputError("label_scaling: the labels of " + raw.train.name +
                         " are classes, which become -1 and +1; use none, or task regression");
    if (prepared.task == Task::Classification) {
        takeClasses(raw, prepared);
    } else {
        scaleLabels(spec, raw, prepared);
    }
}

/// @throws InputError where parts of it differ in length
void requireShape(const GivenRows& given) {
    if (given.features == 0 || given.values.size() != given.rows * given.features ||
        given.labels.size() != given.rows)
        throw InputError(given.name + ": " + std::to_string(given.values.size()) + " values and " +
                         std::to_string(given.labels.size()) + " labels are not those of " +
                         std::to_string(given.rows) + " rows of " + std::to_string(given.features) +
                         " features; give features values and one label a row");
    if (given.scaling != nullptr && given.scaling->offset.size() != given.features)
        throw InputError(given.name + ": has " + std::to_string(given.features) +
                         " features and the model has " + std::to_string(given.scaling->offset.size()) +
                         "; go on with rows of the features that it began with");
}

/// @throws InputError naming the first value that is not finite
void requireFinite(const GivenRows& given) {
    const auto fail = [&](std::size_t row, const std::string& what) {
        throw InputError(given.name + ": row " + std::to_string(row + 1) + ": " + what +
                         " is not a finite number; leave such rows out, or fill in what is missing");
    };
    const float* values = given.values.data();
    for (std::size_t row = 0; row < given.rows; ++row, values += given.features) {
        constexpr std::uint32_t kInfinity = 0x7F800000, kNoSign = 0x7FFFFFFF;
        std::uint32_t most = 0; // of the values' bits: whole numbers have a vector's maximum
        for (std::size_t f = 0; f < given.features; ++f)
            most = std::max(most, std::bit_cast<std::uint32_t>(values[f]) & kNoSign);
        if (most < kInfinity)
            continue;
        for (std::size_t f = 0; f < given.features; ++f)
            if (!std::isfinite(values[f]))
                fail(row, "feature " + std::to_string(f + 1));
    }
    for (std::size_t row = 0; row < given.rows; ++row)
        if (!std::isfinite(given.labels[row]))
            fail(row, "the label");
}

/// Everything prepareData depends on.
std::string keyOf(const RunSpec& spec, const Job& job) {
    RunSpec dataOnly;
    dataOnly.data = spec.data;
    dataOnly.intercept = spec.intercept;
    dataOnly.loss = spec.loss;
    dataOnly.classWeights = spec.classWeights;
    dataOnly.regularizer = spec.regularizer;
    dataOnly.sgd.order = spec.sgd.order;
    dataOnly.seed = spec.data.split < 1.0 ? spec.seed : 0;
    std::string key = jsonText(toJson(dataOnly));
    std::vector<std::filesystem::path> files{spec.data.test, spec.data.load.labels};
    if (!parseSynthetic(spec.data.source) && spec.data.source != "-") {
        const SourceFiles source(spec.data.source, job);
        files.insert(files.end(), source.files().begin(), source.files().end());
    }
    for (const auto& file : files) {
        awaitFile(file, job);
        std::error_code missing; // a file that changed is read again
        const auto time = std::filesystem::last_write_time(file, missing);
        const auto size = missing ? 0 : std::filesystem::file_size(file, missing);
        key +=
            ";" + std::to_string(missing ? 0 : time.time_since_epoch().count()) + ":" + std::to_string(size);
    }
    return key;
}

} // namespace

namespace {

/// A class's label in training.
float labelOf(std::size_t index, std::size_t classes) {
    return classes > 2 ? static_cast<float>(index) : index == 0 ? -1.0F : 1.0F;
}

} // namespace

void mapLabels(Dataset& data, const std::vector<double>& classLabels) {
    const double offset = data.labelOffset();
    for (std::size_t r = 0; r < data.labels.size(); ++r) {
        const double label = data.exactLabels.empty() ? double{data.labels[r]} : data.exactLabels[r];
        const auto found = std::ranges::find(classLabels, label + offset);
        if (found == classLabels.end())
            throw InputError(data.name + ": the label " + nlohmann::json(label + offset).dump() +
                             " does not occur in the training rows");
        data.labels[r] = labelOf(static_cast<std::size_t>(found - classLabels.begin()), classLabels.size());
    }
    data.exactLabels = {};
}

std::string className(std::size_t index, const std::vector<double>& classLabels,
                      const std::vector<std::string>& classNames) {
    return classNames.empty() ? nlohmann::json(classLabels[index]).dump() : classNames[index];
}

Loss lossOf(const RunSpec& spec) {
    return {spec.loss, spec.classWeights};
}

Situation PreparedData::situation(const RunSpec& spec) const {
    return {
        .spec = spec, .train = &train, .task = task, .dataName = train.name, .classes = classLabels.size()};
}

std::string absentClassNote(const Dataset& test, const std::vector<double>& classLabels,
                            const std::vector<std::string>& classNames) {
    std::string absent;
    for (std::size_t c = 0; test.rows > 0 && c < classLabels.size(); ++c)
        if (std::ranges::find(test.labels, labelOf(c, classLabels.size())) == test.labels.end())
            absent += (absent.empty() ? "" : ", ") + className(c, classLabels, classNames);
    if (absent.empty())
        return {};
    return "the test rows have none of the class " + absent + ": their loss and accuracy are those of the " +
           (classLabels.size() == 2 ? "other class alone" : "other classes");
}

Dataset prepareTest(const RunSpec& spec, const FoundInTraining& found, std::vector<std::string>& notes,
                    const Job& job) {
    Dataset test = loadTest(spec, found, notes, job);
    if (!found.classLabels.empty())
        mapLabels(test, found.classLabels);
    found.imputation.apply(test);
    applyScaling(found.scaling, test);
    return test;
}

std::shared_ptr<const PreparedData> prepareData(const RunSpec& spec, const Job& job) {
    auto prepared = std::make_shared<PreparedData>();
    RawData raw = loadRaw(spec, *prepared, job);
    prepared->task = taskOf(spec, raw.train);
    prepareLabels(spec, raw, *prepared);
    job.checkpoint();
    job.report(0.8, "scaling");
    prepared->imputation = fitImputation(raw.train, missingPolicy(spec.data.load.missing));
    if (!prepared->imputation.indicators.empty())
        prepared->notes.push_back(
            "missing values are filled in with the " + spec.data.load.missing + " of the training rows, in " +
            std::to_string(prepared->imputation.indicators.size()) +
            (prepared->imputation.indicators.size() == 1 ? " feature; another feature says"
                                                         : " features; as many others say") +
            " where");
    for (Dataset* rows : {&raw.train, &raw.test}) {
        prepared->imputation.apply(*rows);
        rows->exactLabels = {};
    }
    prepared->scaling = fitScaling(raw.train, spec.data.scaling);
    applyScaling(prepared->scaling, raw.train);
    applyScaling(prepared->scaling, raw.test);
    if (spec.sgd.order == RowOrder::Shuffled)
        dealRows(raw.train);
    prepared->train = std::move(raw.train);
    prepared->test = std::move(raw.test);
    prepared->search = std::make_unique<OptimumSearch>(
        [data = prepared.get(), loss = lossOf(spec), intercept = spec.intercept,
         regularizer = spec.regularizer](ThreadTeam& team, const Job& search) {
            FoundOptimum found;
            if (data->manyClasses()) {
                found.note = "it is not solved for with more than two classes";
                return found;
            }
            const auto begin = std::chrono::steady_clock::now();
            found.optimum = findOptimum(data->train, loss, intercept, regularizer, team, found.note, search);
            found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
            return found;
        });
    return prepared;
}

std::shared_ptr<const PreparedData> prepareRows(const RunSpec& spec, const GivenRows& given, const Job& job) {
    auto prepared = std::make_shared<PreparedData>();
    job.report(0, "reading rows");
    requireShape(given);
    requireFinite(given);
    RawData raw;
    Dataset& train = raw.train;
    train.name = given.name;
    train.rows = given.rows;
    train.features = given.features;
    train.featureNames = given.featureNames;
    train.labels.assign(given.labels.begin(), given.labels.end());
    train.exactLabels.assign(given.labels.begin(), given.labels.end());
    prepared->load = spec.data.load;
    prepared->classLabels = given.classLabels;
    const bool copies = !whyNotInPlace(spec).empty();
    if (copies)
        train.values.assign(given.values.begin(), given.values.end());
    if (spec.data.split < 1.0)
        raw.test = splitOff(spec, train);
    if (!given.classLabels.empty())
        prepared->task = Task::Classification;
    else
        prepared->task = given.scaling == nullptr ? taskOf(spec, train) : Task::Regression;
    prepareLabels(spec, raw, *prepared);
    train.exactLabels = raw.test.exactLabels = {};
    job.checkpoint();
    job.report(0.8, "scaling");
    ScalingFit fit;
    fit.add(copies ? std::span<const float>(train.values) : given.values, train.rows, train.features);
    prepared->scaling = given.scaling == nullptr ? fit.fit(spec.data.scaling) : *given.scaling;
    const bool dealt = spec.sgd.order == RowOrder::Shuffled;
    if (copies) {
        applyScaling(prepared->scaling, train);
        applyScaling(prepared->scaling, raw.test);
        if (dealt)
            dealRows(train);
    } else {
        prepared->inPlace = std::make_unique<const RowsInPlace>(
            given.values, given.features, std::move(train.labels), prepared->scaling, fit,
            dealt ? dealtOrder(given.rows) : std::vector<std::uint32_t>{});
        train.labels = prepared->inPlace->labels();
    }
    prepared->train = std::move(train);
    prepared->test = std::move(raw.test);
    prepared->search = std::make_unique<OptimumSearch>([](ThreadTeam&, const Job&) {
        FoundOptimum none;
        none.note = "it is not searched for rows that a program holds";
        return none;
    });
    return prepared;
}

std::shared_ptr<const PreparedData> PreparedDataCache::get(const RunSpec& spec, const Job& job) {
    constexpr std::size_t kKept = 2;
    const std::string key = keyOf(spec, job);
    std::unique_lock lock(mutex_);
    while (true) {
        const auto found = std::ranges::find(
            recent_, key, &std::pair<std::string, std::shared_ptr<const PreparedData>>::first);
        if (found != recent_.end()) {
            std::rotate(recent_.begin(), found, found + 1);
            return recent_.front().second;
        }
        if (std::ranges::find(inPreparation_, key) == inPreparation_.end())
            break;
        ready_.wait_for(lock, std::chrono::milliseconds(20)); // short, so that a stop is noticed
        job.checkpoint();
    }
    inPreparation_.push_back(key);
    lock.unlock();
    std::shared_ptr<const PreparedData> prepared;
    std::exception_ptr failure;
    try {
        prepared = prepareData(spec, job);
    } catch (...) {
        failure = std::current_exception();
    }
    lock.lock();
    std::erase(inPreparation_, key);
    ready_.notify_all();
    if (failure)
        std::rethrow_exception(failure);
    recent_.insert(recent_.begin(), {key, prepared});
    recent_.resize(std::min(recent_.size(), kKept));
    return prepared;
}

} // namespace zipml
