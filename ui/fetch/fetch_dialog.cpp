#include "ui/fetch/fetch_dialog.h"

#include "ui/widgets/folder_row.h"
#include "ui/widgets/row_list.h"
#include "ui/widgets/text.h"
#include "ui/widgets/work_progress.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

namespace zipml::ui {
namespace {

enum Column { kName, kTask, kShape, kSize, kState, kLicence };

QString stateText(FetchState state) {
    return state == FetchState::Here      ? FetchDialog::tr("here")
           : state == FetchState::Partial ? FetchDialog::tr("partly here")
                                          : FetchDialog::tr("not here");
}

QString checkedBy(const CatalogueEntry& entry) {
    for (const auto& download : entry.downloads)
        if (download.checksum.empty())
            return FetchDialog::tr("Checksum: not published for every file; rows and features are counted.");
    return FetchDialog::tr("Verified by checksum.");
}

} // namespace

FetchDialog::FetchDialog(QWidget* parent, std::vector<CatalogueEntry> catalogue)
    : QDialog(parent), catalogue_(std::move(catalogue)) {
    setWindowTitle(tr("Fetch a data set"));
    buildList();
    details_ = new QLabel(this);
    details_->setObjectName("fetchDetails");
    details_->setTextFormat(Qt::RichText);
    details_->setTextInteractionFlags(Qt::TextBrowserInteraction);
    details_->setOpenExternalLinks(true);
    details_->setAccessibleName(tr("About the data set"));
    details_->setWordWrap(true);
    details_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    details_->setMinimumHeight(details_->fontMetrics().lineSpacing() * 6);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(list_, 1);
    layout->addWidget(details_);
    folder_ = new FolderRow(tr("Fo&lder"), "fetchFolder", tr("Folder for the files"), this);
    folder_->setFolder(QString::fromStdString(defaultDataFolder().string()));
    folder_->setExplanation(tr("Where the files go; it is made if it is not there"));
    layout->addWidget(folder_);
    progress_ = new WorkProgress("fetch", tr("Share that is fetched"), this);
    layout->addWidget(progress_);
    layout->addWidget(buildButtons());
    resize(900, 510);

    connect(list_, &QTreeWidget::currentItemChanged, this, &FetchDialog::showSelection);
    connect(folder_, &FolderRow::changed, this, &FetchDialog::showStates);
    constexpr int kPollMilliseconds = 50;
    job_.deliver(kPollMilliseconds, [this](const JobNews& news) { receive(news); });
    showStates();
    list_->select(0);
    list_->setFocus();
}

void FetchDialog::buildList() {
    list_ = new RowList("fetchList", tr("Data sets"),
                        {tr("Data set"), tr("Task"), tr("Training rows × features"), tr("To fetch"),
                         tr("State"), tr("Licence")},
                        {kShape, kSize}, this);
    list_->header()->setStretchLastSection(true);
    for (const auto& entry : catalogue_) {
        auto* item = list_->addRow(toQt(entry.name), toQt(entry.title));
        item->setText(kTask, toQt(nameOf(entry.task)));
        item->setText(kShape, toQt(shapeOf(entry)).replace(" x ", " × "));
        item->setText(kSize, toQt(fetchSizeText(entry)));
        item->setText(kLicence, toQt(entry.licence));
    }
}

QWidget* FetchDialog::buildButtons() {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    const auto add = [&](const QString& title, const char* name) {
        auto* button = new QPushButton(title, row);
        button->setObjectName(name);
        layout->addWidget(button);
        return button;
    };
    fetch_ = add(tr("&Fetch"), "fetchStart");
    fetch_->setDefault(true);
    cancel_ = add(tr("&Cancel"), "fetchCancel");
    cancel_->setToolTip(tr("Stops; what has come is kept, and the download goes on from there later"));
    layout->addStretch(1);
    open_ = add(tr("&Open"), "fetchOpen");
    auto* close = add(tr("Clo&se"), "fetchClose");
    close->setToolTip(tr("A download that is under way stops; what has come is kept"));
    connect(fetch_, &QPushButton::clicked, this, &FetchDialog::fetch);
    connect(cancel_, &QPushButton::clicked, this, [this] { job_.stop(); });
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(open_, &QPushButton::clicked, this, [this] {
        const auto* entry = selected();
        const auto spec = entry == nullptr ? std::nullopt : dataSpecOf(*entry, folder_->folder());
        if (!spec)
            return;
        accept();
        emit opened(*spec);
    });
    return row;
}

const CatalogueEntry* FetchDialog::selected() const {
    const int row = list_->selectedRow();
    return row < 0 ? nullptr : &catalogue_[static_cast<std::size_t>(row)];
}

void FetchDialog::setFolder(const std::filesystem::path& folder) {
    folder_->setFolder(QString::fromStdString(folder.string()));
}

void FetchDialog::showStates() {
    for (int row = 0; row < list_->topLevelItemCount(); ++row)
        list_->topLevelItem(row)->setText(
            kState, stateText(stateOf(catalogue_[static_cast<std::size_t>(row)], folder_->folder())));
    updateButtons();
}

void FetchDialog::showSelection() {
    if (const auto* entry = selected()) {
        const auto line = [](const QString& title, const QString& value) {
            return QString("<br>%1: %2").arg(title, value);
        };
        const QString page = toQt(entry->page).toHtmlEscaped();
        QString about = "<b>" + toQt(entry->title).toHtmlEscaped() + "</b>";
        if (entry->testRows > 0)
            about += line(tr("Test rows"),
                          QLocale(QLocale::English).toString(static_cast<qulonglong>(entry->testRows)));
        about += line(tr("Licence"), toQt(entry->licence).toHtmlEscaped());
        about += line(tr("Cite"), toQt(entry->citation).toHtmlEscaped());
        about += line(tr("Page"), QString("<a href=\"%1\">%1</a>").arg(page));
        about += "<br>" + checkedBy(*entry);
        details_->setText(about);
    }
    if (!active_) {
        progress_->setText({});
        progress_->hideBar();
    }
    updateButtons();
}

void FetchDialog::updateButtons() {
    const auto* entry = selected();
    const bool busy = active_;
    const auto state = entry == nullptr ? FetchState::Absent : stateOf(*entry, folder_->folder());
    const bool readable = entry != nullptr && dataSpecOf(*entry, folder_->folder()).has_value();
    list_->setEnabled(!busy);
    folder_->setEnabled(!busy);
    cancel_->setEnabled(busy);
    fetch_->setEnabled(!busy && entry != nullptr && !folder_->isEmpty());
    fetch_->setText(state == FetchState::Here      ? tr("Veri&fy")
                    : state == FetchState::Partial ? tr("Go on (&fetch)")
                                                   : tr("&Fetch"));
    fetch_->setToolTip(state == FetchState::Here ? tr("Looks whether the files are what they should be")
                                                 : tr("Downloads it to the folder and verifies it"));
    open_->setEnabled(!busy && readable && state == FetchState::Here);
    open_->setToolTip(entry == nullptr ? QString()
                      : !readable      ? tr("The Training page takes tables; images are for networks: %1")
                                        .arg(QString::fromStdString(trainCommand(*entry, folder_->folder())))
                      : state != FetchState::Here ? tr("Fetch it first")
                                                  : tr("Shows it on the Training page"));
}

void FetchDialog::fetch() {
    const auto* entry = selected();
    if (entry == nullptr || active_)
        return;
    progress_->setShare(0);
    progress_->setText(tr("Connecting…"));
    active_ = true;
    job_.start([entry = *entry, folder = folder_->folder()](const Job& job, RunControl&) {
        fetchDataset(entry, folder, job);
    });
    updateButtons();
    cancel_->setFocus();
}

void FetchDialog::receive(const JobNews& news) {
    if (news.share) {
        progress_->setShare(*news.share);
        progress_->setText(news.phase);
    }
    if (!news.finished)
        return;
    active_ = false;
    if (!news.error.isEmpty())
        return finish(news.error, true);
    if (news.stopped)
        return finish(tr("Stopped. What has come is kept: Go on continues from there."), false);
    progress_->setShare(1);
    finish(tr("Complete and verified."), false);
    (open_->isEnabled() ? open_ : fetch_)->setFocus();
}

void FetchDialog::finish(const QString& message, bool error) {
    if (error)
        progress_->hideBar();
    showStates();
    progress_->setText(message);
    fetch_->setFocus();
}

} // namespace zipml::ui
