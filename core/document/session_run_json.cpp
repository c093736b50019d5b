#include "core/document/session_run_json.h"

#include "core/base/json_fields.h"

#include <algorithm>

namespace zipml {
namespace {

using nlohmann::json;

constexpr JsonField<RunSetup> kSetupFields[] = {
    {"data_name", &RunSetup::dataName},
    {"train_rows", &RunSetup::trainRows},
    {"test_rows", &RunSetup::testRows},
    {"features", &RunSetup::features},
    {"step", &RunSetup::step},
    {"store_bytes", &RunSetup::storeBytes},
    {"bits_per_value", &RunSetup::bitsPerValue},
    {"codebook_bytes", &RunSetup::codebookBytes},
    {"mean_variance", &RunSetup::meanVariance},
    {"optimum_loss", &RunSetup::optimumLoss},
    {"optimum_regularizer", &RunSetup::optimumRegularizer},
    {"optimum_objective", &RunSetup::optimumObjective},
    {"kernels", &RunSetup::kernels},
    {"optimum_note", &RunSetup::optimumNote},
    {"loss_note", &RunSetup::lossNote},
    {"step_note", &RunSetup::stepNote},
    {"contraction", &RunSetup::contraction},
    {"notes", &RunSetup::notes},
};

/// Sessions of earlier versions do not have them.
constexpr JsonField<RunSetup> kLevelFields[] = {
    {"mean_variance_before_snapping", &RunSetup::exactMeanVariance},
    {"levels", &RunSetup::levels},
    {"levels_used", &RunSetup::levelsUsed},
    {"fewest_levels_used", &RunSetup::fewestLevels},
};

/// Sessions of earlier versions do not have them.
constexpr JsonField<RunSetup> kArithmeticFields[] = {
    {"arithmetic", &RunSetup::arithmetic},
    {"arithmetic_why", &RunSetup::arithmeticWhy},
};

/// Sessions of earlier versions do not have them.
constexpr JsonField<SessionRun> kOriginFields[] = {
    {"group", &SessionRun::group},
    {"maker", &SessionRun::maker},
};

constexpr JsonField<SessionRun> kRunFields[] = {
    {"id", &SessionRun::id},
    {"name", &SessionRun::name},
    {"message", &SessionRun::message},
    {"peak_resident_bytes", &SessionRun::peakResidentBytes},
};

template <class Read>
auto within(const std::string& key, Read&& read) {
    try {
        return read();
    } catch (const InputError& error) {
        throw InputError(key + ": " + error.what());
    }
}

const json& part(const json& object, const char* key) {
    if (!object.contains(key))
        throw InputError(std::string(key) + ": is missing");
    return object[key];
}

bool yesNo(const json& object, const char* key) {
    const json& value = part(object, key);
    if (!value.is_boolean())
        throw InputError(std::string(key) + ": " + value.dump() + " is not true or false");
    return value.get<bool>();
}

json setupJson(const RunSetup& setup) {
    json object = {{"task", nameOf(setup.task)}};
    for (const auto& field : kSetupFields)
        object[field.name] = getField(setup, field);
    for (const auto& field : kLevelFields)
        object[field.name] = getField(setup, field);
    for (const auto& field : kArithmeticFields)
        object[field.name] = getField(setup, field);
    object["solving_seconds"] = setup.solvingSeconds;
    object["optimum_certificate"] = json_fields::write(setup.optimumCertificate);
    object["bias_rows"] = setup.biasRows;
    return object;
}

RunSetup setupFromJson(const json& object) {
    RunSetup setup;
    setFields(setup, kSetupFields, object);
    if (object.contains(kLevelFields[0].name))
        setFields(setup, kLevelFields, object);
    if (object.contains(kArithmeticFields[0].name))
        setFields(setup, kArithmeticFields, object);
    if (object.contains("optimum_certificate")) // earlier versions had none
        json_fields::read(object["optimum_certificate"], setup.optimumCertificate);
    if (object.contains("bias_rows"))
        json_fields::read(object["bias_rows"], setup.biasRows);
    if (object.contains("solving_seconds"))
        json_fields::read(object["solving_seconds"], setup.solvingSeconds);
    if (!part(object, "task").is_string())
        throw InputError("task: is not a text");
    setup.task = parseName<Task>(object["task"].get<std::string>(), "task");
    return setup;
}

/// Runs of earlier versions have no objective and no contraction. @param object a session's run, whose spec
/// has been read
void addObjectives(json& object, const Loss& loss) {
    const auto add = [&](json& state, const char* mean, const char* regularizer, const char* objective) {
        if (!state.is_object() || state.contains(objective) || !state.contains(mean) ||
            !state.contains(regularizer))
            return;
        const auto of = [&](const json& first, const json& second) {
            std::optional<double> value;
            double added = 0;
            json_fields::read(first, value);
            json_fields::read(second, added);
            return json_fields::write(value ? std::optional(loss.objective(*value, added)) : std::nullopt);
        };
        if (!state[mean].is_array()) {
            state[objective] = of(state[mean], state[regularizer]);
            return;
        }
        state[objective] = json::array();
        for (std::size_t i = 0; i < state[mean].size() && i < state[regularizer].size(); ++i)
            state[objective].push_back(of(state[mean][i], state[regularizer][i]));
    };
    for (const char* states : {"initial", "epochs", "steps"})
        if (object.contains(states))
            add(object[states], "train_loss", "regularizer", "objective");
    if (object.contains("setup") && object["setup"].is_object() && !object["setup"].contains("contraction"))
        object["setup"]["contraction"] = nullptr;
    if (object.contains("setup"))
        add(object["setup"], "optimum_loss", "optimum_regularizer", "optimum_objective");
}

Confusion confusionFromJson(const json& rows) {
    const bool sound = rows.is_array() && std::ranges::all_of(rows, [&](const json& row) {
                           return row.is_array() && row.size() == rows.size() &&
                                  std::ranges::all_of(row, &json::is_number_unsigned);
                       });
    if (!sound)
        throw InputError("is not a square of counts");
    return rows.get<Confusion>();
}

/// Calls `change` with each number of a model that may not be finite: a diverged one's.
template <class Change>
void forEachParameter(json& model, Change&& change) {
    const auto visit = [&](json& parameters) {
        if (parameters.contains("intercept"))
            change(parameters["intercept"]);
        if (parameters.contains("weights") && parameters["weights"].is_array())
            for (json& weight : parameters["weights"])
                change(weight);
    };
    visit(model);
    if (model.contains("classes") && model["classes"].is_array())
        for (json& one : model["classes"])
            if (one.is_object())
                visit(one);
}

json modelJson(const LinearModel& model) {
    json object = toJson(model);
    forEachParameter(object, [](json& value) { value = json_fields::write(value.get<double>()); });
    return object;
}

LinearModel sessionModel(json object) {
    if (object.is_object())
        forEachParameter(object, [](json& value) {
            double number = 0;
            json_fields::read(value, number);
            value = number;
        });
    return modelFromJson(object, "the model");
}

} // namespace

json columnsOf(std::span<const EpochRecord> epochs) {
    json columns = json::object();
    for (const auto& epoch : epochs) {
        const json object = exactJson(epoch); // must outlive items()
        for (const auto& [key, value] : object.items())
            columns[key].push_back(value);
    }
    return columns;
}

std::vector<EpochRecord> epochsFromColumns(const json& columns) {
    if (!columns.is_object())
        throw InputError("is not an object of columns");
    const std::size_t count = columns.empty() ? 0 : columns.begin()->size();
    for (const auto& [key, column] : columns.items())
        if (!column.is_array() || column.size() != count)
            throw InputError(key + ": differs in length from the other columns");
    std::vector<EpochRecord> epochs;
    epochs.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        json object;
        for (const auto& [key, column] : columns.items())
            object[key] = column[i];
        epochs.push_back(epochFromJson(object));
        if (epochs.back().position() <= (i == 0 ? 0 : epochs[i - 1].position()))
            throw InputError("epoch: " + std::to_string(epochs.back().epoch) +
                             " does not follow the one before");
    }
    return epochs;
}

