#pragma once
/// The data sets of the experiments by name: where they lie below the folder of `--data`, and how they are
/// read. The table is resources/experiments/data_sets.json.

#include "core/base/job.h"
#include "core/lab/run_spec.h"

#include <nlohmann/json.hpp>

namespace zipml {

struct ExperimentData { // NOLINT(bugprone-exception-escape): of nlohmann::json
    std::string name;   ///< "cadata", "mnist-4-9"
    std::string title;  ///< as in reports
    bool generated = false;
    /// Settings of a run (keys of a RunSpec); "data" and "test" are files below the folder, or a generator.
    nlohmann::json settings;
    std::vector<nlohmann::json> otherForms; ///< the same for files of other names, which do as well
    std::string where;                      ///< it is to be had
    std::string fetch; ///< its name for `zipml fetch` (catalogue.h); empty: not in the catalogue
    /// Two classes cut out of images: the folder with four IDX files, and the digits that become -1 and +1.
    struct Digits {
        std::string folder;
        int negative, positive;
    };
    std::optional<Digits> digits;
};

/// Every one, from the built-in table. @throws InputError where that is wrong
const std::vector<ExperimentData>& experimentData();
/// @throws InputError for a name that is not in the table
const ExperimentData& experimentData(std::string_view name);

/// The settings with files' paths, of the first form that is there; cut out to `made` first where the set is
/// made of images.
/// @param folder of the data @return empty where a file is missing: then missingText says which
std::optional<nlohmann::json> locate(const ExperimentData& set, const std::filesystem::path& folder,
                                     const std::filesystem::path& made);
/// Whether `locate` finds it.
bool isHere(const ExperimentData& set, const std::filesystem::path& folder);
/// "gisette: gisette_scale is not in DIR; get it from ..."
std::string missingText(const ExperimentData& set, const std::filesystem::path& folder);

} // namespace zipml
