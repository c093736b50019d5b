// The page of devices, on a source made up here.

#include "core/base/file.h"
#include "tests/support/gui_test.h"
#include "ui/devices/devices_page.h"
#include "ui/runs/run_table_model.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QTableWidget>

#include <atomic>
#include <fstream>

using namespace zipml;

namespace {

using Check = KernelReport::Check;

/// A good device, one whose kernel is wrong, one that takes for ever, one that breaks, and a board.
class FakeSource final : public DeviceSource {
  public:
    std::vector<DeviceReport> list() override {
        DeviceReport board{"harp-v1", "HARP v1", "published", "board", {{"Clock", "200 MHz"}}, 6.5, true, {}};
        board.kernels = {{"float32", 4, 1.6, Check::NotRun, {}}, {"4 bits", 0.5, 12.8, Check::NotRun, {}}};
        return {board, // listed first, to be shown last
                {"cpu", "Good processor", "native", "cpu", {{"Cores", "2"}}, 0, false, {}},
                {"opencl:0", "Wrong GPU", "driver 1", "gpu", {}, 0, false, {}},
                {"slow", "Slow device", "driver 2", "accelerator", {}, 0, false, {}},
                {"broken", "Broken device", "driver 3", "gpu", {}, 0, false, {}}};
    }

    DeviceReport measure(const std::string& id, const Job& job) override {
        ++measured;
        DeviceReport report;
        for (auto& each : list())
            if (each.id == id)
                report = each;
        if (id == "broken")
            throw InputError("the device was lost");
        while (id == "slow") {
            job.report(0.25, "waiting");
            job.checkpoint();
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        report.bandwidth = id == "cpu" ? 30 : 300;
        report.kernels = {{"float32", 4, report.bandwidth / 5, Check::Passed, {}},
                          {"4 bits", 0.5, report.bandwidth, Check::Passed, {}}};
        if (id == "opencl:0") {
            report.kernels[1].check = Check::Failed;
            report.kernels[1].note = "row 3 differs";
        }
        return report;
    }

    std::atomic<int> measured{0};
};

/// A page whose memory is in a folder of its own.
struct Fixture {
    QTemporaryDir folder;
    std::filesystem::path file = folder.filePath("data/devices.json").toStdString();
    std::shared_ptr<FakeSource> source = std::make_shared<FakeSource>();
    ui::ExperimentModel experiment;
    ui::DevicesPage page{experiment, {source}, file};

    Fixture() {
        if (!waitListed())
            qFatal("devices were not listed");
    }
    bool waitListed() {
        return QTest::qWaitFor([this] { return !page.devices().listing(); }, 10'000);
    }
    bool waitUntilIdle() {
        return QTest::qWaitFor([this] { return !page.devices().anyActive(); }, 10'000);
    }
    QAction* action(int index) const { return page.barActions()[index]; }
    void measure(int row) {
        page.table().clearSelection(); // a key that a test pressed would extend it
        page.table().selectRow(row);
        action(0)->trigger();
    }
    QString cell(int row, const QString& header) const {
        const auto& model = *page.table().model();
        for (int column = 0; column < model.columnCount(); ++column)
            if (model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().startsWith(header))
                return model.index(row, column).data().toString();
        return {};
    }
    QTableWidget& kernels() const { return *page.findChild<QTableWidget*>("kernels"); }
    QString note() const { return page.findChild<QLabel*>("deviceNote")->text(); }
};

enum Action { Measure, MeasureAll, Stop };
enum Row { Cpu, Wrong, Slow, Broken, Board };

} // namespace

class DevicesPageTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void beforeMeasuringItSaysWhatToDo() {
        Fixture f;
        QCOMPARE(f.page.devices().size(), 5);
        QCOMPARE(f.cell(Cpu, "Device"), "cpu");
        QCOMPARE(f.cell(Cpu, "State"), "Not measured");
        QVERIFY(f.note().contains("Press Measure"));
        QVERIFY(f.action(Measure)->isEnabled() && f.action(MeasureAll)->isEnabled());
        QVERIFY(!f.action(Stop)->isEnabled());
        QCOMPARE(f.source->measured, 0);
    }

