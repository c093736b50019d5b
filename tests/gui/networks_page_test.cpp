// The page of networks, driven as a person would: tiny runs on generated shapes.

#include "core/deep/trained_network.h"
#include "tests/support/networks_fixture.h"
#include "ui/networks/confusion_view.h"
#include "ui/networks/export_network_dialog.h"
#include "ui/networks/filters_view.h"
#include "ui/networks/network_images.h"
#include "ui/networks/predictions_model.h"
#include "ui/networks/predictions_view.h"
#include "ui/networks/probability_bars.h"
#include "ui/networks/weights_view.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QListView>
#include <QProgressBar>
#include <QSpinBox>

#include <numeric>

using namespace zipml;
using namespace zipml::test;

class NetworksPageTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void beforeItStartsItSaysWhatToDo() {
        NetworksFixture f;
        const bool engine = deep::missingEngine().empty();
        QCOMPARE(f.action(Train)->isEnabled(), engine);
        QCOMPARE(f.action(Compare)->isEnabled(), engine);
        if (!engine)
            QVERIFY(f.action(Train)->toolTip().contains("libtorch"));
        for (const auto which : {Pause, Stop, GoOn, Export, Copy})
            QVERIFY(!f.action(which)->isEnabled() && !f.action(which)->toolTip().isEmpty());
        QVERIFY(f.page.lossPlot().curves().empty());
        QCOMPARE(f.page.inspector().count(), 5);
    }

    void settingsWithoutEffectAreGreyAndSayWhy() {
        NetworksFixture f;
        auto* weights = f.control<QComboBox>("weights");
        auto* levels = f.control<QSpinBox>("levels");
        QVERIFY(levels->isEnabled());
        weights->setCurrentIndex(weights->findText("Full precision"));
        for (const char* name : {"levels", "scope", "rounding", "refit_every", "first_layer", "last_layer"}) {
            QVERIFY2(!f.control<QWidget>(name)->isEnabled(), name);
            QVERIFY2(f.control<QWidget>(name)->toolTip().contains("Full precision"), name);
        }
        weights->setCurrentIndex(weights->findText("Published optimal-5"));
        QVERIFY(!levels->isEnabled() && levels->toolTip().contains("five"));
        QCOMPARE(levels->value(), 5);
        QVERIFY(f.control<QWidget>("scope")->isEnabled());
    }

    // What the panel shows is what it was given, and the published schedule is told.
    void thePanelKeepsASpec() {
        NetworksFixture f;
        deep::DeepSpec spec = tinySpec();
        spec.network = deep::NetworkKind::Cifar10Quick;
        spec.weights = deep::WeightMethod::LloydMax;
        spec.levels = 9;
        spec.scope = deep::LevelScope::Channel;
        spec.rounding = Rounding::Stochastic;
        spec.refitEvery = 7;
        spec.firstLayer = false;
        spec.activationBits = 4;
        spec.gradientBits = 6;
        spec.iterations = spec.batch = 0;
        spec.learningRate = 0.0025;
        spec.drops = "0.5,0.75";
        spec.augmentation = deep::Augmentation::Crop;
        spec.seed = 123456789012345ULL;
        f.page.panel().setSpec(spec);
        QVERIFY(f.page.panel().spec() == spec);
        const QString note = f.control<QLabel>("networkSchedule")->text();
        QVERIFY2(note.contains("5,000 minibatches of 100") && note.contains("50%"), qPrintable(note));
    }

    void curvesComeWhileItTrains() {
        NEEDS_ENGINE();
        NetworksFixture f;
        f.action(Train)->trigger();
        QVERIFY(f.wait([&] {
            return !f.page.lossPlot().curves().empty() && !f.page.lossPlot().curves()[0].x.isEmpty();
        }));
        QVERIFY(f.page.runs().anyActive()); // the loss did not wait for the end
        QVERIFY(f.waitUntilIdle());
        QVERIFY2(f.messages.isEmpty(), qPrintable(f.messages.join('\n')));
        const auto& loss = f.page.lossPlot().curves();
        QCOMPARE(loss.size(), std::size_t{2});
        QCOMPARE(loss[0].x.size(), 30); // a point a minibatch in so short a run
        QCOMPARE(loss[1].x, (QVector<double>{10, 20, 30}));
        const auto& accuracy = f.page.accuracyPlot().curves();
        QCOMPARE(accuracy[0].x, (QVector<double>{10, 20, 30}));
        QCOMPARE(accuracy[0].y.back(), 100 * f.page.runs().at(0).epochs.back().testAccuracy);
        f.control<QComboBox>("networkX")->setCurrentIndex(1); // 20 of 200 images a minibatch
        QCOMPARE(f.page.accuracyPlot().curves()[0].x, (QVector<double>{1, 2, 3}));
        QVERIFY(!f.control<QProgressBar>("networkProgress")->isVisible());
        QVERIFY(f.action(Export)->isEnabled() && !f.action(GoOn)->isEnabled());
    }

    void theHistogramHasTheModelsLevels() {
        NEEDS_ENGINE();
        deep::DeepSpec spec = tinySpec();
        spec.scope = deep::LevelScope::Channel;
        NetworksFixture f(spec);
        QVERIFY(f.train());
        f.look(f.page.inspector().weights());
        const auto& model = f.page.runs().at(0).snapshot->model;
        const auto& curves = f.page.inspector().weights().plot().curves();
        const auto parameters = networkOf(model).parameters;
        auto* layer = f.control<QComboBox>("networkLayer");
        auto* channel = f.control<QSpinBox>("networkChannel");
        for (std::size_t p = 0; p < parameters.size(); ++p) {
            const int place = layer->findText(QString::fromStdString(parameters[p].name));
            if (place < 0)
                continue; // a bias
            layer->setCurrentIndex(place);
            QCOMPARE(channel->maximum(), parameters[p].shape.front());
            channel->setValue(channel->maximum());
            const auto& levels = model.levels[p].back();
            QCOMPARE(curves[1].x, QVector<double>(levels.begin(), levels.end()));
            QCOMPARE(std::accumulate(curves[0].y.begin(), curves[0].y.end(), 0.0),
                     static_cast<double>(parameters[p].size()));
        }
        QVERIFY(layer->count() >= 3);
    }

    void filtersAreShownBothWays() {
        NEEDS_ENGINE();
        deep::DeepSpec spec = tinySpec();
        spec.weights = deep::WeightMethod::Xnor;
        spec.levels = 2;
        NetworksFixture f(spec);
        QVERIFY(f.train());
        f.look(f.page.inspector().filters());
        const auto colours = [](const QImage& picture) {
            QSet<QRgb> all;
            for (int y = 0; y < picture.height(); ++y)
                for (int x = 0; x < picture.width(); ++x)
                    if (qAlpha(picture.pixel(x, y)) > 0)
                        all << picture.pixel(x, y);
            return all.size();
        };
        const auto& view = f.page.inspector().filters();
        QCOMPARE(view.fullPicture().size(), view.roundedPicture().size());
        QVERIFY(colours(view.fullPicture()) > 50);
        QVERIFY(colours(view.roundedPicture()) <= 8); // two levels in each of three channels
    }

    void theConfusionMatrixCountsTheTestImages() {
        NEEDS_ENGINE();
        NetworksFixture f;
        QVERIFY(f.train());
        f.look(f.page.inspector().confusion());
        const auto& model = f.page.inspector().confusion().model();
        QCOMPARE(model.rowCount(), 10);
        std::uint32_t all = 0, right = 0;
        for (int row = 0; row < 10; ++row) {
            QCOMPARE(model.total(row), 6U); // the shapes take turns
            all += model.total(row);
            right += model.count(row, row);
        }
        QCOMPARE(all, 60U);
        QCOMPARE(right / 60.0, f.page.runs().at(0).epochs.back().testAccuracy);
        QVERIFY(model.toCsv().startsWith("true \\ predicted,disc,"));
    }

    void wrongOnlyShowsWrongOnes() {
        NEEDS_ENGINE();
        NetworksFixture f;
        QVERIFY(f.train());
        auto& view = f.page.inspector().predictions();
        f.look(view);
        QCOMPARE(view.model().rowCount(), 60);
        const auto& test = f.page.runs().at(0).snapshot->test;
        const auto& labels = f.page.runs().at(0).snapshot->images->labels;
        f.control<QCheckBox>("wrongOnly")->click();
        const int wrong = view.model().rowCount();
        QCOMPARE(wrong, static_cast<int>(std::lround((1 - test.accuracy) * 60)));
        QVERIFY(wrong > 0);
        for (int row = 0; row < wrong; ++row)
            QVERIFY(labels[view.model().image(row)] != test.predicted[view.model().image(row)]);
        f.control<QCheckBox>("wrongOnly")->click();
        f.control<QComboBox>("predictionClass")->setCurrentText("ring");
        QCOMPARE(view.model().rowCount(), 6);
        const auto shown = f.control<ui::ProbabilityBars>("predictionBars")->probabilities();
        QVERIFY(std::abs(std::accumulate(shown.begin(), shown.end(), 0.0) - 1) < 1e-9);
    }

    void aDroppedTestImageIsSeenAsInTheGrid() {
        NEEDS_ENGINE();
        NetworksFixture f;
        QVERIFY(f.train());
        const auto& snapshot = *f.page.runs().at(0).snapshot;
        QTemporaryDir folder;
        auto& grid = f.page.inspector().predictions();
        for (const std::size_t image : {std::size_t{0}, std::size_t{17}, std::size_t{59}}) {
            f.look(grid);
            grid.choose(static_cast<int>(image));
            const auto expected = grid.bars().probabilities();
            const QString file = folder.filePath("image.png");
            QVERIFY(ui::toPicture(snapshot.images->image(image), snapshot.images->shape).save(file));
            QVERIFY(f.dropFile(file));
            QCOMPARE(f.page.inspector().currentWidget(), &f.page.inspector().ownImage());
            const auto& bars = f.page.inspector().ownImage().bars();
            QCOMPARE(bars.best(), static_cast<int>(snapshot.test.predicted[image]));
            for (std::size_t c = 0; c < expected.size(); ++c)
                QVERIFY(std::abs(bars.probabilities()[c] - expected[c]) < 1e-4);
        }
        QVERIFY(f.control<QLabel>("ownAnswer")->text().contains("image.png"));
        // Pasted, it is the same.
        QApplication::clipboard()->setImage(QImage(folder.filePath("image.png")));
        f.page.inspector().ownImage().paste();
        QVERIFY(f.wait([&] { return f.page.inspector().ownImage().idle(); }));
        QCOMPARE(f.page.inspector().ownImage().bars().best(), static_cast<int>(snapshot.test.predicted[59]));
    }

    void unreadableFilesAreToldAndTheLastPictureStays() {
        NetworksFixture f;
        QTemporaryDir folder;
        QImage picture(40, 30, QImage::Format_RGB32);
        picture.fill(Qt::red);
        QVERIFY(picture.save(folder.filePath("red.png")));
        QVERIFY(f.dropFile(folder.filePath("red.png")));
        QVERIFY2(f.messages.isEmpty(), qPrintable(f.messages.join('\n')));
        QFile broken(folder.filePath("broken.png"));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("this is no picture");
        broken.close();
        QVERIFY(f.dropFile(broken.fileName()));
        QCOMPARE(f.messages.size(), 1);
        QVERIFY2(f.messages[0].contains("broken.png") && f.messages[0].contains("PNG or JPEG"),
                 qPrintable(f.messages[0]));
        QVERIFY(f.control<QLabel>("ownPicture")->isVisible());
        f.page.inspector().ownImage().openFile(folder.filePath("none.png"));
        QVERIFY(f.wait([&] { return f.page.inspector().ownImage().idle(); }));
        QVERIFY(f.messages.last().contains("none.png"));
    }

    // A wide picture loses its sides, a grey network gets grey, and what is transparent is paper.
    void picturesAreCroppedAndScaled() {
        QImage wide(300, 100, QImage::Format_ARGB32);
        wide.fill(Qt::blue);
        for (int y = 0; y < 100; ++y)
            for (int x = 100; x < 200; ++x)
                wide.setPixelColor(x, y, Qt::red);
        const auto pixels = ui::toPixels(wide, {3, 32, 32});
        for (std::size_t i = 0; i < 1024; ++i) {
            QCOMPARE(int{pixels[i]}, 255);
            QCOMPARE(int{pixels[2048 + i]}, 0);
        }
        QImage clear(28, 28, QImage::Format_ARGB32);
        clear.fill(Qt::transparent);
        clear.setPixelColor(3, 2, Qt::black);
        const auto grey = ui::toPixels(clear, {1, 28, 28});
        QCOMPARE(int{grey[0]}, 255);
        QCOMPARE(int{grey[2 * 28 + 3]}, 0);
        QCOMPARE(int{ui::toPixels(clear, {1, 28, 28}, true)[0]}, 0);
    }

    void droppedFoldersAreTrainedOn() {
        NetworksFixture f;
        QTemporaryDir folder;
        QFile file(folder.filePath("data_batch_1.bin"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(file.fileName())});
        QVERIFY(f.drop(mime));
        QCOMPARE(QString::fromStdString(f.page.panel().spec().data),
                 QFileInfo(folder.path()).absoluteFilePath());
        QVERIFY(f.messages.last().contains("Train"));
    }

    // Four runs, one after the other, each with a colour of its own; the order of levels is the issue's.
    void compareOverlaysFourRuns() {
        NEEDS_ENGINE();
        NetworksFixture f;
        f.action(Compare)->trigger();
        QCOMPARE(f.page.runs().size(), 4);
        QVERIFY(f.waitUntilIdle());
        const auto& curves = f.page.lossPlot().curves();
        QCOMPARE(curves.size(), std::size_t{8});
        QSet<int> colours;
        QStringList names;
        for (std::size_t i = 0; i < curves.size(); i += 2) {
            colours << curves[i].run;
            names << curves[i].name;
        }
        QCOMPARE(colours.size(), 4);
        QCOMPARE(names, (QStringList{"Full precision", "XNOR, 5 levels", "Published optimal-5",
                                     "Optimal, 5 levels"}));
        // The selected run is the one that is inspected.
        f.look(f.page.inspector().weights());
        QCOMPARE(f.page.inspector().weights().plot().curves().size(), std::size_t{2});
        f.page.table().selectRow(0);
        QCOMPARE(f.page.inspector().weights().plot().curves().size(), std::size_t{1}); // floats: no levels
        // Hidden runs leave the plots.
        f.page.table().model()->setData(f.page.table().model()->index(0, 0), Qt::Unchecked,
                                        Qt::CheckStateRole);
        QCOMPARE(f.page.lossPlot().curves().size(), std::size_t{6});
        // Fewer bytes at low precision.
        for (int row = 1; row < 4; ++row)
            QVERIFY(f.page.runs().at(row).setup->storedBytes < f.page.runs().at(row).setup->floatBytes / 8);
    }

    void commandsAndExportsRepeatIt() {
        NEEDS_ENGINE();
        NetworksFixture f;
        QVERIFY(f.train());
        f.action(Copy)->trigger();
        const QString command = QApplication::clipboard()->text();
        QVERIFY2(command.startsWith("zipml deep train") && command.contains("--network small-cnn"),
                 qPrintable(command));
        QTemporaryDir folder;
        f.action(Export)->trigger();
        auto* dialog = f.page.findChild<ui::ExportNetworkDialog*>();
        QVERIFY(dialog);
        dialog->selectNameFilter(dialog->nameFilters().last());
        emit dialog->fileSelected(folder.filePath("net.zn"));
        QVERIFY(f.wait([&] { return f.messages.size() == 2; }));
        QVERIFY2(f.messages.last().startsWith("Saved"), qPrintable(f.messages.last()));
        const auto& snapshot = *f.page.runs().at(0).snapshot;
        deep::TrainedNetwork network(deep::readCheckpoint(folder.filePath("net.zn").toStdString()).model, 1);
        QCOMPARE(network.evaluate(*snapshot.images).predicted, snapshot.test.predicted);
    }

    void badSettingsAreTold() {
        NetworksFixture f;
        if (!f.action(Train)->isEnabled())
            QSKIP("networks cannot be trained here");
        f.control<QLineEdit>("drops")->setText("half");
        f.action(Train)->trigger();
        QCOMPARE(f.page.runs().size(), 0);
        QVERIFY(f.messages.last().contains("drops"));
        f.control<QLineEdit>("drops")->setText("auto");
        f.control<QComboBox>("data")->setCurrentText("/nowhere");
        f.action(Train)->trigger();
        QVERIFY(f.waitUntilIdle());
        QCOMPARE(f.page.runs().at(0).state, ui::RunState::Failed);
        QVERIFY(f.messages.last().contains("/nowhere"));
    }
};

QTEST_MAIN(NetworksPageTest)
#include "networks_page_test.moc"
