#include "ui/networks/predictions_view.h"

#include "ui/networks/network_images.h"
#include "ui/networks/predictions_model.h"
#include "ui/networks/probability_bars.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace zipml::ui {
namespace {

constexpr int kPictureSide = 96;

} // namespace

PredictionsView::PredictionsView(QWidget* parent)
    : NetworkView(parent), model_(new PredictionsModel(this)), grid_(new QListView(this)),
      wrongOnly_(new QCheckBox(tr("Wrong onl&y"), this)), class_(new QComboBox(this)),
      count_(new QLabel(this)), empty_(new QLabel(this)), picture_(new QLabel(this)),
      title_(new QLabel(this)), details_(new QWidget(this)),
      bars_(new ProbabilityBars("predictionBars", this)) {
    build();
    connect(wrongOnly_, &QCheckBox::toggled, this, &PredictionsView::filterChanged);
    connect(class_, &QComboBox::currentIndexChanged, this, &PredictionsView::filterChanged);
    connect(grid_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& now) {
                if (now.isValid())
                    chosen_ = model_->image(now.row());
                showChosen();
            });
    show(nullptr);
}

void PredictionsView::build() {
    grid_->setObjectName("predictions");
    grid_->setAccessibleName(tr("Test images with their predicted classes"));
    grid_->setModel(model_);
    grid_->setItemDelegate(new PredictionDelegate(grid_));
    grid_->setFlow(QListView::LeftToRight);
    grid_->setWrapping(true);
    grid_->setResizeMode(QListView::Adjust);
    grid_->setUniformItemSizes(true);
    grid_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    grid_->setFrameShape(QFrame::NoFrame);
    grid_->setMinimumHeight(110);
    grid_->setMinimumWidth(180);
    wrongOnly_->setObjectName("wrongOnly");
    wrongOnly_->setToolTip(tr("Only test images that are not recognized"));
    class_->setObjectName("predictionClass");
    class_->setAccessibleName(tr("True class of the images shown"));
    class_->setToolTip(class_->accessibleName());
    class_->addItem(tr("all classes"));
    class_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    class_->setMinimumContentsLength(12);
    count_->setForegroundRole(QPalette::PlaceholderText);
    empty_->setForegroundRole(QPalette::PlaceholderText);
    empty_->setAlignment(Qt::AlignCenter);
    empty_->setWordWrap(true);
    picture_->setFixedSize(kPictureSide, kPictureSide);
    picture_->setAccessibleName(tr("The chosen image"));
    title_->setWordWrap(true);
    title_->setObjectName("predictionTitle");

    auto* line = new QHBoxLayout;
    line->addWidget(wrongOnly_);
    line->addWidget(class_);
    line->addWidget(count_, 1);
    auto* left = new QVBoxLayout;
    left->setSpacing(4);
    left->addLayout(line);
    left->addWidget(grid_, 1);
    left->addWidget(empty_, 1);
    auto* head = new QHBoxLayout;
    head->addWidget(picture_);
    head->addWidget(title_, 1);
    auto* right = new QVBoxLayout(details_);
    right->setContentsMargins(0, 0, 0, 0);
    right->addLayout(head);
    right->addWidget(bars_, 1);
    details_->setMaximumWidth(300);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 12, 6);
    layout->setSpacing(12);
    layout->addLayout(left, 3);
    layout->addWidget(details_, 1);
}

void PredictionsView::show(const NetworkRun* run) {
    model_->show(run != nullptr ? run->snapshot : nullptr);
    if (const auto* snapshot = model_->snapshot()) {
        const auto& classes = snapshot->model.classes;
        QStringList names{tr("all classes")};
        for (const auto& name : classes)
            names << QString::fromStdString(name);
        bool same = class_->count() == names.size();
        for (int i = 0; same && i < class_->count(); ++i)
            same = class_->itemText(i) == names[i];
        if (!same) { // of other data
            const QSignalBlocker quiet(class_);
            class_->clear();
            class_->addItems(names);
            model_->setFilter(wrongOnly_->isChecked(), -1);
        }
    }
    choose(std::max(0, model_->rowOf(chosen_)));
}

void PredictionsView::filterChanged() {
    model_->setFilter(wrongOnly_->isChecked(), class_->currentIndex() - 1);
    choose(std::max(0, model_->rowOf(chosen_)));
}

void PredictionsView::choose(int row) {
    const bool any = model_->rowCount() > 0, evaluated = model_->snapshot() != nullptr;
    grid_->setVisible(any);
    details_->setVisible(any);
    empty_->setVisible(!any);
    empty_->setText(evaluated ? tr("None: every image of this choice is recognized.")
                              : tr("Test images appear with the next evaluation of a run."));
    wrongOnly_->setEnabled(evaluated);
    class_->setEnabled(evaluated);
    count_->setText(
        evaluated ? tr("%1 of %2 images").arg(model_->rowCount()).arg(model_->snapshot()->images->size())
                  : QString());
    if (any)
        grid_->setCurrentIndex(model_->index(row));
    showChosen();
}

void PredictionsView::showChosen() {
    const QModelIndex now = grid_->currentIndex();
    const auto* snapshot = model_->snapshot();
    if (!now.isValid() || snapshot == nullptr)
        return bars_->clear();
    const std::size_t image = model_->image(now.row());
    bars_->show(snapshot->model.classes, model_->probabilities(now.row()), snapshot->images->labels[image]);
    picture_->setPixmap(QPixmap::fromImage(
        now.data(Qt::DecorationRole)
            .value<QImage>()
            .scaled(kPictureSide, kPictureSide, Qt::KeepAspectRatio, Qt::FastTransformation)));
    title_->setText(tr("Test image %1\nis %2\ntaken for %3")
                        .arg(image + 1)
                        .arg(now.data(PredictionsModel::kTruthRole).toString(),
                             now.data(PredictionsModel::kPredictedRole).toString()));
}

} // namespace zipml::ui
