#include "core/data/load.h"

#include "core/data/choose_offsets.h"
#include "core/data/column_choice.h"
#include "core/data/formats/bind_columns.h"
#include "core/data/formats/csv_fields.h"
#include "core/data/formats/format.h"
#include "core/data/inspect_rows.h"
#include "core/data/label_watch.h"
#include "core/data/memory_limit.h"
#include "core/data/offsets.h"
#include "core/data/row_sink.h"
#include "core/data/source_files.h"
#include "core/data/source_name.h"
#include "core/data/utf8.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <stdexcept>

namespace zipml {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void failForMemory(const fs::path& file) {
    throw InputError(file.string() +
                     ": does not fit into memory; use fewer rows or features, or a machine with more memory");
}

/// Thrown when the rows read so far have to be read again, with what was learned.
struct ReadAgain {};

/// The line of a file, in front of what is wrong with it.
std::string faultText(const fs::path& file, std::size_t line, const BadLine& bad) {
    return file.string() + ":" + (bad.number > 0 ? std::to_string(line + bad.number) + ":" : "") + " " +
           bad.text;
}

/// Names of columns as a person's terminal gives them are those of the file, which are UTF-8 by now.
LoadOptions inUtf8(LoadOptions options) {
    const bool latin1 = readsLatin1(options.encoding);
    for (std::string* text : {&options.labelColumn, &options.features, &options.ignore, &options.weight,
                              &options.categorical, &options.missingMarks, &options.matrix})
        *text = asUtf8(*text, latin1);
    return options;
}

/// One way through a source's files, from the first look to the last row.
class Loading {
  public:
    using SinkMaker = std::function<std::unique_ptr<RowSink>(LoadedData&, bool sparse, std::size_t base)>;

    Loading(const SourceFiles& source, const fs::path& name, const LoadOptions& options,
            const LoadContext& context, const Job& job, SinkMaker sinkFor)
        : files_(source.files()), name_(name), options_(inUtf8(options)), context_(context), job_(job),
          sinkFor_(std::move(sinkFor)), missing_(missingPolicy(options.missing)), team_(context.threads) {
        if (options.indexBase != "auto" && options.indexBase != "0" && options.indexBase != "1")
            throw InputError("index_base: '" + options.indexBase + "' is unknown; choose auto, 0 or 1");
    }

    /// @param restart before rows are read anew
    LoadedData load(const std::function<void()>& restart) {
        if (context_.training != nullptr)
            schema_ = *context_.training;
        else
            findSchema();
        constexpr int kMostTries = 4; // each changes one thing for good
        for (int attempt = 0;; ++attempt) {
            try {
                return readAll();
            } catch (const ReadAgain&) {
                if (attempt == kMostTries)
                    throw std::logic_error("a file's columns were decided again and again");
                restart();
            }
        }
    }

  private:
    [[nodiscard]] bool further() const { return context_.training != nullptr; }

    /// What was found in the training file is tried where a further file does not tell by itself.
    std::unique_ptr<RowSource> open(const fs::path& file, LoadOptions& used) const {
        if (file.extension() == ".zq")
            throw InputError(file.string() + ": is a packed store; train on it with zipml train");
        used = options_;
        if (!further() || context_.trainingFile)
            return openSource({file, used, context_, job_});
        // The training file's look is a hint: a further file is matched to the schema by names.
        used.header = "auto";
        used.decimal = "auto";
        used.delimiter = "auto";
        used.format = "auto";
        if (namesLabelFile(used.labels)) // the training file's own
            used.labels.clear();
        std::string first;
        for (const bool hinted : {false, true}) {
            if (hinted) {
                used.delimiter = options_.delimiter;
                used.format = options_.format;
                used.header = options_.header;
                used.decimal = options_.decimal;
            }
            try {
                auto source = openSource({file, used, context_, job_});
                bindColumns(file, source->shape(), schema_, used, true);
                return source;
            } catch (const InputError& error) {
                if (hinted)
                    throw InputError(first);
                first = error.what();
            }
        }
        throw std::logic_error("unreachable");
    }

