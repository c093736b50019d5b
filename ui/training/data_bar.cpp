#include "ui/training/data_bar.h"

#include "core/lab/proposal.h"
#include "ui/experiment/data_preview.h"
#include "ui/experiment/data_summary.h"
#include "ui/experiment/experiment_model.h"
#include "ui/widgets/setting_words.h"

#include <QAction>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace zipml::ui {
namespace {

/// "Loss Logistic (10 classes)"
QString inWords(const Proposal& proposal) {
    const nlohmann::json spec = toJson(proposal.spec);
    QStringList all;
    for (const auto& [key, why] : proposal.changes) {
        const nlohmann::json& value = spec.at(std::string(key));
        const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
        all << DataBar::tr("%1 %2 (%3)")
                   .arg(titleOf(key), valueTitle(key, text), QString::fromStdString(why));
    }
    return all.join(", ");
}

} // namespace

DataBar::DataBar(ExperimentModel& experiment, const QList<QAction*>& compare, QWidget* parent)
    : QFrame(parent), experiment_(experiment), text_(new QLabel(this)) {
    setObjectName("ownDataBar");
    setFrameShape(QFrame::StyledPanel);
    text_->setObjectName("dataBarText");
    text_->setWordWrap(true);
    text_->setTextFormat(Qt::PlainText);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* close = new QToolButton(this);
    close->setText("✕");
    close->setAutoRaise(true);
    close->setObjectName("dataBarClose");
    close->setAccessibleName(tr("Close what was set for the data"));
    close->setToolTip(close->accessibleName());
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    auto* top = new QHBoxLayout;
    top->addWidget(text_, 1);
    top->addWidget(close, 0, Qt::AlignTop);
    auto* buttons = new QGridLayout; // in two columns: three side by side would not fit beside the lessons
    for (QAction* action : compare) {
        auto* button = new QPushButton(action->text(), this);
        button->setObjectName(action->objectName() + "Button");
        button->setToolTip(action->statusTip());
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, this, [this, button, action] {
            button->setEnabled(false); // the Run menu starts it again
            action->trigger();
            if (std::ranges::none_of(buttons_, &QWidget::isEnabled))
                hide();
        });
        buttons->addWidget(button, static_cast<int>(buttons_.size() / 2),
                           static_cast<int>(buttons_.size() % 2));
        buttons_ << button;
    }
    buttons->setColumnStretch(2, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 8, 8);
    column->addLayout(top);
    column->addLayout(buttons);
    connect(&experiment_.preview(), &DataPreview::proposed, this, &DataBar::showProposal);
    connect(&experiment_, &ExperimentModel::changed, this, [this] {
        if (experiment_.data().source != source_)
            hide();
    });
    hide();
}

void DataBar::showProposal() {
    const DataPreview& preview = experiment_.preview();
    source_ = experiment_.data().source;
    const DataReport& report = *preview.report();
    const QString what = tr("%1: %2 rows × %3 features.")
                             .arg(QFileInfo(QString::fromStdString(source_)).fileName(), counted(report.rows),
                                  counted(report.features));
    const QString set = inWords(*preview.proposal());
    text_->setText(set.isEmpty() ? tr("%1 The settings suit it as they are.").arg(what)
                                 : tr("%1 Set for it: %2. Edit > Undo takes it back.").arg(what, set));
    for (QPushButton* button : buttons_)
        button->setEnabled(true);
    show();
}

} // namespace zipml::ui
