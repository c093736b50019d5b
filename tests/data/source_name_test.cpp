#include "core/data/source_name.h"
#include "core/lab/run_spec.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <nlohmann/json.hpp>

using namespace zipml;

class SourceNameTest : public QObject {
    Q_OBJECT
  private slots:
    void leavesFoldersOut_data() {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("name");
        QTest::newRow("file") << "/home/me/a.csv"
                              << "a.csv";
        QTest::newRow("relative") << "../shared/data/cadata"
                                  << "cadata";
        QTest::newRow("name") << "a.csv"
                              << "a.csv";
        QTest::newRow("folder") << "/home/me/parts//"
                                << "parts";
        QTest::newRow("pattern") << "/home/me/p*.csv"
                                 << "p*.csv";
        QTest::newRow("list") << "/home/me/a.csv;b/c.csv;d"
                              << "a.csv;c.csv;d";
        QTest::newRow("generated") << "synthetic:10x200,heavy-tailed@3"
                                   << "synthetic:10x200,heavy-tailed@3";
        QTest::newRow("standard input") << "-"
                                        << "-";
        QTest::newRow("nothing") << ""
                                 << "";
        QTest::newRow("root") << "/"
                              << "/";
    }
    void leavesFoldersOut() {
        QFETCH(QString, source);
        QFETCH(QString, name);
        QCOMPARE(QString::fromStdString(sourceName(source.toStdString())), name);
    }

    /// A setting that takes a file is one of those that lose their folders: a new one is noticed here.
    void everySettingThatNamesAFile() {
        for (const SpecKey& key : specKeys()) {
            const std::string name(key.name);
            nlohmann::json spec{{name, "/home/me/a.csv"}};
            const bool file = key.values.find("FILE") != std::string::npos;
            QVERIFY2(withNamesOnly(spec)[name] == (file ? "a.csv" : "/home/me/a.csv"), name.c_str());
        }
    }

    void membersKeepTheirSlashes() {
        const nlohmann::json spec{{"labels", "/obs/cell_type"}, {"label_column", "km/h"}, {"name", "1/2"}};
        QCOMPARE(withNamesOnly(spec), spec);
        QCOMPARE(withNamesOnly(nlohmann::json()), nlohmann::json());
    }

    void findsWhatLiesBeside() {
        const QTemporaryDir folder;
        const auto path = std::filesystem::path(folder.path().toStdString());
        std::ofstream(path / "beside-only.csv") << "1,2\n";
        QCOMPARE(sourceBeside("beside-only.csv", path), (path / "beside-only.csv").string());
        for (const char* other : {"absent.csv", "/elsewhere/beside-only.csv", "synthetic:10", "-", ""})
            QCOMPARE(sourceBeside(other, path), std::string(other));
    }
};

QTEST_GUILESS_MAIN(SourceNameTest)
#include "source_name_test.moc"
