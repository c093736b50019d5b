#include "core/data/inspect_rows.h"

#include "core/data/column_choice.h"
#include "core/data/formats/csv_fields.h"
#include "core/data/formats/format.h"

#include <algorithm>
#include <numeric>

namespace zipml {
namespace {

/// Where the first file's columns stand in another one: by name where both have names.
std::vector<std::size_t> placesOf(const SourceShape& first, const SourceShape& other,
                                  const std::filesystem::path& file) {
    std::vector<std::size_t> places(first.columns);
    std::iota(places.begin(), places.end(), 0U);
    if (other.columns != first.columns)
        throw InputError(file.string() + ": has " + std::to_string(other.columns) +
                         " columns and the first file has " + std::to_string(first.columns) +
                         "; the files of one set have the same columns");
    if (first.names.empty() || other.names.empty())
        return places;
    for (std::size_t c = 0; c < first.columns; ++c) {
        const auto found = std::ranges::find(other.names, first.names[c]);
        if (found == other.names.end())
            throw InputError(file.string() + ": has no column '" + first.names[c] +
                             "', as the first file has; the files of one set have the same columns");
        places[c] = static_cast<std::size_t>(found - other.names.begin());
    }
    return places;
}

void surveyFile(RowSource& source, const CellSyntax& syntax, const TableSurvey& empty,
                const LoadContext& context, const Job& job, ThreadTeam& team, TableSurvey& joined) {
    const auto blocks = std::min<std::size_t>(8 * static_cast<std::size_t>(team.threads()), 32);
    std::vector<RawBlock> raw(blocks);
    while (true) {
        std::size_t count = 0;
        for (; count < blocks && source.take(context.blockBytes, raw[count]); ++count)
            job.checkpoint();
        if (count == 0)
            break;
        std::vector<TableSurvey> parts(count, empty);
        for (TableSurvey& part : parts)
            for (std::size_t c = 0; c < part.columns.size(); ++c) { // what is many already stays so
                part.columns[c].manyValues = joined.columns[c].manyValues;
                part.columns[c].manyWords = joined.columns[c].manyWords;
            }
        team.forEachChunk(count, [&](std::size_t block) {
            job.checkpoint();
            source.survey(raw[block], syntax, parts[block]);
        });
        for (TableSurvey& part : parts)
            joined.join(std::move(part));
        job.report(raw[count - 1].share, "looking at the columns");
    }
    source.checkEnd(source.shape().linesBefore + joined.lines);
}

} // namespace

TableSurvey surveyFor(const std::filesystem::path& file, const SourceShape& shape,
                      const LoadOptions& options) {
    TableSurvey survey(shape.columns);
    survey.asText.resize(shape.columns);
    for (const auto& name : namesInList(options.categorical))
        survey.asText[findColumn(file, shape.names, shape.columns, name, "categorical: column")] = true;
    for (std::size_t c = 0; c < shape.declared.size(); ++c)
        survey.asText[c] = survey.asText[c] || shape.declared[c].kind == ColumnKind::Category;
    return survey;
}

SurveyedRows surveyRows(std::span<const std::filesystem::path> files, const LoadOptions& options,
                        const LoadContext& context, const Job& job, ThreadTeam& team) {
    SurveyedRows surveyed;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto source = openSource({files[i], options, context, job});
        const SourceShape& shape = source->shape();
        const CellSyntax syntax{shape.decimal, namesInList(options.missingMarks)};
        const TableSurvey empty = surveyFor(files[i], shape, options);
        if (i == 0) {
            surveyed = {shape, empty, options};
            surveyFile(*source, syntax, empty, context, job, team, surveyed.survey);
            continue;
        }
        const auto places = placesOf(surveyed.shape, shape, files[i]);
        TableSurvey other = empty;
        surveyFile(*source, syntax, empty, context, job, team, other);
        std::vector<ColumnSurvey> columns;
        columns.reserve(places.size());
        for (const std::size_t place : places)
            columns.push_back(other.columns[place]);
        other.columns = std::move(columns);
        surveyed.survey.join(std::move(other));
    }
    return surveyed;
}

} // namespace zipml