    void findSchema() {
        LoadOptions used;
        const auto source = open(files_.front(), used);
        const SourceShape& shape = source->shape();
        if (shape.sparse) {
            schema_.sparse = true;
            if (!shape.labelled && options_.labelColumn != "none")
                throw InputError(
                    files_.front().string() +
                    ": the label is missing in front of each row; LIBSVM rows are LABEL INDEX:VALUE "
                    "INDEX:VALUE ..., and for rows without labels choose --label-column none");
            return;
        }
        TableSurvey head = surveyFor(files_.front(), shape, options_);
        source->surveyHead({shape.decimal, namesInList(options_.missingMarks)}, head);
        choice_ = chooseColumns(files_.front(), shape, head, options_);
        requireFeatures();
        if (!choice_.plain || files_.size() > 1 || hasLargeNumbers(head))
            return surveyWhole();
        schema_ = choice_.schema;
        if (choice_.labelOpen)
            for (std::size_t c = 0; c < shape.columns; ++c) {
                headEvidence_.push_back(evidenceOf(head.columns[c], head.rows));
                headEvidence_.back().decimals = c < shape.decimals.size() ? shape.decimals[c] : 0;
            }
    }

    void requireFeatures() const {
        if (!choice_.whyNot.empty())
            throw InputError(choice_.whyNot);
    }

    /// Whole numbers that floats merge: whether they do, only all rows tell.
    static bool hasLargeNumbers(const TableSurvey& survey) {
        constexpr double kExactWhole = 16777216;
        return std::ranges::any_of(survey.columns, [](const ColumnSurvey& column) {
            return std::max(std::abs(column.low), std::abs(column.high)) >= kExactWhole && column.numbers > 0;
        });
    }

    void surveyWhole() {
        SurveyedRows surveyed = surveyRows(files_, options_, context_, partOf(job_, 0, 0.5), team_);
        choice_ = chooseColumns(files_.front(), surveyed.shape, surveyed.survey, options_);
        requireFeatures();
        choice_.plain = false;
        schema_ = choice_.schema;
        refuseMissing(surveyed);
        for (std::string& warning : chooseOffsets(surveyed.survey, context_.offsets, schema_))
            choice_.warnings.push_back(std::move(warning));
        surveyed_ = true;
    }

    void refuseMissing(const SurveyedRows& surveyed) const {
        if (missing_.kind != MissingPolicy::Kind::Refuse || !surveyed.survey.bad.empty())
            return;
        std::size_t cells = 0;
        std::size_t first = schema_.columns.size();
        for (std::size_t c = 0; c < schema_.columns.size(); ++c) {
            const ColumnSurvey& column = surveyed.survey.columns[c];
            if (schema_.columns[c].role == ColumnRole::Ignored || column.missing == 0)
                continue;
            cells += column.missing;
            if (first == schema_.columns.size() ||
                column.firstMissing.line < surveyed.survey.columns[first].firstMissing.line)
                first = c;
        }
        if (cells == 0 || files_.size() > 1) // of several files the row itself tells where
            return;
        const SeenAt& seen = surveyed.survey.columns[first].firstMissing;
        const std::string& name = schema_.named ? schema_.columns[first].name : std::string();
        throw InputError(files_.front().string() + ":" +
                         std::to_string(surveyed.shape.linesBefore + seen.line) + ": column " +
                         std::to_string(first + 1) + (name.empty() ? "" : " (" + inQuotes(name) + ")") +
                         ": " + describeField(FieldKind::Missing, seen.text) +
                         (cells > 1 ? "; " + std::to_string(cells) + " cells are missing in all" : ""));
    }

    LoadedData readAll() {
        LoadedData loaded;
        loaded.data.name = asUtf8(name_.string() == "-" ? std::string("standard input")
                                  : files_.size() == 1  ? files_.front().filename().string()
                                                        : sourceName(name_.string()),
                                  false);
        loaded.data.schema = std::make_shared<Schema>(schema_);
        std::unique_ptr<RowSink> sink;
        std::optional<LabelWatch> watch;
        SourceShape shape;
        BoundColumns bound;
        for (std::size_t i = 0; i < files_.size(); ++i) {
            LoadOptions used;
            const auto source = open(files_[i], used);
            if (i > 0 && source->shape().sparse != shape.sparse)
                throw InputError(files_[i].string() + ": is " + source->shape().format + " and " +
                                 files_.front().string() + " is " + shape.format +
                                 "; the files of one set have one format");
            shape = source->shape();
            bound = bindColumns(files_[i], shape, schema_, used, further());
            if (i == 0) {
                describe(shape, bound, used, loaded);
                loaded.data.features = bound.plan.features;
                sink = sinkFor_(loaded, shape.sparse, baseOf(bound.plan));
                if (!headEvidence_.empty())
                    watch.emplace(headEvidence_, *choice_.label);
            }
            if (sink->visits() && !further()) // the visitor is told the offset when all rows were seen
                bound.plan.labelOffset = 0;
            parseAll(files_[i], *source, bound.plan, watch ? &*watch : nullptr, *sink,
                     static_cast<double>(i) / static_cast<double>(files_.size()));
        }
        finish(*sink, shape, bound, watch ? &*watch : nullptr, loaded);
        return loaded;
    }

