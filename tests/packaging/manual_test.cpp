// The manual pages and the completion that the build makes of the programs' options.

#include "tests/support/zipml_process.h"

#include <QDir>
#include <QSet>
#include <QStandardPaths>

using namespace zipml;

namespace {

QString share(const QString& file) {
    return QFileInfo(qEnvironmentVariable("ZIPML_BIN", "build/bin") + "/../share/" + file).absoluteFilePath();
}

QString textOf(const QString& file) {
    QFile opened(file);
    return opened.open(QIODevice::ReadOnly) ? QString::fromUtf8(opened.readAll()) : QString();
}

/// "zipml-deep-train.1" is a page of zipml deep train; zipml-lab is a program.
QStringList commandOf(const QString& page) {
    const QString name = QFileInfo(page).baseName();
    return name == "zipml-lab" ? QStringList(name) : name.split('-');
}

test::ProcessResult run(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    return test::resultOf(process);
}

QString helpOf(const QStringList& command) {
    const QString program = QFileInfo(test::zipmlProgram()).path() + '/' + command.first();
    return run(program, command.mid(1) + QStringList("--help")).out;
}

QSet<QString> flagsIn(const QString& text) {
    static const QRegularExpression flag("(?<![\\w-])--?[a-z][a-z0-9-]*");
    QSet<QString> flags;
    for (auto found = flag.globalMatch(text); found.hasNext();)
        flags << found.next().captured();
    return flags;
}

/// Those that begin an entry: "  -h,--help   Print this"
QSet<QString> flagsOfHelp(const QString& help) {
    QSet<QString> flags;
    for (const QString& line : help.split('\n'))
        if (line.startsWith("  -"))
            flags += flagsIn(line.trimmed().section(' ', 0, 0));
    return flags;
}

/// Those that begin an entry: the line behind a .TP
QSet<QString> flagsOfPage(const QString& page) {
    const QStringList lines = QString(page).replace("\\-", "-").remove("\\fB").split('\n');
    QSet<QString> flags;
    for (qsizetype i = 1; i < lines.size(); ++i)
        if (lines[i - 1] == ".TP" && lines[i].startsWith('-'))
            flags += flagsIn(QString(lines[i]).remove(QRegularExpression("\\\\fI.*")).remove("\\fR"));
    return flags;
}

QStringList sorted(const QSet<QString>& words) {
    QStringList list(words.begin(), words.end());
    list.sort();
    return list;
}

/// What bash offers for the last of these words.
QStringList completed(const QStringList& words) {
    const QString program = words.first();
    const QString script = "source \"$0\"; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _" +
                           QString(program).replace('-', '_') + "; printf '%s\\n' \"${COMPREPLY[@]}\"";
    const auto result =
        run("bash", QStringList{"-c", script, share("bash-completion/completions/" + program)} + words);
    return result.out.split('\n', Qt::SkipEmptyParts);
}

} // namespace

class ManualTest : public QObject {
    Q_OBJECT

    QFileInfoList pages_;

  private slots:
    void initTestCase() {
        pages_ = QDir(share("man/man1")).entryInfoList({"*.1"}, QDir::Files);
        QVERIFY2(pages_.size() > 18, qPrintable(share("man/man1")));
    }

    void everyOptionOfTheHelpIsInThePageAndTheReverse() {
        for (const QFileInfo& page : pages_) {
            const QStringList command = commandOf(page.fileName());
            const auto inHelp = flagsOfHelp(helpOf(command));
            QVERIFY2(inHelp.contains("--help"), qPrintable(command.join(' ')));
            QCOMPARE(sorted(flagsOfPage(textOf(page.filePath()))), sorted(inHelp));
        }
    }

    void everyCommandHasAPage() {
        for (const QFileInfo& page : pages_) {
            const QStringList command = commandOf(page.fileName());
            static const QRegularExpression entry("^  ([a-z]+) ");
            for (const QString& line : helpOf(command).section("Subcommands:\n", 1).split('\n'))
                if (const auto match = entry.match(line); match.hasMatch()) {
                    const QString name = command.join('-') + '-' + match.captured(1);
                    QVERIFY2(QFile::exists(share("man/man1/" + name + ".1")), qPrintable(name));
                }
        }
    }

    void pagesAreReadWithoutWarnings() {
        const bool man = !QStandardPaths::findExecutable("man").isEmpty();
        const bool mandoc = !QStandardPaths::findExecutable("mandoc").isEmpty();
        if (!man && !mandoc)
            QSKIP("there is neither man nor mandoc");
        for (const QFileInfo& page : pages_) {
            if (man) {
                const auto read =
                    run("man", {"--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page.filePath()});
                QVERIFY2(read.exitCode == 0 && read.error.isEmpty(),
                         qPrintable(page.fileName() + read.error));
            }
            if (mandoc) {
                const auto read = run("mandoc", {"-Tlint", "-Wwarning", page.filePath()});
                QVERIFY2(read.exitCode == 0, qPrintable(read.out));
            }
        }
    }

    void bashCompletesCommandsFlagsAndValues() {
        QCOMPARE(completed({"zipml", "tr"}), QStringList("train"));
        QCOMPARE(completed({"zipml", "deep", "eval"}), QStringList("evaluate"));
        QCOMPARE(completed({"zipml", "train", "--cpu-f"}), QStringList("--cpu-fallback"));
        QCOMPARE(completed({"zipml", "train", "train", "--cpu-f"}), QStringList("--cpu-fallback"));
        QCOMPARE(completed({"zipml", "train", "--estimator", "na"}), QStringList("naive"));
        QCOMPARE(completed({"zipml", "train", "--estimator", "=", "na"}), QStringList("naive"));
        QVERIFY(completed({"zipml", "train", "--bits", "na"}).isEmpty());
        QVERIFY(completed({"zipml", "--cpu-f"}).isEmpty());
        if (QFile::exists(share("man/man1/zipml-lab.1")))
            QCOMPARE(completed({"zipml-lab", "--theme", "d"}), QStringList("dark"));
    }

    void shellsReadTheirFiles() {
        for (const QString program : {"zipml", "zipml-lab"}) {
            if (!QFile::exists(share("bash-completion/completions/" + program)))
                continue; // a build without the window
            for (const auto& [shell, file] :
                 {std::pair<QString, QString>{"bash", "bash-completion/completions/%1"},
                  {"zsh", "zsh/site-functions/_%1"},
                  {"fish", "fish/vendor_completions.d/%1.fish"}}) {
                QVERIFY(QFile::exists(share(file.arg(program))));
                if (QStandardPaths::findExecutable(shell).isEmpty())
                    continue;
                const auto read = run(shell, {"-n", share(file.arg(program))});
                QVERIFY2(read.exitCode == 0 && read.error.isEmpty(), qPrintable(read.error));
            }
        }
    }
};

QTEST_GUILESS_MAIN(ManualTest)
#include "manual_test.moc"
