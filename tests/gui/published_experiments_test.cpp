// Published experiments in the gallery: what they need, run, stop, go on, report; they outlive the window.

#include "core/base/error.h"
#include "core/reproduce/sweep_experiment.h"
#include "tests/support/gui_test.h"
#include "ui/gallery/experiments_panel.h"
#include "ui/gallery/gallery_dialog.h"

#include <QDesktopServices>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QTabWidget>
#include <QTextBrowser>
#include <QTreeWidget>

using namespace zipml;

namespace {

/// A run of a fraction of a second on cadata, whatever that file holds.
constexpr const char* kTiny = R"json({
  "title": "Tiny", "published": "A claim (read).", "method": "Two runs.", "seconds": {"full": 100, "quick": 2},
  "data": ["cadata"], "base": {"data": "synthetic:5x200", "epochs": 2, "bias_draws": 0},
  "groups": [{"set": {"estimator": "full"}}, {"set": {"estimator": "double", "bits": 8}}],
  "charts": [{"title": "T", "caption": "c", "x": "epoch", "y": "train_loss", "x_label": "x", "y_label": "y",
              "lines": [{"name": "Double", "with": {"estimator": "double"}}]}],
  "claims": [{"name": "tiny", "paper": "Eight bits do (read)", "say": "excess at 8 bits",
              "value": ["excess", {"estimator": "double"}], "at_most": 1000}]})json";

/// Works until it is stopped.
class Endless final : public Experiment {
  public:
    [[nodiscard]] std::string name() const override { return "endless"; }
    [[nodiscard]] std::string title() const override { return "Endless"; }
    [[nodiscard]] std::string published() const override { return "p"; }
    [[nodiscard]] std::string method() const override { return "m"; }
    [[nodiscard]] double expectedSeconds(bool) const override { return 1; }
    Outcome run(Workplace& place) const override {
        while (!place.control().stopRequested()) {
            place.report(0.5, "half of it");
            QThread::msleep(1);
        }
        Outcome outcome;
        outcome.complete = false;
        return outcome;
    }
};

Experiments twoExperiments() {
    Experiments all;
    all.push_back(std::make_unique<SweepExperiment>(kTiny, "tiny"));
    all.push_back(std::make_unique<Endless>());
    return all;
}

} // namespace

class PublishedExperimentsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> folder_;
    std::unique_ptr<ui::ReproduceWorker> worker_;
    std::unique_ptr<ui::GalleryDialog> gallery_;

    template <class Widget>
    Widget* part(const char* name) const {
        return gallery_->findChild<Widget*>(name);
    }
    QTreeWidget* list() const { return part<QTreeWidget>("experiments"); }
    QString status() const { return part<QLabel>("experimentStatus")->text(); }
    void select(int row) const { list()->setCurrentItem(list()->topLevelItem(row)); }
    bool waitFor(const std::function<bool()>& condition) const {
        return QTest::qWaitFor(condition, static_cast<int>(60'000 * test::timeScale()));
    }
    bool waitUntilIdle() const {
        return waitFor([&] { return !worker_->active(); });
    }
    void open() {
        gallery_ = std::make_unique<ui::GalleryDialog>(*worker_);
        gallery_->showExperiments();
        gallery_->show();
        QVERIFY(QTest::qWaitForWindowExposed(gallery_.get()));
        QVERIFY(waitFor([&] { return list()->topLevelItemCount() == 3; }));
        part<QLineEdit>("experimentData")->setText(folder_->filePath("data"));
        part<QLineEdit>("experimentResults")->setText(folder_->filePath("results"));
    }

  public slots:
    void openUrl(const QUrl& url) { opened_ = url; }

  private:
    QUrl opened_;

  private slots:
    void initTestCase() {
        test::useOwnSettings();
        QDesktopServices::setUrlHandler("file", this, "openUrl");
    }
    void cleanupTestCase() { QDesktopServices::unsetUrlHandler("file"); }
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir(folder_->path()).mkdir("data"));
        worker_ = std::make_unique<ui::ReproduceWorker>(nullptr, twoExperiments);
        open();
    }
    void cleanup() {
        gallery_.reset();
        worker_.reset();
    }

    void showsWhatTheyClaimAndNeed() {
        QCOMPARE(list()->topLevelItem(0)->text(0), QString("All experiments"));
        QCOMPARE(list()->topLevelItem(1)->text(0), QString("Tiny"));
        QCOMPARE(list()->topLevelItem(1)->text(1), QString("2 s"));
        QCOMPARE(list()->topLevelItem(1)->text(2), QString("2 min"));
        QCOMPARE(list()->topLevelItem(1)->text(3), QString("1 of 1 missing"));
        QCOMPARE(list()->topLevelItem(2)->text(3), QString("none needed"));
        const auto about = [&] { return part<QTextBrowser>("experimentAbout")->toPlainText(); };
        for (const char* each :
             {"A claim (read).", "Two runs.", "zipml fetch cadata", "zipml reproduce tiny"})
            QVERIFY2(about().contains(each), each);
        QVERIFY(part<QRadioButton>("fullSettings")->text().contains("2 min"));
        QFile file(folder_->filePath("data/cadata"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        gallery_->experiments().refresh();
        QCOMPARE(list()->topLevelItem(1)->text(3), QString("here"));
        QVERIFY(!about().contains("Missing"));
        QVERIFY(!part<QPushButton>("openReport")->isEnabled());
        QVERIFY(!part<QPushButton>("stopExperiment")->isEnabled());
        QSignalSpy wanted(&gallery_->experiments(), &ui::ExperimentsPanel::fetchWanted);
        part<QPushButton>("fetchForExperiment")->click();
        QCOMPARE(wanted.size(), 1);
    }

    void runsAndOpensTheReport() {
        QFile file(folder_->filePath("data/cadata"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        part<QRadioButton>("fullSettings")->setChecked(true);
        list()->setFocus();
        QTest::keyClick(list(), Qt::Key_Return); // Run is the default
        QVERIFY(worker_->active() && !part<QPushButton>("runExperiment")->isEnabled());
        QVERIFY(waitUntilIdle());
        QVERIFY2(status().contains("1 hold"), qPrintable(status()));
        QCOMPARE(part<QProgressBar>("experimentProgress")->value(), 1000);
        QVERIFY(part<QTextBrowser>("experimentAbout")->toPlainText().contains("Holds"));
        const QString report = folder_->filePath("results/full/report.html");
        QVERIFY(QFile::exists(report));
        QVERIFY(QFile::exists(folder_->filePath("results/full/figures/tiny-1.svg")));
        part<QPushButton>("openReport")->click();
        QCOMPARE(opened_.toLocalFile(), report);
        part<QRadioButton>("quickSettings")->setChecked(true); // has a report of its own
        QVERIFY(!part<QPushButton>("openReport")->isEnabled());
    }

    void stopsAndGoesOn() {
        select(2);
        part<QPushButton>("runExperiment")->click();
        QVERIFY(waitFor([&] { return status().contains("half of it"); }));
        QVERIFY(part<QProgressBar>("experimentProgress")->isVisible());
        part<QPushButton>("stopExperiment")->click();
        QVERIFY(waitUntilIdle());
        QVERIFY2(status().contains("kept"), qPrintable(status()));
        QVERIFY(part<QPushButton>("runExperiment")->isEnabled());
        QVERIFY(!part<QPushButton>("stopExperiment")->isEnabled());
        select(1);
        part<QPushButton>("runExperiment")->click();
        QVERIFY(waitUntilIdle());
        QVERIFY(!worker_->failed());
    }

    void closingTheGalleryLeavesItRunning() {
        select(2);
        part<QPushButton>("runExperiment")->click();
        gallery_.reset();
        QVERIFY(worker_->active());
        open();
        QVERIFY(waitFor([&] { return status().contains("half of it"); }));
        QVERIFY(!part<QPushButton>("runExperiment")->isEnabled());
        QVERIFY(part<QPushButton>("stopExperiment")->isEnabled());
        gallery_.reset();
        worker_.reset(); // as when the program ends: it stops
    }

    void faultIsSaid() {
        QFile file(folder_->filePath("results"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        part<QPushButton>("runExperiment")->click();
        QVERIFY(waitUntilIdle());
        QVERIFY(worker_->failed());
        QVERIFY2(status().contains("results"), qPrintable(status()));
        QVERIFY(part<QPushButton>("runExperiment")->isEnabled());
    }
};

QTEST_MAIN(PublishedExperimentsTest)
#include "published_experiments_test.moc"