    static std::size_t baseOf(const RowPlan& plan) {
        return plan.indexBase < 0 ? 1 : static_cast<std::size_t>(plan.indexBase);
    }

    void describe(const SourceShape& shape, const BoundColumns& bound, const LoadOptions& used,
                  LoadedData& loaded) const {
        loaded.format = shape.format;
        loaded.delimiter = shape.delimiter;
        loaded.compression = shape.compression;
        loaded.header = shape.header;
        loaded.hasLabels = shape.sparse ? bound.labelled : bound.label.has_value();
        loaded.labelColumn = bound.label ? *bound.label + 1 : 0;
        if (bound.label && !shape.names.empty())
            loaded.labelName = shape.names[*bound.label];
        loaded.labelWhy = shape.sparse ? "it stands in front of each row" : choice_.labelWhy;
        loaded.notes = shape.notes;
        loaded.notes.insert(loaded.notes.end(), choice_.notes.begin(), choice_.notes.end());
        loaded.notes.insert(loaded.notes.end(), bound.notes.begin(), bound.notes.end());
        loaded.warnings = choice_.warnings;
        loaded.options = used;
        loaded.options.format = shape.format;
        if (!shape.delimiter.empty()) {
            loaded.options.delimiter = shape.delimiter;
            loaded.options.decimal = shape.decimal == ',' ? "comma" : "point";
            loaded.options.header = shape.header ? "yes" : "no";
        }
        if (options_.labelColumn == "auto" && !shape.sparse && bound.label)
            loaded.options.labelColumn =
                loaded.labelName.empty() ? std::to_string(*bound.label + 1) : loaded.labelName;
    }

    /// Blocks read together; while a team parses them, the next ones are read.
    struct Window {
        explicit Window(std::size_t blocks) : raw(blocks) {}
        void read(RowSource& source, std::size_t blockBytes, const Job& job) {
            for (count = 0; count < raw.size() && source.take(blockBytes, raw[count]); ++count)
                job.checkpoint();
        }

        std::vector<RawBlock> raw;
        std::size_t count = 0;
    };

    void parseAll(const fs::path& file, RowSource& source, const RowPlan& plan, LabelWatch* watch,
                  RowSink& sink, double done) {
        // Enough blocks that threads seldom wait for the last one, and few enough for the memory promised.
        const auto blocks = std::min<std::size_t>(8 * static_cast<std::size_t>(team_.threads()), 32);
        const auto files = static_cast<double>(files_.size());
        std::size_t line = source.shape().linesBefore;
        Window current(blocks);
        Window next(blocks);
        std::vector<ParsedRows> parsed(blocks);
        current.read(source, context_.blockBytes, job_);
        while (current.count > 0) {
            team_.forEachChunk(current.count + 1, [&](std::size_t chunk) {
                job_.checkpoint();
                if (chunk == 0)
                    next.read(source, context_.blockBytes, job_);
                else
                    source.parse(current.raw[chunk - 1], plan, parsed[chunk - 1]);
            });
            for (std::size_t block = 0; block < current.count; ++block) {
                ParsedRows& rows = parsed[block];
                const double share = done + current.raw[block].share / files;
                if (rows.bad && choice_.plain && !source.shape().sparse && !further()) {
                    surveyWhole(); // it is no table of numbers alone
                    headEvidence_.clear();
                    throw ReadAgain();
                }
                if (watch != nullptr)
                    watch->add(rows, plan.features);
                const std::size_t lines = rows.lines;
                const auto bad = std::move(rows.bad);
                rows.bad.reset();
                if (bad)
                    throw InputError(faultText(file, line, *bad));
                sink.add(rows, share);
                line += lines;
                job_.report(share, "reading rows");
                job_.checkpoint();
            }
            if (schema_.sparse && sink.zeroIndex() && plan.indexBase < 0 && sink.visits()) {
                schema_.indexBase = 0;
                throw ReadAgain();
            }
            std::swap(current, next);
        }
        source.checkEnd(line);
    }