json toJson(const SessionRun& run) {
    json object = {{"visible", run.visible},
                   {"failed", run.failed},
                   {"spec", toJson(run.spec)},
                   {"setup", run.setup ? setupJson(*run.setup) : json()},
                   {"initial", run.initial ? exactJson(*run.initial) : json()},
                   {"epochs", columnsOf(run.epochs)},
                   {"steps", columnsOf(run.steps)},
                   {"confusion", run.confusion},
                   {"status", run.status ? json(nameOf(*run.status)) : json()},
                   {"model", run.status ? modelJson(run.model) : json()}};
    for (const auto& field : kRunFields)
        object[field.name] = getField(run, field);
    for (const auto& field : kOriginFields)
        object[field.name] = getField(run, field);
    return object;
}

SessionRun sessionRunFromJson(const json& written) {
    json object = written;
    SessionRun run;
    setFields(run, kRunFields, object);
    if (object.contains(kOriginFields[0].name))
        setFields(run, kOriginFields, object);
    if (run.id < 0)
        throw InputError("id: " + std::to_string(run.id) + " is less than 0");
    run.visible = yesNo(object, "visible");
    run.failed = yesNo(object, "failed");
    run.spec = within("spec", [&] { return specFromJson(part(object, "spec")); });
    addObjectives(object, {run.spec.loss, run.spec.classWeights});
    run.epochs = within("epochs", [&] { return epochsFromColumns(part(object, "epochs")); });
    if (object.contains("steps")) // earlier versions had none
        run.steps = within("steps", [&] { return epochsFromColumns(object["steps"]); });
    if (object.contains("confusion"))
        run.confusion = within("confusion", [&] { return confusionFromJson(object["confusion"]); });
    if (!part(object, "setup").is_null()) {
        run.setup = within("setup", [&] { return setupFromJson(object["setup"]); });
        run.initial = within("initial", [&] { return epochFromJson(part(object, "initial")); });
    } else if (!run.epochs.empty()) {
        throw InputError("setup: is missing though there are epochs");
    }
    if (const json& status = part(object, "status"); !status.is_null()) {
        if (!status.is_string())
            throw InputError("status: " + status.dump() + " is not a text");
        if (!run.setup)
            throw InputError("setup: is missing though the run ended");
        run.status = parseName<RunStatus>(status.get<std::string>(), "status");
        run.model = within("model", [&] { return sessionModel(part(object, "model")); });
    }
    return run;
}

} // namespace zipml
