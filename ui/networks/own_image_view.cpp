#include "ui/networks/own_image_view.h"

#include "core/deep/trained_network.h"
#include "ui/networks/network_images.h"
#include "ui/networks/probability_bars.h"
#include "ui/theme/palette.h"
#include "ui/widgets/file_dialogs.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QHBoxLayout>
#include <QImageReader>
#include <QLabel>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace zipml::ui {
namespace {

constexpr int kSide = 128;      // of the pictures shown
constexpr int kKeptSide = 1024; // of the picture kept: networks see fewer pixels
constexpr int kPollMilliseconds = 17;

QStringList pictureEndings() {
    QStringList endings;
    for (const QByteArray& format : QImageReader::supportedImageFormats())
        endings << QString::fromLatin1(format);
    return endings;
}

void showPicture(QLabel& label, const QImage& picture) {
    const bool enlarged = picture.width() < kSide;
    label.setPixmap(QPixmap::fromImage(picture.scaled(
        kSide, kSide, Qt::KeepAspectRatio, enlarged ? Qt::FastTransformation : Qt::SmoothTransformation)));
}

} // namespace

bool isPictureName(const QString& file) {
    return pictureEndings().contains(QFileInfo(file).suffix().toLower());
}

OwnImageView::OwnImageView(QWidget* parent)
    : NetworkView(parent), hint_(new QLabel(this)), pictureLabel_(new QLabel(this)),
      seenLabel_(new QLabel(this)), answer_(new QLabel(this)), shown_(new QWidget(this)),
      inverted_(new QCheckBox(tr("In&verted"), this)), open_(new QPushButton(tr("Open a p&icture…"), this)),
      paste_(new QPushButton(tr("Paste"), this)), bars_(new ProbabilityBars("ownBars", this)) {
    build();
    job_.deliver(kPollMilliseconds, [this](News news) { receive(std::move(news)); });
    connect(open_, &QPushButton::clicked, this, &OwnImageView::browse);
    connect(paste_, &QPushButton::clicked, this, &OwnImageView::paste);
    connect(inverted_, &QCheckBox::toggled, this, &OwnImageView::work);
    update();
}

