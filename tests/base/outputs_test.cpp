#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/outputs.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace zipml;
namespace fs = std::filesystem;

namespace {

template <class Error, class Work>
QString messageOf(Work&& work) {
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "no error";
}

} // namespace

class OutputsTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        folder_ = dir_.path().toStdString();
        writeFileAtomically(folder_ / "d.csv", "1,2\n");
        fs::create_hard_link(folder_ / "d.csv", folder_ / "hard.csv");
        fs::create_symlink("d.csv", folder_ / "soft.csv");
        fs::create_symlink("soft.csv", folder_ / "soft2.csv");
        fs::create_directory(folder_ / "sub");
        fs::create_symlink(folder_, folder_ / "sub" / "up");
    }

    void anInputIsNoOutputByAnyName_data() {
        QTest::addColumn<QString>("output");
        for (const char* name :
             {"d.csv", "hard.csv", "soft.csv", "soft2.csv", "sub/../d.csv", "sub/up/d.csv"})
            QTest::newRow(name) << name;
    }
    void anInputIsNoOutputByAnyName() {
        QFETCH(QString, output);
        for (const char* input : {"d.csv", "hard.csv", "soft2.csv"}) {
            Outputs outputs;
            outputs.reads(folder_ / input);
            outputs.add("--out", folder_ / output.toStdString());
            const QString message = messageOf<InputError>([&] { outputs.check(); });
            QVERIFY2(message.startsWith("--out: ") && message.contains("is the file that is read"),
                     qPrintable(message));
        }
        QCOMPARE(readFile(folder_ / "d.csv"), std::string("1,2\n"));
    }

    void twoOutputsAreTwoFiles() {
        const std::pair<const char*, const char*> same[] = {
            {"a", "a"}, {"a", "sub/../a"}, {"a", "sub/up/a"}, {"hard.csv", "d.csv"}, {"soft.csv", "d.csv"}};
        for (const auto& [one, other] : same) {
            Outputs outputs;
            outputs.add("--out", folder_ / one);
            outputs.add("--csv", folder_ / other);
            const QString message = messageOf<InputError>([&] { outputs.check(); });
            QVERIFY2(message.startsWith("--csv: ") && message.contains("is the file of --out"),
                     qPrintable(message));
        }
        Outputs both;
        both.add("--out", "/dev/null");
        both.add("--csv", "/dev/null");
        both.add("--model", folder_ / "a");
        both.add("--plot", "");
        both.reads(fs::path("/no/such/file"));
        both.reads(fs::path());
        both.check();
        QVERIFY(!fs::exists(folder_ / "a"));
    }

    void whatCannotBeWrittenIsKnownBefore() {
        ::chmod((folder_ / "sub").c_str(), 0755);
        writeFileAtomically(folder_ / "ro", "x");
        ::chmod((folder_ / "ro").c_str(), 0444);
        for (const fs::path& bad : {folder_ / "no" / "a", folder_ / "sub", folder_ / "ro",
                                    folder_ / "d.csv" / "a", folder_ / std::string(300, 'n')}) {
            Outputs outputs;
            outputs.add("--model", bad);
            QVERIFY(messageOf<InputError>([&] { outputs.check(); }).startsWith(bad.c_str()));
        }
        QCOMPARE(readFile(folder_ / "ro"), std::string("x"));
    }

    void oneThatFailsCostsNoOther() {
        Outputs outputs;
        outputs.write(folder_ / "one", [&] { writeFileAtomically(folder_ / "one", "1"); });
        outputs.write("/dev/full", [&] { writeFileAtomically("/dev/full", "2"); });
        outputs.write("", [&] { QFAIL("it was not asked for"); });
        outputs.write(folder_ / "three", [&] { writeFileAtomically(folder_ / "three", "3"); });
        QCOMPARE(readFile(folder_ / "one"), std::string("1"));
        QCOMPARE(readFile(folder_ / "three"), std::string("3"));
        outputs.failed("diverged");
        QCOMPARE(messageOf<RunError>([&] { outputs.requireSuccess(); }),
                 QString("/dev/full: cannot be written: No space left on device; diverged"));
        Outputs none;
        none.requireSuccess();
    }

  private:
    QTemporaryDir dir_;
    fs::path folder_;
};

QTEST_APPLESS_MAIN(OutputsTest)
#include "outputs_test.moc"