    void noDevicesIsSaid() {
        const QTemporaryDir folder;
        ui::ExperimentModel experiment;
        ui::DevicesPage page(experiment, {}, folder.filePath("devices.json").toStdString());
        QVERIFY(QTest::qWaitFor([&] { return !page.devices().listing(); }, 10'000));
        QCOMPARE(page.findChild<QLabel*>("phase")->text(), "No device was found.");
        for (auto* action : page.barActions())
            QVERIFY(!action->isEnabled() && !action->toolTip().isEmpty());
    }

    // A prediction comes last, says so wherever it is shown, and cannot be measured.
    void predictionsAreToldApart() {
        Fixture f;
        QCOMPARE(f.cell(Board, "State"), "Predicted");
        const auto index = f.page.table().model()->index(Board, 0);
        QVERIFY(index.data(Qt::FontRole).value<QFont>().italic());
        QVERIFY(!f.page.table().model()->index(Cpu, 0).data(Qt::FontRole).value<QFont>().italic());
        f.page.table().clearSelection();
        f.page.table().selectRow(Board);
        QVERIFY(!f.action(Measure)->isEnabled());
        QVERIFY(f.action(Measure)->toolTip().contains("prediction"));
        QVERIFY(f.note().contains("Predicted"));
        QCOMPARE(f.kernels().rowCount(), 2);
        const auto& curves = f.page.roofline().curves();
        QCOMPARE(curves.size(), std::size_t{2}); // nothing else has numbers yet
        for (const auto& curve : curves)
            QVERIFY(curve.predicted && curve.name == "harp-v1 (predicted)");
    }

    void measuringShowsKernelsAndRoof() {
        Fixture f;
        f.measure(Cpu);
        QVERIFY(f.waitUntilIdle());
        QCOMPARE(f.cell(Cpu, "State"), "Measured " + QDate::currentDate().toString(Qt::ISODate));
        QCOMPARE(f.cell(Cpu, "Bandwidth"), "30.0");
        auto& kernels = f.kernels();
        QCOMPARE(kernels.rowCount(), 2);
        const QStringList wanted{"4 bits", "30.0", "15.0", "50%", "Passed"};
        for (int column = 0; column < wanted.size(); ++column)
            QCOMPARE(kernels.item(1, column)->text(), wanted[column]);
        const auto& curves = f.page.roofline().curves();
        QCOMPARE(curves.size(), std::size_t{2}); // the board is not selected
        const auto& roof = curves[0];
        QCOMPARE(roof.role, ui::CurveRole::Roof);
        for (qsizetype i = 0; i < roof.x.size(); ++i)
            QCOMPARE(roof.y[i], 30 * roof.x[i]);
        const auto& points = curves[1];
        QVERIFY(points.role == ui::CurveRole::Points && !points.predicted);
        QCOMPARE(points.x, (QVector<double>{0.25, 2}));
        QCOMPARE(points.y, (QVector<double>{6, 30}));
        QCOMPARE(points.labels, (QVector<QString>{"float32", "4 bits"}));
        f.page.table().clearSelection();
        f.page.table().selectRow(Board);
        QCOMPARE(f.page.roofline().curves().size(), std::size_t{4});
        QVERIFY(!f.page.roofline().curves()[1].labelsBeside); // names stand at what is selected
        QVERIFY(f.page.roofline().curves()[3].labelsBeside);
    }

    void aWrongKernelIsNamedWithItsReason() {
        Fixture f;
        f.measure(Wrong);
        QVERIFY(f.waitUntilIdle());
        QVERIFY2(f.cell(Wrong, "State").contains("a check failed"), qPrintable(f.cell(Wrong, "State")));
        QCOMPARE(f.kernels().item(0, 4)->text(), "Passed");
        QCOMPARE(f.kernels().item(1, 4)->text(), "Failed: row 3 differs");
        QVERIFY2(f.note().contains("4 bits: row 3 differs"), qPrintable(f.note()));
    }

    void aSlowMeasurementIsStoppedAndTheWaitingOnesToo() {
        Fixture f;
        f.measure(Slow);
        f.measure(Wrong);
        QVERIFY(f.action(Stop)->isEnabled());
        QVERIFY(QTest::qWaitFor([&] { return f.cell(Slow, "State") == "Measuring, 25%"; }, 10'000));
        QCOMPARE(f.cell(Wrong, "State"), "Queued");
        auto* bar = f.page.findChild<QProgressBar*>("measuring");
        QCOMPARE(bar->value(), 25);
        QVERIFY(!bar->isHidden());
        QCOMPARE(f.page.findChild<QLabel*>("phase")->text(), "slow: waiting");
        f.action(Stop)->trigger();
        QVERIFY(f.waitUntilIdle());
        QCOMPARE(f.source->measured, 1);
        for (const int row : {Slow, Wrong})
            QCOMPARE(f.cell(row, "State"), "Not measured");
        QVERIFY(bar->isHidden() && !f.action(Stop)->isEnabled());
        QVERIFY(!std::filesystem::exists(f.file));
    }

    // Closing the window while a device is measured neither hangs nor leaves anything behind.
    void closingStopsTheMeasurement() {
        QElapsedTimer clock;
        {
            Fixture f;
            f.measure(Slow);
            QVERIFY(QTest::qWaitFor([&] { return f.source->measured == 1; }, 10'000));
            clock.start();
        }
        QVERIFY(static_cast<double>(clock.elapsed()) < 2000 * test::timeScale());
    }

    void aBrokenDeviceSaysWhyAndTheOthersGoOn() {
        Fixture f;
        QStringList messages;
        connect(&f.page, &ui::DevicesPage::message, this,
                [&](const QString& text, bool bad) { messages << (bad ? text : QString()); });
        f.measure(Broken);
        f.measure(Cpu);
        QVERIFY(f.waitUntilIdle());
        QCOMPARE(messages, QStringList{"broken: the device was lost"});
        QCOMPARE(f.cell(Broken, "State"), "Failed: the device was lost");
        QVERIFY(f.cell(Cpu, "State").startsWith("Measured"));
    }

    // The next session shows what was measured, with its date; a device exchanged meanwhile is not measured.
    void measurementsAreRemembered() {
        Fixture f;
        f.measure(Cpu);
        f.measure(Wrong);
        QVERIFY(f.waitUntilIdle());
        std::string text = readFile(f.file);
        const std::string today = QDate::currentDate().toString(Qt::ISODate).toStdString();
        for (auto at = text.find(today); at != std::string::npos; at = text.find(today))
            text.replace(at, today.size(), "2025-01-31");
        text.replace(text.find("Wrong GPU"), 9, "Other GPU");
        std::ofstream(f.file) << text;
        ui::DevicesPage next(f.experiment, {f.source}, f.file);
        QVERIFY(QTest::qWaitFor([&] { return !next.devices().listing(); }, 10'000));
        QCOMPARE(next.devices().at(Cpu).measured, QDate(2025, 1, 31));
        QCOMPARE(next.devices().at(Cpu).report, f.page.devices().at(Cpu).report);
        QVERIFY(next.findChild<QLabel*>("deviceNote")->text().contains("2025-01-31"));
        QVERIFY(!next.devices().at(Wrong).measured.isValid());
        std::ofstream(f.file) << "no json";
        ui::DevicesPage last(f.experiment, {f.source}, f.file);
        QVERIFY(QTest::qWaitFor([&] { return !last.devices().listing(); }, 10'000));
        QVERIFY(!last.devices().at(Cpu).measured.isValid());
    }

    void measuredAlthoughItCannotBeRemembered() {
        Fixture f;
        std::ofstream(f.folder.filePath("data").toStdString()) << "a file where the folder should be";
        QString message;
        connect(&f.page, &ui::DevicesPage::message, this, [&](const QString& text) { message = text; });
        f.measure(Cpu);
        QVERIFY(f.waitUntilIdle());
        QVERIFY(f.cell(Cpu, "State").startsWith("Measured"));
        QVERIFY2(message.contains("devices.json"), qPrintable(message));
    }

    void theRooflineIsExported() {
        Fixture f;
        f.measure(Cpu);
        QVERIFY(f.waitUntilIdle());
        const auto file = [&](const char* name) { return f.folder.filePath(name); };
        for (const char* name : {"roofline.png", "roofline.svg", "roofline.pdf", "roofline.csv"})
            f.page.roofline().exportTo(file(name));
        QCOMPARE(QImage(file("roofline.png")).size(), QSize(1600, 960));
        const auto svg = readFile(file("roofline.svg").toStdString());
        QVERIFY(svg.find("4 bits") != std::string::npos); // points carry their labels
        const auto rows = QString::fromStdString(readFile(file("roofline.csv").toStdString())).split('\n');
        QCOMPARE(rows[2].split(',')[4], "\"4 bits\"");
    }

    // The folder of FPGA images: typed, handed on, described in the background, and devices are listed again.
    void theFolderOfImagesIsChosen() {
        Fixture f;
        std::filesystem::path chosen = "unset";
        f.page.setImageFolder({{},
                               {},
                               [&](const std::filesystem::path& path) { chosen = path; },
                               [](const std::filesystem::path& path) {
                                   if (path == "/empty")
                                       throw InputError("/empty: no FPGA image is here");
                                   return std::string("3 images, made by aoc");
                               }});
        auto* edit = f.page.findChild<QLineEdit*>("imageFolder");
        auto* found = f.page.findChild<QLabel*>("imagesFound");
        QVERIFY(!edit->accessibleName().isEmpty() && found->text().isEmpty());
        const auto type = [&](const QString& path) {
            edit->setText(path);
            QTest::keyClick(edit, Qt::Key_Return);
        };
        type("/images");
        QCOMPARE(chosen, std::filesystem::path("/images"));
        QVERIFY(f.page.devices().listing());
        QVERIFY(edit->isReadOnly()); // until they are listed
        QVERIFY(QTest::qWaitFor([&] { return found->text() == "3 images, made by aoc"; }, 10'000));
        QVERIFY(f.waitListed());
        QCOMPARE(f.page.devices().size(), 5);
        QVERIFY(!edit->isReadOnly());
        type("/empty");
        QVERIFY(
            QTest::qWaitFor([&] { return found->text().endsWith("/empty: no FPGA image is here"); }, 10'000));
        QVERIFY(f.waitListed());
        type("");
        QVERIFY(chosen.empty() && found->text().isEmpty());
        QVERIFY(f.waitListed());
        f.measure(Slow);
        QVERIFY(edit->isReadOnly());
        f.action(Stop)->trigger();
        QVERIFY(f.waitUntilIdle());
        QVERIFY(!edit->isReadOnly());
    }

    void anEnvironmentDecidesTheFolder() {
        Fixture f;
        f.page.setImageFolder({"/images", "ZIPML_FPGA_IMAGES", [](const auto&) { QFAIL("was chosen"); },
                               [](const auto&) { return std::string("1 image"); }});
        auto* edit = f.page.findChild<QLineEdit*>("imageFolder");
        QCOMPARE(edit->text(), QString("/images"));
        QVERIFY(edit->isReadOnly() && edit->toolTip().contains("ZIPML_FPGA_IMAGES"));
        auto* found = f.page.findChild<QLabel*>("imagesFound");
        QVERIFY(QTest::qWaitFor([&] { return found->text() == "1 image"; }, 10'000));
    }

    void everyControlOfThePageIsReachedByTab() {
        ui::MainWindow window({std::make_shared<FakeSource>()});
        window.resize(1280, 800);
        window.show();
        window.showPage("devices");
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QVERIFY(QTest::qWaitFor([&] { return !window.page<ui::DevicesPage>().devices().listing(); }, 10'000));
        window.page<ui::DevicesPage>().table().clearSelection();
        window.page<ui::DevicesPage>().table().selectRow(Board);
        QSet<QWidget*> reached;
        for (int i = 0; i < 60; ++i) {
            QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : &window, Qt::Key_Tab);
            reached << QApplication::focusWidget();
        }
        for (const char* name : {"devices", "kernels", "capabilities", "rooflineLogarithmic"}) {
            auto* control = window.findChild<QWidget*>(name);
            QVERIFY2(reached.contains(control) && !control->accessibleName().isEmpty(), name);
            QVERIFY2(control->width() >= control->minimumSizeHint().width(), name);
        }
        QVERIFY(reached.contains(&window.page<ui::DevicesPage>().roofline()));
    }

    // A run can be given to what was listed, but for predictions; comparing devices is two rows of the table.
    void runsChooseAmongTheDevices() {
        ui::MainWindow window({std::make_shared<FakeSource>()});
        auto& page = window.page<ui::TrainingPage>();
        auto* combo = page.panel().findChild<QComboBox*>("device");
        QVERIFY(QTest::qWaitFor([&] { return combo->findData("opencl:0") >= 0; }, 10'000));
        QCOMPARE(combo->currentData().toString(), "cpu");
        QCOMPARE(combo->findData("harp-v1"), -1);
        auto& table = page.table();
        const auto hidden = [&] { return table.isColumnHidden(ui::RunTableModel::Device); };
        RunSpec spec;
        spec.data.source = "synthetic:10x400";
        spec.sgd.epochs = 2;
        page.experiment().startAll({spec});
        QVERIFY(hidden());
        spec.device = "cpu-scalar"; // not listed here, kept all the same
        page.experiment().setSpec(spec);
        QCOMPARE(combo->currentData().toString(), "cpu-scalar");
        QCOMPARE(page.experiment().spec().device, std::string("cpu-scalar"));
        page.experiment().startAll({page.experiment().spec()});
        QVERIFY(!hidden());
        QVERIFY(test::waitUntilIdle(page));
        const auto* model = table.model();
        QCOMPARE(model->index(0, ui::RunTableModel::Device).data().toString(), "cpu");
        QCOMPARE(model->index(1, ui::RunTableModel::Device).data().toString(), "cpu-scalar");
        page.runs().remove({1});
        QVERIFY(hidden());
    }
};

QTEST_MAIN(DevicesPageTest)
#include "devices_page_test.moc"