void OwnImageView::build() {
    setObjectName("ownImage");
    hint_->setAlignment(Qt::AlignCenter);
    hint_->setWordWrap(true);
    hint_->setForegroundRole(QPalette::PlaceholderText);
    open_->setObjectName("openPicture");
    open_->setToolTip(tr("Choose a PNG or JPEG file"));
    paste_->setObjectName("pastePicture");
    paste_->setToolTip(tr("The picture, or the file, on the clipboard (Ctrl+V)"));
    inverted_->setObjectName("invertPicture");
    inverted_->setToolTip(
        tr("Light for dark: MNIST's digits are white on black, yours may be black on white"));
    answer_->setObjectName("ownAnswer");
    answer_->setWordWrap(true);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(open_);
    buttons->addWidget(paste_);
    buttons->addWidget(inverted_);
    buttons->addStretch(1);
    auto* row = new QHBoxLayout(shown_);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(18);
    const auto addPicture = [&](QLabel* picture, const QString& title, const char* name) {
        picture->setFixedSize(kSide, kSide);
        picture->setAlignment(Qt::AlignLeft | Qt::AlignTop); // both begin at the same height
        picture->setObjectName(name);
        picture->setAccessibleName(title);
        auto* caption = new QLabel(title, shown_);
        caption->setForegroundRole(QPalette::PlaceholderText);
        auto* column = new QVBoxLayout;
        column->setSpacing(4);
        column->addWidget(caption, 0, Qt::AlignTop);
        column->addWidget(picture, 0, Qt::AlignTop);
        column->addStretch(1);
        row->addLayout(column);
    };
    addPicture(pictureLabel_, tr("Your picture"), "ownPicture");
    addPicture(seenLabel_, tr("As the network sees it"), "ownSeen");
    auto* right = new QVBoxLayout;
    right->addWidget(answer_);
    right->addWidget(bars_, 1);
    row->addLayout(right, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->addLayout(buttons);
    layout->addWidget(shown_, 1);
    layout->addWidget(hint_, 1);
}

void OwnImageView::show(const NetworkRun* run) {
    const auto before = snapshot_;
    snapshot_ = run != nullptr ? run->snapshot : nullptr;
    runName_ = run != nullptr ? run->name : QString();
    if (snapshot_ != before && !picture_.isNull())
        work();
    update();
}

void OwnImageView::openFile(const QString& file) {
    file_ = file;
    work();
}

void OwnImageView::openPicture(const QImage& picture, const QString& name) {
    picture_ = picture;
    name_ = name;
    file_.clear();
    work();
}

void OwnImageView::paste() {
    const QMimeData* mime = QApplication::clipboard()->mimeData();
    if (mime != nullptr && mime->hasUrls() && mime->urls().first().isLocalFile())
        openFile(mime->urls().first().toLocalFile());
    else if (mime != nullptr && mime->hasImage())
        openPicture(mime->imageData().value<QImage>(), tr("The pasted picture"));
    else
        emit message(tr("There is no picture on the clipboard; copy one, or drop a file here"), true);
}

void OwnImageView::browse() {
    chooseFileToOpen(
        *this, tr("Open a picture"), [this](const QString& file) { openFile(file); }, {},
        tr("Pictures (*.%1)").arg(pictureEndings().join(" *.")));
}

/// Reads and computes in the background; what was asked for before is forgotten.
void OwnImageView::work() {
    if (file_.isEmpty() && picture_.isNull())
        return update();
    working_ = true;
    job_.replace([this, file = file_, picture = picture_, snapshot = snapshot_,
                  inverted = inverted_->isChecked()](const Job&, RunControl&) {
        Result result;
        result.picture = file.isEmpty() ? picture : readPicture(file);
        if (result.picture.width() > kKeptSide || result.picture.height() > kKeptSide)
            result.picture =
                result.picture.scaled(kKeptSide, kKeptSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
        if (snapshot) {
            const deep::Shape& shape = snapshot->model.input;
            const auto pixels = toPixels(result.picture, shape, inverted && shape.channels == 1);
            result.seen = toPicture(pixels, shape);
            constexpr int kThreads = 1; // one image is little work
            deep::TrainedNetwork network(snapshot->model, kThreads);
            result.probabilities = network.classify(pixels);
        }
        job_.tell([&](News& news) { news.result = std::move(result); });
    });
}

void OwnImageView::receive(News news) {
    if (news.result) {
        result_ = std::move(news.result);
        picture_ = result_->picture;
        if (!file_.isEmpty())
            name_ = QFileInfo(file_).fileName();
    } else if (!news.error.isEmpty()) {
        emit message(news.error, true);
    } else {
        return;
    }
    working_ = false;
    file_.clear();
    update();
}

void OwnImageView::update() {
    const bool any = !picture_.isNull();
    shown_->setVisible(any);
    hint_->setVisible(!any);
    hint_->setText(tr("Drop a picture here (PNG, JPEG), or open or paste one.\n%1")
                       .arg(snapshot_ ? tr("%1 says what it sees.").arg(runName_)
                                      : tr("A network says what it sees, once one was trained for some "
                                           "iterations.")));
    const bool grey = snapshot_ && snapshot_->model.input.channels == 1;
    inverted_->setVisible(grey);
    NetworkView::update();
    if (!any)
        return;
    showPicture(*pictureLabel_, picture_);
    if (!snapshot_ || !result_ || result_->probabilities.empty()) {
        seenLabel_->clear();
        bars_->clear();
        answer_->setText(snapshot_ ? QString() : tr("Train a network first."));
        return;
    }
    showPicture(*seenLabel_, result_->seen);
    bars_->show(snapshot_->model.classes, result_->probabilities, -1);
    const auto best = static_cast<std::size_t>(bars_->best());
    answer_->setText(tr("%1: %2 sees <b>%3</b> (%4%)")
                         .arg(name_.toHtmlEscaped(), runName_.toHtmlEscaped(),
                              QString::fromStdString(snapshot_->model.classes[best]))
                         .arg(100 * result_->probabilities[best], 0, 'f', 1));
}

void OwnImageView::paintEvent(QPaintEvent* event) {
    NetworkView::paintEvent(event);
    if (!picture_.isNull())
        return;
    QPainter painter(this);
    painter.setPen(QPen(PlotColors::ofApplication().mutedText, 1, Qt::DashLine));
    painter.drawRoundedRect(hint_->geometry().adjusted(0, 0, -1, -1), 6, 6);
}

} // namespace zipml::ui
