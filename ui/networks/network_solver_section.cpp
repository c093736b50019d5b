#include "ui/networks/network_sections.h"

#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QLocale>
#include <QSpinBox>

#include <algorithm>
#include <thread>

namespace zipml::ui {
namespace {

QString number(double value) {
    return QString::number(value, 'g', 4);
}

} // namespace

int sharedThreads() {
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) - 1);
}

NetworkSolverSection::NetworkSolverSection(QWidget* parent)
    : PanelSection(tr("Training"), parent, deepHelpOf) {
    const auto addCount = [this](const QString& label, const char* key, int most, const QString& zero) {
        auto* box = new QSpinBox(this);
        box->setRange(0, most);
        box->setSpecialValueText(zero);
        add(label, box, key);
        connect(box, &QSpinBox::valueChanged, this, &NetworkSolverSection::changed);
        return box;
    };
    const QString own = tr("network's own");
    iterations_ = addCount(tr("&Iterations"), "iterations", 10'000'000, own);
    iterations_->setSingleStep(100);
    batch_ = addCount(tr("Mini&batch"), "batch", 10'000, own);
    rate_ = add(tr("Learning rate"), new QDoubleSpinBox(this), "learning_rate");
    rate_->setDecimals(6);
    rate_->setRange(0, 10);
    rate_->setStepType(QAbstractSpinBox::AdaptiveDecimalStepType);
    rate_->setSpecialValueText(own);
    drops_ = add(tr("Dr&ops at"), new QLineEdit(this), "drops");
    evaluate_ = addCount(tr("&Evaluate every"), "evaluate_every", 10'000'000, tr("epoch"));
    seed_ = add(tr("See&d"), new QLineEdit(this), "seed");
    threads_ = add(tr("T&hreads"), new QSpinBox(this), "threads");
    threads_->setRange(1, std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
    threads_->setSuffix(threads_->maximum() == 1 ? tr(" of 1 core")
                                                 : tr(" of %1 cores").arg(threads_->maximum()));
    threads_->setToolTip(tr("All but one by default, so that the window stays quick. %1")
                             .arg(deepHelpOf("threads").section(';', 1).trimmed()));
    note_ = addNote("networkSchedule");
    connect(rate_, &QDoubleSpinBox::valueChanged, this, &NetworkSolverSection::changed);
    connect(threads_, &QSpinBox::valueChanged, this, &NetworkSolverSection::changed);
    for (auto* field : {drops_, seed_})
        connect(field, &QLineEdit::editingFinished, this, &NetworkSolverSection::changed);
}

void NetworkSolverSection::write(deep::DeepSpec& spec) const {
    spec.iterations = iterations_->value();
    spec.batch = batch_->value();
    spec.learningRate = rate_->value();
    spec.drops = drops_->text().trimmed().toStdString();
    spec.evaluateEvery = evaluate_->value();
    spec.threads = threads_->value();
    bool ok = false;
    spec.seed = seed_->text().trimmed().toULongLong(&ok);
    if (!ok)
        throw InputError("seed: '" + seed_->text().toStdString() + "' is not a whole number of 0 or more");
}

void NetworkSolverSection::show(const deep::DeepSpec& spec) {
    iterations_->setValue(spec.iterations);
    batch_->setValue(spec.batch);
    rate_->setValue(spec.learningRate);
    drops_->setText(QString::fromStdString(spec.drops));
    evaluate_->setValue(spec.evaluateEvery);
    seed_->setText(QString::number(spec.seed));
    threads_->setValue(spec.threads > 0 ? spec.threads : sharedThreads());
}

void NetworkSolverSection::describe(const deep::DeepSpec& spec) {
    // The schedule does not depend on the images.
    const deep::Solver solver =
        deep::solverOf(spec, deep::makeNetwork(spec.network, deep::Shape{3, 32, 32}, 10));
    QStringList drops;
    for (const double drop : solver.drops)
        drops << QString::number(100 * drop, 'g', 3) + "%";
    QString text = tr("%1 minibatches of %2, rate %3")
                       .arg(QLocale(QLocale::English).toString(solver.iterations))
                       .arg(solver.batch)
                       .arg(number(solver.learningRate));
    if (!drops.isEmpty())
        text += tr(", a tenth after %1").arg(drops.join(tr(" and ")));
    text += tr("; momentum %1, weight decay %2.").arg(number(solver.momentum), number(solver.weightDecay));
    note_->setText(text);
}

} // namespace zipml::ui
