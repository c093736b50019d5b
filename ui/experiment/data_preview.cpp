#include "ui/experiment/data_preview.h"

#include "core/lab/store_run.h"
#include "ui/experiment/data_summary.h"
#include "ui/experiment/experiment_model.h"

#include <algorithm>

namespace zipml::ui {

DataPreview::DataPreview(ExperimentModel& experiment, QObject* parent)
    : QObject(parent), experiment_(experiment), dataSeen_(experiment.data()) {
    constexpr int kQuickMilliseconds = 120;
    soon_.setSingleShot(true);
    soon_.setInterval(kQuickMilliseconds);
    connect(&soon_, &QTimer::timeout, this, &DataPreview::read);
    connect(&experiment_, &ExperimentModel::changed, this, &DataPreview::follow);
    connect(&inspection_, &Inspection::progress, this, &DataPreview::progress);
    connect(&inspection_, &Inspection::succeeded, this, &DataPreview::take);
    connect(&inspection_, &Inspection::failed, this, [this](const QString& error) {
        known_ = reading_;
        report_.reset();
        error_ = error;
        if (!draft_)
            experiment_.setCard(QString::fromStdString(known_->source), error);
        const bool opening = std::exchange(opening_, false);
        emit changed();
        if (opening)
            emit refused(error);
    });
}

DataSpec DataPreview::data() const {
    return draft_ ? *draft_ : experiment_.data();
}

/// The task as training finds it (core/lab/prepare.h).
DataPreview::Key DataPreview::key() const {
    const DataSpec now = data();
    // The loss of what was trained on before says nothing of a file that is being opened.
    const bool classes = !now.task && !draft_ && needsTwoClasses(experiment_.loss());
    return {now.source, now.load, classes ? Task::Classification : now.task};
}

void DataPreview::open(const QString& source) {
    const DataSpec before = experiment_.data();
    draft_.reset();
    if (before.source != source.toStdString()) {
        draft_ = DataSpec(); // what was chosen for other columns would be wrong here
        draft_->source = source.toStdString();
        if (before.scaling != usual_.data.scaling) // chosen by the person
            draft_->scaling = before.scaling;
        if (before.test.empty() && before.split != usual_.data.split)
            draft_->split = before.split;
        usual_.data = DataSpec();
        proposeFor_ = draft_->source;
    }
    opening_ = true;
    forget();
    read();
}

void DataPreview::change(const DataSpec& data) {
    if (!draft_) {
        experiment_.setData(data); // comes back by follow
        return;
    }
    draft_ = data;
    opening_ = true;
    readSoon();
    emit changed();
}

void DataPreview::setWatched(bool watched) {
    watched_ = watched;
    if (watched && !generated() && known_ != key() && !reading() && !cancelled_)
        readAgain();
}

void DataPreview::cancel() {
    soon_.stop();
    inspection_.cancel();
    letGo();
    cancelled_ = true;
    if (known_ != key())
        forget();
    emit changed();
}

void DataPreview::readAgain() {
    cancelled_ = false;
    readSoon();
    emit changed();
}

void DataPreview::follow() {
    const DataSpec now = experiment_.data();
    const bool dataChanged = now != std::exchange(dataSeen_, now);
    if (draft_) {
        if (!dataChanged && key() == known_)
            return;
        if (dataChanged) // the person chose something else meanwhile
            letGo();
    }
    if (report_ && known_ && known_->source == key().source && known_->load == key().load &&
        report_->task == key().task)
        known_ = key(); // what is asked for was found without it
    if (known_ == key()) {
        soon_.stop();
        inspection_.cancel();
        if (report_) // the loss has a say in it
            experiment_.setCard(QString::fromStdString(known_->source), cardOf(*report_, experiment_.loss()));
    } else {
        const bool same = known_ && known_->source == key().source;
        if (!same)
            forget();
        if (generated()) {
            soon_.stop();
            inspection_.cancel();
        } else if (watched_ || same || opening_) {
            cancelled_ = false;
            readSoon();
        }
    }
    emit changed();
}

void DataPreview::letGo() {
    draft_.reset();
    if (std::exchange(opening_, false))
        emit refused({});
}

void DataPreview::forget() {
    known_.reset();
    report_.reset();
    error_.clear();
}

void DataPreview::drop() {
    letGo();
    inspection_.cancel();
    soon_.stop();
    forget();
    setWatched(watched_);
    emit changed();
}

/// What is being found out is no longer asked for.
void DataPreview::readSoon() {
    inspection_.cancel();
    soon_.start();
}

void DataPreview::read() {
    soon_.stop();
    cancelled_ = false;
    reading_ = key();
    inspection_.start(QString::fromStdString(reading_.source), reading_.load, reading_.task);
    emit changed();
}

void DataPreview::take(std::shared_ptr<const DataReport> report) {
    known_ = reading_;
    report_ = std::move(report);
    error_.clear();
    settle();
    experiment_.setCard(QString::fromStdString(known_->source), cardOf(*report_, experiment_.loss()));
    const bool opening = std::exchange(opening_, false);
    emit changed();
    if (opening)
        emit opened();
}

void DataPreview::settle() {
    const bool fresh = draft_.has_value();
    const DataSpec found = data();
    draft_.reset();
    const bool proposes = proposeFor_ == found.source && report_->whyNot.empty() && !isStore(found.source);
    if (!fresh && !proposes)
        return;
    dataSeen_ = found;
    RunSpec spec = experiment_.draft();
    spec.data = found;
    if (!proposes)
        return experiment_.setData(found);
    proposeFor_.clear();
    proposal_ = proposalFor(*report_, spec, usual_);
    usual_.loss = proposal_->spec.loss;
    usual_.data = proposal_->spec.data;
    dataSeen_ = usual_.data;
    if (std::ranges::all_of(proposal_->changes, [](const auto& change) {
            return change.key != "loss" && change.key != "estimator";
        }))
        experiment_.setData(proposal_->spec.data);
    else
        experiment_.setSpec(proposal_->spec);
    emit proposed();
}

} // namespace zipml::ui