    void finish(RowSink& sink, const SourceShape& shape, const BoundColumns& bound, const LabelWatch* watch,
                LoadedData& loaded) {
        Dataset& data = loaded.data;
        if (data.rows == 0)
            throw InputError(
                name_.string() +
                (loaded.rowsDropped > 0
                     ? ": every row has a missing value; fill them in (--missing mean), or leave "
                       "columns out with --ignore"
                     : ": holds no rows, only comments; a data file has one row a line"));
        if (watch != nullptr)
            checkLabel(*watch, loaded);
        std::size_t base = baseOf(bound.plan);
        if (shape.sparse)
            base = finishSparse(sink, bound.plan, loaded);
        else if (choice_.plain && !further() && context_.offsets)
            checkOffsets(sink);
        if (loaded.rowsDropped > 0)
            loaded.notes.push_back(std::to_string(loaded.rowsDropped) +
                                   " rows are left out: they have missing values" +
                                   (missing_.kind == MissingPolicy::Kind::Drop ? "" : " in the label"));
        if (sink.entriesDropped() > 0)
            loaded.notes.push_back(
                std::to_string(sink.entriesDropped()) + " values beyond feature " +
                std::to_string(data.features) + " are left out" +
                (further() ? ": the training data has no such features" : ", as chosen by --width"));
        sink.finish(base, schema_, team_);
        if (shape.sparse && !loaded.missing.empty())
            loaded.missing.erase(loaded.missing.begin(),
                                 loaded.missing.begin() +
                                     static_cast<std::ptrdiff_t>(std::min(base, loaded.missing.size())));
        if (missing_.kind != MissingPolicy::Kind::Refuse)
            loaded.missing.resize(data.features);
        data.featureNames = schema_.featureNames();
        settleLabels(sink.labelRange(), data);
        data.schema = std::make_shared<Schema>(schema_);
    }

    void checkLabel(const LabelWatch& watch, LoadedData& loaded) {
        const LabelChoice found = watch.choose(schema_.named ? std::span<const std::string>(names())
                                                             : std::span<const std::string>());
        choice_.labelWhy = found.why;
        choice_.warnings.clear();
        const auto title = [&](std::size_t c) {
            return "column " + std::to_string(c + 1) +
                   (schema_.named ? " (" + inQuotes(schema_.columns[c].name) + ")" : "");
        };
        if (found.doubt)
            choice_.warnings.push_back(doubtText(title(found.column), found.why, title(*found.doubt)));
        loaded.labelWhy = choice_.labelWhy;
        loaded.warnings = choice_.warnings;
        headEvidence_.clear();
        if (found.column == *choice_.label)
            return;
        schema_.columns[*choice_.label].role = ColumnRole::Feature;
        schema_.columns[found.column].role = ColumnRole::Label;
        choice_.label = found.column;
        throw ReadAgain();
    }

    const std::vector<std::string>& names() {
        names_.clear();
        for (const Column& column : schema_.columns)
            names_.push_back(column.name);
        return names_;
    }

    /// @return the base
    std::size_t finishSparse(RowSink& sink, const RowPlan& plan, LoadedData& loaded) {
        Dataset& data = loaded.data;
        const std::size_t base = plan.indexBase >= 0 ? baseOf(plan) : sink.zeroIndex() ? 0 : 1;
        if (plan.indexBase < 0 && plan.width > 0 && base == 0) { // what is beyond the width was misjudged
            schema_.indexBase = 0;
            schema_.width = plan.width;
            throw ReadAgain();
        }
        if (!further()) {
            const std::size_t found = sink.width() - std::min(sink.width(), base);
            if (found == 0 && options_.width == 0)
                throw InputError(name_.string() +
                                 ": has labels only; LIBSVM rows are LABEL INDEX:VALUE INDEX:VALUE ...");
            schema_.indexBase = static_cast<int>(base);
            schema_.width = options_.width > 0 ? options_.width : found;
            data.features = schema_.width;
            if (schema_.offsets.empty() && context_.offsets)
                checkSparseOffsets(sink, base, data.rows);
        }
        if (plan.indexBase < 0 && base == 0)
            loaded.notes.emplace_back("indices begin with 0");
        loaded.options.indexBase = std::to_string(base);
        return base;
    }

