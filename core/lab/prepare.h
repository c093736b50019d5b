#pragma once
/// From a data spec to rows ready to train on: loaded, split, scaled, with a search for their exact optimum.

#include "core/base/job.h"
#include "core/data/imputation.h"
#include "core/lab/given_rows.h"
#include "core/lab/optimum_search.h"
#include "core/lab/rows_in_place.h"
#include "core/lab/rules.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace zipml {

struct PreparedData {
    Task task = Task::Regression;
    Dataset train, test; ///< scaled, the training rows in the order in which minibatches are cut from them;
                         ///< test has 0 rows when there is none. Labels of two classes are -1 and +1, of
                         ///< more classes their indices in classLabels
    Scaling scaling;     ///< of values less the schema's offsets
    LabelScaling labelScaling;       ///< of labels less the schema's offset
    Imputation imputation;           ///< made before scaling
    LoadOptions load;                ///< with what was found in the training file
    std::string labelWhy;            ///< why that column is the label
    std::vector<double> classLabels; ///< classification: the file's labels, increasing; two: of -1 and +1
    std::vector<std::string>
        classNames;                    ///< of labels that are texts, whose numbers are 0, 1, ...; else empty
    std::vector<std::string> notes;    ///< what a person should know of the data
    std::vector<std::string> warnings; ///< what may be meant otherwise, or loses something
    /// Whether there are more than two, for one-versus-rest (one_versus_rest.h).
    [[nodiscard]] bool manyClasses() const { return classLabels.size() > 2; }
    /// What the rules know of a run on it.
    [[nodiscard]] Situation situation(const RunSpec& spec) const;
    /// The training rows, where `train` has none of their values: it then says their number, width and labels.
    std::unique_ptr<const RowsInPlace> inPlace;
    /// Of the spec that it was prepared for; last, for it reads the rows.
    std::unique_ptr<OptimumSearch> search;
    /// Waits for the search, or makes it. @throws Cancelled
    [[nodiscard]] const FoundOptimum& exactOptimum(ThreadTeam& team, const Job& job = {}) const {
        return search->await(team, job);
    }
};

/// @throws InputError (bad input), Cancelled.
std::shared_ptr<const PreparedData> prepareData(const RunSpec& spec, const Job& job);

/// From rows that a program holds, for which no optimum is searched. They stay where they are, and must outlive
/// the result, unless whyNotInPlace (rows_in_place.h) says why the spec needs a copy.
/// @throws InputError for parts that differ in length, the first value that is not finite, a label that is no
/// class's, or as prepareData
std::shared_ptr<const PreparedData> prepareRows(const RunSpec& spec, const GivenRows& given, const Job& job);

/// Labels become as PreparedData has them. @param data with the file's labels
/// @throws InputError for a label that is no class's.
void mapLabels(Dataset& data, const std::vector<double>& classLabels);
/// "setosa", or the number where classes have no names.
std::string className(std::size_t index, const std::vector<double>& classLabels,
                      const std::vector<std::string>& classNames);
/// The spec's loss.
Loss lossOf(const RunSpec& spec);
/// What a test set that lacks a class does not tell; empty where it has all, or no rows.
std::string absentClassNote(const Dataset& test, const std::vector<double>& classLabels,
                            const std::vector<std::string>& classNames);

/// What training found in its data, for rows that come later.
struct FoundInTraining {
    const Schema* schema;                   ///< null: generated data
    const LoadOptions& load;                ///< as found
    const std::vector<double>& classLabels; ///< empty: a regression
    const Imputation& imputation;
    const Scaling& scaling; ///< of values less the schema's offsets
    std::size_t features;   ///< before imputation
};
/// The spec's test file. @param notes what was done with it is added
Dataset prepareTest(const RunSpec& spec, const FoundInTraining& found, std::vector<std::string>& notes,
                    const Job& job);

/// Keeps the last few prepared data sets, so that runs that share data prepare it once. Thread-safe; when two
/// runs ask for the same data at once, the second waits for the first.
class PreparedDataCache {
  public:
    std::shared_ptr<const PreparedData> get(const RunSpec& spec, const Job& job);

  private:
    std::mutex mutex_;
    std::condition_variable ready_;
    std::vector<std::string> inPreparation_; ///< keys that a thread is preparing now
    std::vector<std::pair<std::string, std::shared_ptr<const PreparedData>>> recent_;
};

} // namespace zipml
