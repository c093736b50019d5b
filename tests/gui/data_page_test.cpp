// A person's own file, from opening it to a trained model: what stands in the way is said and mended by a
// click, and whatever is chosen is a setting of the experiment.

#include "tests/support/gui_test.h"
#include "ui/data/column_edits.h"
#include "ui/data/data_findings.h"
#include "ui/data/data_page.h"
#include "ui/experiment/data_preview.h"
#include "ui/session/session_controller.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>

#include <cmath>
#include <fstream>

using namespace zipml;
using Columns = ui::ColumnTableModel;

namespace {

/// As the iris data: four measures, three classes that a linear model tells apart, a column that numbers the
/// rows, and one cell without a value.
std::string flowers() {
    std::string text = "Id,SepalLength,SepalWidth,PetalLength,PetalWidth,Species\n";
    const char* names[] = {"setosa", "versicolor", "virginica"};
    for (int i = 0; i < 150; ++i) {
        const int kind = i / 50;
        const auto wave = [&](int k) { return 0.1 * ((i * k) % 7); };
        text += std::to_string(i + 1) + ',' + std::to_string(5.0 + 0.8 * kind + wave(3)) + ',' +
                (i == 77 ? std::string() : std::to_string(3.4 - 0.4 * kind + wave(5))) + ',' +
                std::to_string(1.4 + 2.0 * kind + wave(2)) + ',' +
                std::to_string(0.2 + 0.9 * kind + wave(4) / 2) + ',' + names[kind] + '\n';
    }
    return text;
}

} // namespace

class DataPageTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }

    void textClassesAMissingCellAndAnIdColumnAreTwoClicksFromAModel() {
        const QString file = write("iris.csv", flowers());
        ui::MainWindow window;
        window.show();
        open(window, file);
        // It is the experiment's, and the page says what is to be chosen.
        QCOMPARE(window.currentPage().card().name, "data");
        QCOMPARE(window.experiment().data().source, file.toStdString());
        QVERIFY(!window.messages().text().contains("Press Start"));
        QVERIFY(blocking(window).contains("One value is missing, in “SepalWidth”"));
        QVERIFY(!window.page<ui::DataPage>().barActions().first()->isEnabled());
        QVERIFY(notes(window).contains("it numbers the rows"));
        QCOMPARE(cell(window, 0, Columns::Role), "Ignored");
        QCOMPARE(cell(window, 5, Columns::Role), "Label");
        QCOMPARE(cell(window, 2, Columns::Missing), "1 (0.67%)");

        press(window, "Fill in the median");
        QVERIFY(settled(window));
        QVERIFY2(blocking(window).isEmpty(), qPrintable(blocking(window)));
        QCOMPARE(window.experiment().spec().data.load.missing, "median");
        QVERIFY(window.findChild<QLabel*>("dataSummary")->text().contains("setosa (50)"));
        QCOMPARE(window.experiment().spec().loss, LossKind::Logistic); // as it can be trained on now
        QTRY_VERIFY(remedies(window).isEmpty());
        window.page<ui::DataPage>().barActions().first()->trigger();
        QCOMPARE(window.currentPage().card().name, "training"); // where it can be watched
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        auto& runs = window.page<ui::TrainingPage>().runs();
        QCOMPARE(runs.size(), 1);
        QCOMPARE(runs.at(0).state, ui::RunState::Finished);
        QVERIFY(*runs.at(0).epochs.back().trainAccuracy > 0.9);
        QCOMPARE(runs.at(0).setup->features, 5U); // four, and whether the width was missing
        const auto& names = runs.at(0).record->model.classNames;
        QVERIFY((names == std::vector<std::string>{"setosa", "versicolor", "virginica"}));
        const auto help =
            window.page<ui::TrainingPage>().table().model()->index(0, 0).data(Qt::ToolTipRole).toString();
        QVERIFY2(help.contains(QRegularExpression("setosa: \\d+ of \\d+ right")), qPrintable(help));
    }

    void whatCanBeTrainedOnSaysSoAndWhy() {
        const QString file =
            write("prices.csv", "size,rooms,price\n30,1,100.5\n55,2,180.2\n70,3,230.1\n90,4,300.7\n");
        ui::MainWindow window;
        window.show();
        open(window, file);
        QCOMPARE(window.currentPage().card().name, "training");
        QVERIFY(window.messages().text().contains("Press Start"));
        auto& panel = window.page<ui::TrainingPage>().panel();
        const auto card = panel.findChild<QLabel*>("dataCard")->text();
        QVERIFY2(card.contains("4 rows × 2 features, regression") &&
                     card.contains("label: column 3 (price), "),
                 qPrintable(card));
        panel.findChild<QPushButton*>("showData")->click();
        QCOMPARE(window.currentPage().card().name, "data");
        QCOMPARE(window.page<ui::DataPage>().rows().model()->rowCount(), 4);
        QCOMPARE(window.page<ui::DataPage>().rows().model()->index(1, 0).data().toString(), "55");
        QCOMPARE(cell(window, 0, Columns::Range), "30 to 90");
    }

    // In the preview, the settings, the Training panel; undone and redone.
    void aRoleIsASetting() {
        const QString file = write("table.csv", table());
        ui::MainWindow window;
        window.show();
        open(window, file);
        window.showPage("data");
        auto& panel = window.page<ui::TrainingPage>().panel();
        auto& history = window.experiment().history();
        const RunSpec before = history.settings();
        choose(window, 1, Columns::Role, ColumnRole::Ignored);
        QCOMPARE(cell(window, 1, Columns::Role), "Ignored"); // at once
        QVERIFY(settled(window));
        QCOMPARE(window.experiment().spec().data.load.ignore, "b");
        QVERIFY(summary(window).contains("× 2 features"));
        QVERIFY(toCommandLine(window.experiment().spec()).find("--ignore b") != std::string::npos);
        const RunSpec ignored = history.settings();

        choose(window, 0, Columns::Role, ColumnRole::Label);
        QVERIFY(settled(window));
        QCOMPARE(panel.findChild<QLineEdit*>("label_column")->text(), "a");
        QVERIFY(summary(window).contains("label: column 1 (a), chosen"));
        QCOMPARE(cell(window, 3, Columns::Role), "Feature");

        history.undoAction()->trigger();
        QVERIFY(window.experiment().spec() == ignored);
        history.undoAction()->trigger();
        QVERIFY(window.experiment().spec() == before);
        QVERIFY(settled(window));
        QCOMPARE(cell(window, 1, Columns::Role), "Feature");
        history.redoAction()->trigger();
        QVERIFY(settled(window));
        QVERIFY(window.experiment().spec() == ignored);
        QCOMPARE(cell(window, 1, Columns::Role), "Ignored");

        // And the other way round.
        panel.findChild<QLineEdit*>("label_column")->setText("c");
        QVERIFY(settled(window));
        QCOMPARE(cell(window, 2, Columns::Role), "Label");
        QCOMPARE(
            window.page<ui::DataPage>().findChild<QComboBox*>("label_column")->currentText().section(' ', -1),
            "c");
    }

    void rolesOfSeveralColumnsAtOnceAndTypes() {
        const QString file = write("table.csv", table());
        ui::MainWindow window;
        window.show();
        open(window, file);
        window.showPage("data");
        auto& columns = window.page<ui::DataPage>().columns();
        columns.selectionModel()->select(
            QItemSelection(columns.model()->index(0, 0), columns.model()->index(1, 0)),
            QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        choose(window, 0, Columns::Role, ColumnRole::Ignored);
        QVERIFY(settled(window));
        QCOMPARE(window.experiment().spec().data.load.ignore, "a,b");
        choose(window, 2, Columns::Kind, ColumnKind::Category);
        QVERIFY(settled(window));
        QCOMPARE(window.experiment().spec().data.load.categorical, "c");
        QCOMPARE(cell(window, 2, Columns::Kind), "Category");
        QVERIFY(summary(window).contains("× 3 features")); // c=0, c=1, c=2
        choose(window, 2, Columns::Kind, ColumnKind::Number);
        QVERIFY(settled(window));
        QCOMPARE(window.experiment().spec().data.load.categorical, "");
    }

    // A person clicks into a cell and picks from a list.
    void aCellOpensAList() {
        ui::MainWindow window;
        window.show();
        open(window, write("table.csv", table()));
        window.showPage("data");
        auto& columns = window.page<ui::DataPage>().columns();
        const auto index = columns.model()->index(1, Columns::Role);
        QTest::mouseClick(columns.viewport(), Qt::LeftButton, {}, columns.visualRect(index).center());
        auto* list = columns.findChild<QComboBox*>();
        QVERIFY(list != nullptr);
        QCOMPARE(list->currentText(), "Feature");
        list->setCurrentIndex(list->findText("Weight"));
        emit list->activated(list->currentIndex());
        QVERIFY(settled(window));
        QCOMPARE(window.experiment().spec().data.load.weight, "b");
    }

    void everyOptionOfReadingIsASetting() {
        ui::MainWindow window;
        window.show();
        open(window, write("table.csv", table()));
        window.showPage("data");
        auto& page = window.page<ui::DataPage>();
        auto& panel = window.page<ui::TrainingPage>().panel();
        const auto pick = [&](const char* name, const char* value) {
            auto* combo = page.findChild<QComboBox*>(name);
            combo->setCurrentIndex(combo->findData(QString(value)));
            return settled(window);
        };
        const auto type = [&](const char* name, const char* text) {
            auto* edit = page.findChild<QLineEdit*>(name);
            edit->setText(text);
            emit edit->editingFinished();
            return settled(window);
        };
        const auto load = [&] { return window.experiment().spec().data.load; };
        QVERIFY(pick("delimiter", "comma") && load().delimiter == "comma");
        QCOMPARE(panel.findChild<QComboBox*>("delimiter")->currentData().toString(), "comma");
        QVERIFY(pick("decimal", "point") && load().decimal == "point");
        QVERIFY(pick("header", "yes") && load().header == "yes");
        QVERIFY(pick("encoding", "latin1") && load().encoding == "latin1");
        QVERIFY(pick("format", "csv") && load().format == "csv");
        QVERIFY(pick("label_column", "a") && load().labelColumn == "a");
        QVERIFY(pick("times", "seconds") && load().times == "seconds");
        QVERIFY(pick("missing", "constant") && load().missing == "constant:0");
        QVERIFY(type("missingConstant", "-1.5") && load().missing == "constant:-1.5");
        QVERIFY(type("missing_marks", "-999,none") && load().missingMarks == "-999,none");
        page.findChild<QSpinBox*>("categories")->setValue(50);
        QVERIFY(settled(window) && load().categories == 50);
        page.findChild<QSpinBox*>("skip_lines")->setValue(1);
        QVERIFY(settled(window) && load().skipLines == 1);
        QCOMPARE(panel.findChild<QSpinBox*>("skip_lines")->value(), 1);
        while (window.experiment().history().undoAction()->isEnabled())
            window.experiment().history().undoAction()->trigger();
        QVERIFY(load() == LoadOptions());
    }

    // Texts among numbers: a mark of missing values that the lab does not know.
    void marksOfMissingValuesAreTakenByAClick() {
        ui::MainWindow window;
        window.show();
        open(window, write("marks.csv", "a,b,y\n1,2,3.5\n2,n.v.,4.5\n3,4,5.5\n4,5,7.5\n"));
        QCOMPARE(window.currentPage().card().name, "data");
        QVERIFY2(blocking(window).contains("“n.v.”") && blocking(window).contains("“b”"),
                 qPrintable(blocking(window)));
        press(window, "It means missing");
        QVERIFY(settled(window));
        QVERIFY2(blocking(window).contains("One value is missing"), qPrintable(blocking(window)));
        press(window, "Leave the row out");
        QVERIFY(settled(window));
        QVERIFY(blocking(window).isEmpty());
        QVERIFY(window.page<ui::DataPage>().barActions().first()->isEnabled());
        QCOMPARE(window.experiment().spec().data.load.missingMarks, "n.v.");
    }

    void withoutALabelOneIsChosen() {
        ui::MainWindow window;
        window.show();
        open(window, write("table.csv", table()));
        window.showPage("data");
        choose(window, 3, Columns::Role, ColumnRole::Feature);
        QVERIFY(settled(window));
        QVERIFY2(blocking(window).contains("No column is the label"), qPrintable(blocking(window)));
        press(window, "The label is “y”");
        QVERIFY(settled(window));
        QVERIFY(blocking(window).isEmpty());
        QCOMPARE(window.experiment().spec().data.load.labelColumn, "y");
    }

    // Both ends may be the label: the person is asked, and either answer ends the question.
    void aCloseChoiceOfTheLabelIsAsked() {
        std::string text;
        for (int i = 0; i < 80; ++i)
            text += std::to_string(i % 2) + ',' + std::to_string(std::sin(i)) + ',' +
                    std::to_string(i / 3 % 2) + '\n';
        for (const auto& [answer, label] :
             {std::pair{"“x3” is right", "3"}, std::pair{"The label is “x1”", "1"}}) {
            ui::MainWindow window;
            window.show();
            open(window, write("doubt.csv", text));
            QVERIFY(window.messages().text().contains("Press Start"));
            window.showPage("data");
            QVERIFY(settled(window));
            QVERIFY(remedies(window).contains("“x3” is right") &&
                    remedies(window).contains("The label is “x1”"));
            press(window, answer);
            QVERIFY(settled(window));
            QCOMPARE(window.experiment().spec().data.load.labelColumn, label);
            QCOMPARE(remedies(window), QStringList());
            QCOMPARE(window.experiment().spec().loss, LossKind::Logistic); // two classes either way
        }
    }

    void linesThatAreNoDataAreSkippedByAClick() {
        ui::MainWindow window;
        window.show();
        open(window, write("ragged.csv", "1;2;3\n2;3;4\n4;5\n6;7\n7;9\n"));
        QCOMPARE(window.currentPage().card().name, "data");
        QVERIFY2(blocking(window).contains("ragged.csv:3"), qPrintable(blocking(window)));
        press(window, "Skip the first 2 lines");
        QVERIFY(settled(window));
        QVERIFY2(blocking(window).isEmpty(), qPrintable(blocking(window)));
        QCOMPARE(window.experiment().spec().data.load.skipLines, 2U);
    }

    // The experiment stays as it is; the page says why and leads back.
    void whatCannotBeReadIsLetGo() {
        ui::MainWindow window;
        window.show();
        const RunSpec before = window.experiment().spec();
        open(window, write("junk.csv", std::string("\0\1\2\3\0\0", 6)));
        QCOMPARE(window.currentPage().card().name, "data");
        QVERIFY(window.experiment().spec() == before);
        QVERIFY2(blocking(window).contains("junk.csv"), qPrintable(blocking(window)));
        press(window, "Back to the data before");
        QVERIFY(window.page<ui::DataPage>().findChild<QLabel*>("noFile")->isVisible());
        QVERIFY(window.experiment().spec() == before);
    }

    // What was chosen for one file's columns says nothing of another file's.
    void anotherFileIsReadAfresh() {
        ui::MainWindow window;
        window.show();
        open(window, write("table.csv", table()));
        window.showPage("data");
        choose(window, 0, Columns::Role, ColumnRole::Ignored);
        QVERIFY(settled(window));
        open(window, write("prices.csv", "size,rooms,price\n30,1,100.5\n55,2,180.2\n70,3,230.1\n"));
        QVERIFY(window.experiment().spec().data.load == LoadOptions());
        QCOMPARE(cell(window, 0, Columns::Role), "Feature");
    }

    void generatedDataHasNoColumns() {
        ui::MainWindow window;
        window.show();
        window.showPage("data");
        QVERIFY(window.page<ui::DataPage>().findChild<QLabel*>("noFile")->isVisible());
        QVERIFY(window.page<ui::DataPage>().findChild<QLabel*>("noFile")->text().contains("generated"));
        QVERIFY(window.page<ui::DataPage>().findChild<QPushButton*>("openFile")->isVisible());
    }

    // The window answers while a file is read, also when choices follow one another; Cancel ends it.
    void readingNeverBlocks() {
        const QString file = folder_.filePath("large.csv");
        {
            std::ofstream out(file.toStdString());
            for (int i = 0; i < 400'000; ++i)
                out << i % 977 << ',' << i % 313 << ',' << i % 71 << ".5," << i % 13 << ".25\n";
        }
        ui::MainWindow window;
        window.show();
        window.showPage("data");
        window.open(file);
        qint64 longest = 0;
        QElapsedTimer pause;
        pause.start();
        QTimer beat;
        connect(&beat, &QTimer::timeout, this, [&] { longest = std::max(longest, pause.restart()); });
        beat.start(5);
        auto* preview = &window.experiment().preview();
        QVERIFY(QTest::qWaitFor([&] { return preview->report() != nullptr; }, wait()));
        for (const int bits : {1, 2, 3}) {
            window.page<ui::DataPage>().findChild<QSpinBox*>("skip_lines")->setValue(bits);
            QTest::qWait(60);
        }
        QVERIFY(preview->reading());
        QVERIFY(settled(window));
        QCOMPARE(preview->report()->rows, 400'000U - 3);
        QVERIFY2(static_cast<double>(longest) < 250 * test::timeScale(),
                 qPrintable(QString::number(longest)));
        window.page<ui::DataPage>().findChild<QSpinBox*>("skip_lines")->setValue(4);
        QTest::qWait(160);
        window.page<ui::DataPage>().findChild<QPushButton*>("cancelReading")->click();
        QVERIFY(!preview->reading());
        QTest::qWait(100);
        QVERIFY(!preview->reading());
        press(window, "Read it");
        QVERIFY(settled(window));
        QCOMPARE(preview->report()->rows, 400'000U - 4);
    }

    void tenThousandColumnsAreShown() {
        std::string text;
        for (int row = 0; row < 12; ++row)
            for (int column = 0; column < 10'000; ++column)
                text +=
                    std::to_string((row * 7 + column * (1 + row % 3)) % 101) + (column == 9'999 ? '\n' : ',');
        ui::MainWindow window;
        window.show();
        window.showPage("data");
        open(window, write("wide.csv", text));
        auto& columns = window.page<ui::DataPage>().columns();
        QCOMPARE(columns.model()->rowCount(), 10'000);
        QElapsedTimer timer;
        timer.start();
        for (int row = 0; row < 10'000; row += 500) {
            columns.scrollTo(columns.model()->index(row, 0));
            columns.viewport()->repaint();
        }
        choose(window, 5'000, Columns::Role, ColumnRole::Ignored);
        const auto shown = timer.elapsed();
        QVERIFY2(static_cast<double>(shown) < 1000 * test::timeScale(), qPrintable(QString::number(shown)));
        QVERIFY(settled(window));
        QCOMPARE(cell(window, 5'000, Columns::Role), "Ignored");
        window.page<ui::DataPage>().findChild<QLineEdit*>("findColumn")->setText("x777");
        QCOMPARE(columns.model()->rowCount(), 11); // x777, x7770 to x7779
    }

    // Names with commas and quotes, names that are numbers, names that are options, and equal names.
    void columnsAreReferredToUnmistakably() {
        const QString file =
            write("names.csv", "\"height, cm\",\"say \"\"hi\"\"\",2,none,d,d,y\n"
                               "1,2,3,4,5,6,0.5\n2,3,4,5,7,9,1.5\n3,5,4,6,5,6,2.5\n4,4,1,6,5,8,2.5\n");
        DataReport report = reportOn(file.toStdString());
        QCOMPARE(ui::referenceTo(report, 2), "2");
        QCOMPARE(ui::referenceTo(report, 3), "4");
        QCOMPARE(ui::referenceTo(report, 5), "d.2");
        LoadOptions load;
        for (std::size_t c = 0; c < 6; ++c) {
            load = ui::withRole(load, report, c, ColumnRole::Ignored);
            if (c == 4)
                break; // a feature is left
        }
        report = reportOn(file.toStdString(), load);
        for (std::size_t c = 0; c < 5; ++c)
            QCOMPARE(report.columns[c].role, ColumnRole::Ignored);
        QCOMPARE(report.columns[5].role, ColumnRole::Feature);
        load = ui::withRole(load, report, 0, ColumnRole::Feature);
        load = ui::withRole(load, report, 3, ColumnRole::Label);
        report = reportOn(file.toStdString(), load);
        QCOMPARE(report.columns[0].role, ColumnRole::Feature);
        QCOMPARE(report.columns[1].role, ColumnRole::Ignored);
        QVERIFY(report.label == 3U);
    }

    // Columns that the lab left out are features where a person says so.
    void whatWasLeftOutCanBeAFeature() {
        std::string text = "id,when,word,a,y\n";
        for (int i = 0; i < 60; ++i)
            text += std::to_string(i + 1) + ",2024-01-" + (i % 28 < 9 ? "0" : "") +
                    std::to_string(i % 28 + 1) + ",w" + std::to_string(i % 40) + ',' +
                    std::to_string(i % 17) + ',' + std::to_string(0.5 * i * i) + '\n';
        const auto file = write("left.csv", text).toStdString();
        LoadOptions load;
        DataReport report = reportOn(file, load);
        for (const std::size_t c : {0U, 1U, 2U}) {
            QCOMPARE(report.columns[c].role, ColumnRole::Ignored);
            load = ui::withRole(load, report, c, ColumnRole::Feature);
            report = reportOn(file, load);
            QCOMPARE(report.columns[c].role, ColumnRole::Feature);
        }
    }

    void aFileOnTheCommandLineIsStarted() {
        ui::MainWindow window;
        window.show();
        window.openAndStart(write("table.csv", table()));
        QVERIFY(QTest::qWaitFor([&] { return window.page<ui::TrainingPage>().runs().size() == 1; }, wait()));
        QVERIFY(window.page<ui::TrainingPage>().runs().at(0).spec.data.source.ends_with("table.csv"));
        QVERIFY(test::waitUntilIdle(window.page<ui::TrainingPage>()));
        QCOMPARE(window.page<ui::TrainingPage>().runs().at(0).state, ui::RunState::Finished);
        window.openAndStart(write("iris.csv", flowers())); // a cell is missing: nothing to start
        QVERIFY(QTest::qWaitFor([&] { return window.currentPage().card().name == "data"; }, wait()));
        QTest::qWait(50);
        QCOMPARE(window.page<ui::TrainingPage>().runs().size(), 1);
    }

  private:
    QString write(const QString& name, const std::string& text) {
        const QString file = folder_.filePath(name);
        std::ofstream(file.toStdString()) << text;
        return file;
    }
    static int wait() { return static_cast<int>(20'000 * test::timeScale()); }

    static std::string table() {
        std::string text = "a,b,c,y\n";
        for (int i = 0; i < 60; ++i)
            text += std::to_string(i % 7) + '.' + std::to_string(i % 9) + ',' + std::to_string(i % 11) +
                    ".5," + std::to_string(i % 3) + ',' + std::to_string(std::sin(i)) + '\n';
        return text;
    }

    /// Until the preview knows the file or why it does not.
    static bool settled(ui::MainWindow& window) {
        const auto* preview = &window.experiment().preview();
        QCoreApplication::processEvents();
        const bool done = QTest::qWaitFor([&] { return !preview->reading(); }, wait());
        window.experiment().history().settings();
        QCoreApplication::processEvents(); // what came with it is laid out
        return done;
    }
    static void open(ui::MainWindow& window, const QString& file) {
        window.messages().hide();
        window.open(file);
        QVERIFY(settled(window));
        QVERIFY(QTest::qWaitFor([&] { return !window.messages().text().isEmpty(); }, wait()));
        QCoreApplication::processEvents();
    }
    static QString cell(ui::MainWindow& window, int row, int column) {
        return window.page<ui::DataPage>().columns().model()->index(row, column).data().toString();
    }
    template <class Enum>
    static void choose(ui::MainWindow& window, int row, int column, Enum value) {
        auto* model = window.page<ui::DataPage>().columns().model();
        QVERIFY(model->setData(model->index(row, column), static_cast<int>(value), Qt::EditRole));
    }
    static QString summary(ui::MainWindow& window) {
        return window.page<ui::DataPage>().findChild<QLabel*>("dataSummary")->text();
    }
    static QString notes(ui::MainWindow& window) {
        return window.page<ui::DataPage>().findChild<QLabel*>("dataNotes")->text();
    }
    static QString blocking(ui::MainWindow& window) {
        QStringList texts;
        for (const auto* label : window.page<ui::DataPage>().findChildren<QLabel*>("blockingFinding"))
            if (label->isVisible())
                texts << label->text();
        return texts.join("\n");
    }
    static QStringList remedies(ui::MainWindow& window) {
        QStringList texts;
        for (const auto* button : window.page<ui::DataPage>().findChildren<QPushButton*>("remedy"))
            if (button->isVisible())
                texts << button->text();
        return texts;
    }
    static void press(ui::MainWindow& window, const QString& text) {
        for (auto* button : window.page<ui::DataPage>().findChildren<QPushButton*>("remedy"))
            if (button->isVisible() && button->text() == text)
                return button->click();
        QFAIL(qPrintable(text + " is none of " + remedies(window).join(", ")));
    }

    QTemporaryDir folder_;
};

QTEST_MAIN(DataPageTest)
#include "data_page_test.moc"
