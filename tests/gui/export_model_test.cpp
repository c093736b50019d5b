// A trained model leaves the window in the format that the person chooses in the file dialog.

#include "core/base/file.h"
#include "core/model/export/format.h"
#include "tests/support/gui_test.h"
#include "ui/training/export_model_dialog.h"
#include "ui/widgets/text.h"

#include <QLabel>

using namespace zipml;

class ExportModelTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        test::useOwnSettings();
        RunSpec spec;
        spec.data.source = "synthetic:6x200";
        spec.sgd.epochs = 2;
        window_ = std::make_unique<ui::MainWindow>();
        window_->experiment().startAll({spec});
        QVERIFY(!window_->page<ui::TrainingPage>().exportAction()->isEnabled());
        QVERIFY(test::waitUntilIdle(window_->page<ui::TrainingPage>()));
        window_->page<ui::TrainingPage>().table().selectRow(0);
        QVERIFY(window_->page<ui::TrainingPage>().exportAction()->isEnabled());
    }
    void cleanupTestCase() { window_.reset(); }

    void theFileTypeDecides_data() {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("format");
        QTest::addColumn<int>("bits");
        QTest::newRow("json") << "ZipML model (*.json)"
                              << "m.json"
                              << "json" << 32;
        QTest::newRow("onnx") << "ONNX (*.onnx)"
                              << "m.onnx"
                              << "onnx" << 32;
        QTest::newRow("onnx, 4 bits") << "ONNX, weights of 4 bits (*.onnx)"
                                      << "m.onnx"
                                      << "onnx" << 4;
        QTest::newRow("onnx, 4 bits, packed") << "ONNX, weights of 4 bits, two in a byte (*.onnx)"
                                              << "m.onnx"
                                              << "onnx" << 4;
        QTest::newRow("c") << "C header (*.h)"
                           << "m.h"
                           << "c" << 32;
        QTest::newRow("liblinear") << "LIBLINEAR model (*.model)"
                                   << "m.model"
                                   << "liblinear" << 32;
        QTest::newRow("the name's ending wins") << "ZipML model (*.json)"
                                                << "m.onnx"
                                                << "onnx" << 32;
    }
    void theFileTypeDecides() {
        QFETCH(QString, filter);
        QFETCH(QString, file);
        QFETCH(QString, format);
        QFETCH(int, bits);
        const QTemporaryDir folder;
        window_->page<ui::TrainingPage>().exportAction()->trigger();
        auto* dialog = window_->findChild<ui::ExportModelDialog*>();
        QVERIFY(dialog);
        QVERIFY(dialog->nameFilters().contains(filter));
        dialog->selectNameFilter(filter);
        emit dialog->filterSelected(filter);
        // Where the file runs is said where it is chosen.
        const auto& chosen = modelFormatOf("x" + filter.section('*', 1).chopped(1).toStdString());
        QCOMPARE(dialog->findChild<QLabel*>("note")->text(), ui::toQt(chosen.runsIn));
        emit dialog->fileSelected(folder.filePath(file)); // as Save does
        dialog->close();
        QTRY_VERIFY(!window_->findChild<ui::ExportModelDialog*>());
        QVERIFY(window_->messages().text().startsWith("Saved "));
        ExportOptions options;
        options.bits = bits;
        options.packed = filter.contains("two in a byte");
        exportModel(window_->page<ui::TrainingPage>().runs().at(0).record->model,
                    modelFormat(format.toStdString()), options, folder.filePath("expected").toStdString());
        QVERIFY(readFile(folder.filePath(file).toStdString()) ==
                readFile(folder.filePath("expected").toStdString()));
    }

    void aFailureIsTold() {
        window_->page<ui::TrainingPage>().exportAction()->trigger();
        auto* dialog = window_->findChild<ui::ExportModelDialog*>();
        QVERIFY(dialog);
        emit dialog->fileSelected("/no/such/folder/m.json");
        QVERIFY2(window_->messages().text().contains("/no/such/folder"),
                 qPrintable(window_->messages().text()));
        dialog->close();
    }

  private:
    std::unique_ptr<ui::MainWindow> window_;
};

QTEST_MAIN(ExportModelTest)
#include "export_model_test.moc"
