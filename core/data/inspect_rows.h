#pragma once
/// Surveys whole tables: every row of one file or of several with the same columns.

#include "core/base/job.h"
#include "core/base/parallel.h"
#include "core/data/formats/row_source.h"
#include "core/data/load.h"

#include <span>

namespace zipml {

struct SurveyedRows {
    SourceShape shape;   ///< of the first file
    TableSurvey survey;  ///< its columns in the first file's order
    LoadOptions options; ///< as given
};

/// Ready for the table's rows: knows which columns are categories whatever they hold.
TableSurvey surveyFor(const std::filesystem::path& file, const SourceShape& shape,
                      const LoadOptions& options);

/// @param files of one set, tables; at least one. @throws InputError as loadData, but not for what rows hold.
SurveyedRows surveyRows(std::span<const std::filesystem::path> files, const LoadOptions& options,
                        const LoadContext& context, const Job& job, ThreadTeam& team);

} // namespace zipml
