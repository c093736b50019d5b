// The part of TrainingPage that says how its plots and table are looked at, for a session's file.

#include "ui/runs/run_table.h"
#include "ui/training/training_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSlider>
#include <QTableView>

#include <nlohmann/json.hpp>

namespace zipml::ui {
namespace {

/// What decides how the plots look; each is found by its name.
constexpr const char* kCombos[] = {"xAxis", "secondPlotQuantity", "lossScale"};
constexpr const char* kChecks[] = {"lossLogarithmic", "biasLogarithmic", "seedBands", "logX"};

} // namespace

nlohmann::json TrainingPage::view() const {
    nlohmann::json view = nlohmann::json::object();
    for (const char* name : kCombos)
        if (const auto* combo = findChild<QComboBox*>(name))
            view[name] = combo->currentIndex();
    for (const char* name : kChecks)
        if (const auto* check = findChild<QCheckBox*>(name))
            view[name] = check->isChecked();
    view["smoothing"] = findChild<QSlider*>("smoothing")->value();
    view["looks"] = plots().looksJson();
    view["notes"] = plots().notes();
    view["table"] = runTable().state();
    view["selected"] = table().currentIndex().row();
    return view;
}

void TrainingPage::showView(const nlohmann::json& view) {
    const auto number = [&](const char* name, int most) {
        const bool fits = view.contains(name) && view[name].is_number_integer();
        const auto value = fits ? view[name].get<std::int64_t>() : -1;
        return value >= 0 && value < most ? static_cast<int>(value) : -1;
    };
    for (const char* name : kCombos)
        if (auto* combo = findChild<QComboBox*>(name))
            if (const int index = number(name, combo->count()); index >= 0)
                combo->setCurrentIndex(index);
    for (const char* name : kChecks)
        if (auto* check = findChild<QCheckBox*>(name))
            if (view.contains(name) && view[name].is_boolean())
                check->setChecked(view[name].get<bool>());
    if (auto* smoothing = findChild<QSlider*>("smoothing"); number("smoothing", 100) >= 0)
        smoothing->setValue(number("smoothing", 100));
    plots().setLooksJson(view.value("looks", nlohmann::json::object()));
    plots().setNotes(view.value("notes", nlohmann::json::array()));
    runTable().setState(view.value("table", nlohmann::json::object()));
    if (const int row = number("selected", table().model()->rowCount()); row >= 0)
        table().selectRow(row);
}

} // namespace zipml::ui
