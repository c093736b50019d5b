#include "core/lab/run_evaluation.h"

#include "core/lab/one_versus_rest.h"

namespace zipml {
namespace {

Evaluation evaluateOn(DeviceTrainer::Rows rows, const PreparedData& data, const RunSamples& samples,
                      const LinearParameters& model, ThreadTeam& team, const Job& job) {
    if (DeviceTrainer* trainer = samples.trainer())
        return trainer->evaluate(rows, model);
    if (rows == DeviceTrainer::Rows::Train && data.inPlace)
        return evaluate(data.inPlace->unscaled(), samples.method().loss, data.inPlace->onUnscaled(model),
                        team, job);
    return evaluate(rows == DeviceTrainer::Rows::Train ? data.train : data.test, samples.method().loss, model,
                    team, job);
}

} // namespace

void evaluateOne(const PreparedData& data, const RunSamples& samples, const LinearParameters& model,
                 ThreadTeam& team, const Job& job, EpochRecord& result) {
    const bool classification = data.task == Task::Classification;
    const Evaluation train = evaluateOn(DeviceTrainer::Rows::Train, data, samples, model, team, job);
    result.trainLoss = train.loss;
    if (classification)
        result.trainAccuracy = train.accuracy;
    if (data.test.rows > 0) {
        const Evaluation test = evaluateOn(DeviceTrainer::Rows::Test, data, samples, model, team, job);
        result.testLoss = test.loss;
        if (classification)
            result.testAccuracy = test.accuracy;
    }
}

Confusion evaluateClasses(const PreparedData& data, const Loss& loss, std::span<const ModelTraining> models,
                          ThreadTeam& team, const Job& job, EpochRecord& result) {
    std::vector<LinearParameters> parameters;
    for (const ModelTraining& model : models)
        parameters.push_back(model.current());
    std::vector<LinearParameters> unscaled;
    for (const LinearParameters& model : data.inPlace ? parameters : std::vector<LinearParameters>{})
        unscaled.push_back(data.inPlace->onUnscaled(model));
    ClassEvaluation train = data.inPlace
                                ? evaluateClasses(data.inPlace->unscaled(), loss, unscaled, team, job)
                                : evaluateClasses(data.train, loss, parameters, team, job);
    result.trainLoss = train.loss;
    result.trainAccuracy = train.accuracy;
    if (data.test.rows == 0)
        return std::move(train.confusion);
    ClassEvaluation test = evaluateClasses(data.test, loss, parameters, team, job);
    result.testLoss = test.loss;
    result.testAccuracy = test.accuracy;
    return std::move(test.confusion);
}

} // namespace zipml
