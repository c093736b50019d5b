#include "ui/quantizer/levels_section.h"

#include "ui/quantizer/level_plot.h"
#include "ui/quantizer/quantizer_model.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>

namespace zipml::ui {

LevelsSection::LevelsSection(QWidget* parent) : PanelSection(tr("Levels"), parent) {
    bits_ = new QSpinBox(this);
    bits_->setRange(1, QuantizerModel::kMostBits);
    bits_->setSuffix(tr(" bits"));
    bits_->setObjectName("levelBits");
    bits_->setAccessibleName(tr("Bits of the levels"));
    bits_->setToolTip(tr("b bits tell 2^b levels apart"));
    slider_ = new QSlider(Qt::Horizontal, this);
    slider_->setRange(1, QuantizerModel::kMostBits);
    slider_->setPageStep(1);
    slider_->setTickPosition(QSlider::TicksBelow);
    slider_->setTickInterval(1);
    slider_->setObjectName("levelBitsSlider");
    slider_->setAccessibleName(tr("Bits of the levels, slider"));
    slider_->setToolTip(bits_->toolTip());
    connect(bits_, &QSpinBox::valueChanged, slider_, &QSlider::setValue);
    connect(slider_, &QSlider::valueChanged, bits_, &QSpinBox::setValue);
    connect(bits_, &QSpinBox::valueChanged, this, &LevelsSection::bitsChanged);
    auto* both = new QWidget(this);
    auto* row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addWidget(slider_, 1);
    row->addWidget(bits_);
    addLabelled(tr("&Bits"), both, bits_);
    count_ = addNote("levelCount");
    insert_ = new QPushButton(tr("Add"), this);
    insert_->setObjectName("insertLevel");
    insert_->setAccessibleName(tr("Add a level"));
    remove_ = new QPushButton(tr("Remove"), this);
    remove_->setObjectName("removeLevel");
    remove_->setAccessibleName(tr("Remove the selected level"));
    connect(insert_, &QPushButton::clicked, this, &LevelsSection::insertRequested);
    connect(remove_, &QPushButton::clicked, this, &LevelsSection::removeRequested);
    auto* buttons = new QWidget(this);
    auto* buttonRow = new QHBoxLayout(buttons);
    buttonRow->setContentsMargins(0, 0, 0, 0);
    buttonRow->setSpacing(6);
    buttonRow->addWidget(insert_);
    buttonRow->addWidget(remove_);
    form_->addRow(buttons);
    selected_ = new QLabel(this);
    selected_->setObjectName("selectedLevel");
    selected_->setAccessibleName(tr("Selected level"));
    selected_->setForegroundRole(QPalette::PlaceholderText);
    selected_->setWordWrap(true);
    form_->addRow(selected_);
}

void LevelsSection::show(QuantizerModel& model, const LevelPlot& plot) {
    const QSignalBlocker quiet(bits_);
    bits_->setValue(model.bits());
    slider_->setValue(model.bits());
    const auto& levels = model.levels();
    count_->setText(levels.empty() ? tr("up to %1 levels").arg(1 << model.bits())
                                   : tr("%1 levels").arg(levels.size()));
    const bool any = levels.size() >= 2;
    insert_->setEnabled(any && levels.size() < LevelEditor::kMost);
    insert_->setToolTip(!any ? tr("There are no levels yet")
                        : insert_->isEnabled()
                            ? tr("Add a level beside the selected one, or in the widest gap "
                                 "(Insert, in the plot)")
                            : tr("There are %1 levels: no more").arg(LevelEditor::kMost));
    const auto selected = plot.selected();
    remove_->setEnabled(selected.has_value());
    remove_->setToolTip(selected ? tr("Remove the selected level (Delete, in the plot)")
                                 : tr("Select a level first: click it, or Tab to it in the plot"));
    selected_->setText(selected ? tr("Level %1 of %2 at %3")
                                      .arg(*selected + 1)
                                      .arg(levels.size())
                                      .arg(levels[*selected], 0, 'g', 6)
                       : any ? tr("Drag a level in the plot, or Tab to it")
                             : QString());
}

} // namespace zipml::ui
