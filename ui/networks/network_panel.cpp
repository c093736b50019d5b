#include "ui/networks/network_panel.h"

#include "ui/networks/network_sections.h"

#include <QVBoxLayout>

namespace zipml::ui {

NetworkPanel::NetworkPanel(QWidget* parent)
    : QWidget(parent), images_(new ImagesSection(this)), weights_(new WeightsSection(this)),
      solver_(new NetworkSolverSection(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(14, 4, 12, 12);
    for (QWidget* section : std::initializer_list<QWidget*>{images_, weights_, solver_})
        column->addWidget(section);
    column->addStretch(1);
    setSpec(usualSpec());
    connect(images_, &ImagesSection::changed, this, &NetworkPanel::describe);
    connect(weights_, &WeightsSection::changed, this, &NetworkPanel::describe);
    connect(solver_, &NetworkSolverSection::changed, this, &NetworkPanel::describe);
}

deep::DeepSpec NetworkPanel::usualSpec() {
    deep::DeepSpec spec;
    spec.network = deep::NetworkKind::SmallCnn;
    spec.iterations = 400;
    spec.evaluateEvery = 20;
    spec.threads = sharedThreads();
    return spec;
}

deep::DeepSpec NetworkPanel::spec() const {
    deep::DeepSpec spec = base_;
    images_->write(spec);
    weights_->write(spec);
    solver_->write(spec);
    validate(spec);
    return spec;
}

void NetworkPanel::setSpec(const deep::DeepSpec& spec) {
    base_ = spec;
    images_->show(spec);
    weights_->show(spec);
    solver_->show(spec);
    describe();
}

void NetworkPanel::setFolder(const QString& path) {
    images_->setFolder(path);
}

void NetworkPanel::describe() {
    try {
        solver_->describe(spec());
    } catch (const InputError&) { // said when it starts
    }
}

std::vector<deep::DeepSpec> networkComparison(deep::DeepSpec spec) {
    using deep::WeightMethod;
    spec.levels = 5;
    spec.name.clear();
    std::vector<deep::DeepSpec> specs;
    for (const auto method :
         {WeightMethod::Full, WeightMethod::Xnor, WeightMethod::Heuristic, WeightMethod::Optimal}) {
        spec.weights = method;
        specs.push_back(spec);
    }
    return specs;
}

} // namespace zipml::ui
