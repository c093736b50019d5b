#include "ui/advisor/advisor_worker.h"

namespace zipml::ui {

void AdvisorWorker::start(const RunSpec& base) {
    job_.replace(
        [this, base](const Job& job, RunControl&) {
            const TradeoffPlan plan = advicePlan(base);
            settingsOf(plan); // refuses what cannot be compared before it is read
            const auto data = cache_->get(base, partOf(job, 0, 0.2));
            ThreadTeam team(base.threads);
            auto advice = std::make_shared<const Advice>(advise(plan, *data, team, partOf(job, 0.2, 1)));
            job_.tell([&](AdvisorNews& news) { news.advice = std::move(advice); });
        },
        QString("%1: does not fit into memory; use fewer rows")
            .arg(QString::fromStdString(base.data.source)));
}

} // namespace zipml::ui