    void checkSparseOffsets(const RowSink& sink, std::size_t base, std::size_t rows) {
        std::vector<double> offsets(schema_.width);
        bool any = false;
        for (std::size_t i = base; i < sink.ranges().size() && i - base < offsets.size(); ++i) {
            const FeatureRange& range = sink.ranges()[i];
            if (sink.present()[i] != rows || !range.inexact || !range.far())
                continue;
            // Values that are equal as floats may differ as they stand.
            offsets[i - base] =
                range.low == range.high ? double{range.low} : offsetFor(range.low, range.high, false);
            any = any || offsets[i - base] != 0;
        }
        if (!any)
            return;
        schema_.offsets = std::move(offsets);
        throw ReadAgain();
    }

    /// After a pass over numbers alone: features that floats lose digits of are read again, less an offset.
    void checkOffsets(const RowSink& sink) {
        if (!schema_.offsets.empty())
            return;
        constexpr float kExactWhole = 16777216.0F;
        const bool lost = std::ranges::any_of(sink.ranges(), [](const FeatureRange& range) {
            return (range.far() && range.inexact) ||
                   std::max(std::abs(range.low), std::abs(range.high)) >= kExactWhole;
        });
        if (!lost)
            return;
        surveyWhole();
        throw ReadAgain();
    }

    /// Labels become floats, less an offset where they need one.
    void settleLabels(const LabelRange& range, Dataset& data) {
        if (!further() && !surveyed_) {
            schema_.labelOffset = offsetFor(range.low, range.high, range.whole);
            for (double& label : data.exactLabels)
                label -= schema_.labelOffset;
        }
        data.labels.assign(data.exactLabels.begin(), data.exactLabels.end());
    }

    const std::vector<fs::path>& files_;
    const fs::path& name_;
    const LoadOptions options_;
    const LoadContext& context_;
    const Job& job_;
    const SinkMaker sinkFor_;
    const MissingPolicy missing_;
    ThreadTeam team_;
    Schema schema_;
    ColumnChoice choice_;
    std::vector<LabelEvidence>
        headEvidence_; ///< by column, while all rows have a say in the label; else empty
    std::vector<std::string> names_;
    bool surveyed_ = false;
};

LoadedData ingest(const fs::path& file, const LoadOptions& options, LoadContext context, const Job& job,
                  const std::function<std::unique_ptr<RowSink>(LoadedData&, const LoadContext&, bool sparse,
                                                               std::size_t base)>& sinkFor,
                  const std::function<void()>& restart) {
    if (context.memoryLimitBytes == 0)
        context.memoryLimitBytes = availableMemoryBytes();
    try {
        const SourceFiles source(file, job);
        return Loading(source, file, options, context, job,
                       [&](LoadedData& loaded, bool sparse, std::size_t base) {
                           return sinkFor(loaded, context, sparse, base);
                       })
            .load(restart);
    } catch (const std::bad_alloc&) {
        failForMemory(file);
    } catch (const std::length_error&) { // more than a vector or string can ever hold
        failForMemory(file);
    }
}

} // namespace

LoadedData loadData(const fs::path& file, const LoadOptions& options, const LoadContext& context,
                    const Job& job) {
    const MissingPolicy missing = missingPolicy(options.missing);
    return ingest(
        file, options, context, job,
        [&](LoadedData& loaded, const LoadContext& limited, bool sparse, std::size_t) {
            return collectRows(loaded, limited, file, missing, sparse);
        },
        [] {});
}

LoadedData scanData(const fs::path& file, const LoadOptions& options, const LoadContext& context,
                    const std::function<void(const RowBlock&)>& visit, const std::function<void()>& restart,
                    const Job& job) {
    const MissingPolicy missing = missingPolicy(options.missing);
    return ingest(
        file, options, context, job,
        [&](LoadedData& loaded, const LoadContext& limited, bool sparse, std::size_t base) {
            return visitRows(loaded, limited, file, missing, sparse, base, visit);
        },
        restart);
}

} // namespace zipml
