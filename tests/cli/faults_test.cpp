// Every write, sync, rename, mapping, large allocation and start of a thread is made to fail, in every
// command that writes; and the process is killed before every write, sync and rename. Whatever fails: no
// signal, one message, no success that is none, each output as it was or as it is when nothing fails, and a
// second try gets there.
//
// By default a few of the calls of each kind, the first and the last among them; ZIPML_ALL_FAULTS=1: all.
#include "tests/support/zipml_process.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <map>
#include <set>

using namespace zipml;

namespace {

constexpr const char* kOld = "what was there before\n";

/// What a folder holds, each file without what the clock decides.
using Contents = std::map<QString, QByteArray>;

QByteArray withoutTimes(const QString& name, const QByteArray& bytes) {
    if (name.endsWith(".csv")) { // without its columns of seconds
        QByteArrayList kept;
        QList<bool> timed;
        for (const QByteArray& line : bytes.split('\n')) {
            const QByteArrayList cells = line.split(',');
            QByteArrayList left;
            for (qsizetype c = 0; c < cells.size(); ++c) {
                if (kept.isEmpty())
                    timed.append(cells[c].contains("second"));
                if (c >= timed.size() || !timed[c])
                    left.append(cells[c]);
            }
            kept.append(left.join(','));
        }
        return kept.join('\n');
    }
    if (!name.endsWith(".json") && !name.endsWith(".html") && !name.endsWith(".md"))
        return bytes;
    static const QRegularExpression times("\"[a-z_]*(second|peak_resident|resumed_at|started|date)[a-z_]*\": "
                                          "*(\"[^\"]*\"|[-+.e0-9]+)|\"notes\": \\[[^\\]]*\\]");
    return QString::fromUtf8(bytes).replace(times, "time").toUtf8();
}

Contents contentsOf(const QString& folder, const QStringList& names) {
    Contents contents;
    const QDir root(folder);
    const auto add = [&](const QString& path) {
        QFile file(path);
        const QString name = root.relativeFilePath(path);
        contents[name] = file.open(QIODevice::ReadOnly) ? withoutTimes(name, file.readAll()) : "unreadable";
    };
    for (const QString& name : names) {
        const QString path = root.filePath(name);
        if (QFileInfo(path).isDir())
            for (QDirIterator it(path, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
                 it.hasNext();)
                add(it.next());
        else if (QFileInfo::exists(path))
            add(path);
    }
    return contents;
}

struct Outcome {
    bool ended = false; ///< by itself, without a signal
    int code = 0;
    QString error;
};

} // namespace

class FaultsTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        if (!QFileInfo::exists(layer()))
            QSKIP("a sanitizer has the place before the C library");
        QFile data(inputs_.filePath("d.csv"));
        QVERIFY(data.open(QIODevice::WriteOnly));
        data.write("first,second,third,label\n");
        for (int row = 0; row < 5000; ++row)
            data.write(QString("%1,%2,%3,%4\n")
                           .arg(row % 71)
                           .arg(row % 53)
                           .arg(row % 37 / 10.0)
                           .arg(row % 71 - row % 53 / 2.0 + row % 11)
                           .toUtf8());
        data.close();
        for (const QStringList& made :
             {QStringList{"train", "d.csv", "--epochs", "2", "--model", "m.json", "--out", "a.json"},
              QStringList{"train", "d.csv", "--epochs", "2", "--bits", "3", "--out", "b.json"}}) {
            const auto result = test::runZipml(made, inputs_.path());
            QVERIFY2(result.exitCode == 0, qPrintable(result.error));
        }
    }

    void nothingIsLost_data() {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("outputs");
        QTest::addColumn<bool>("resumes"); // an output is read, so that none is there before
        const auto row = [](const char* name, const QStringList& arguments, const QStringList& outputs,
                            bool resumes = false) { QTest::newRow(name) << arguments << outputs << resumes; };
        row("train",
            {"train", "d.csv", "--epochs", "3", "--threads", "2", "--out", "o.json", "--model", "n.json",
             "--csv", "o.csv"},
            {"o.json", "n.json", "o.csv"});
        row("train, plot", {"train", "d.csv", "--epochs", "3", "--plot", "o.svg"}, {"o.svg"});
        row("quantize", {"quantize", "d.csv", "-o", "o.zq", "--threads", "2"}, {"o.zq"});
        row("sweep",
            {"sweep", "d.csv", "--epochs", "2", "--vary", "bits=2,3,4", "--out", "o.json", "--csv", "o.csv"},
            {"o.json", "o.csv"}, true);
        row("compare",
            {"compare", "a.json", "b.json", "--plot", "o.svg", "--csv", "o.csv", "--report", "o.html"},
            {"o.svg", "o.csv", "o.html"});
        row("advise", {"advise", "d.csv", "--report", "o.html"}, {"o.html"});
        for (const char* name : {"o.onnx", "o.h", "o.sv", "o.npz", "o.model", "o.json"})
            row(name, {"export", "m.json", "-o", name}, {name});
        row("tomography",
            {"tomography", "--size", "32", "--epochs", "2", "--out", "o.json", "--image", "o.png"},
            {"o.json", "o.png"});
        row("welcome", {"welcome", "--out", "w"}, {"w"}, true);
        row("deep", {"deep",
                     "train",
                     "--iterations",
                     "6",
                     "--network",
                     "mlp",
                     "--train-images",
                     "64",
                     "--test-images",
                     "16",
                     "--batch",
                     "16",
                     "--out",
                     "o.json",
                     "--csv",
                     "o.csv",
                     "--model",
                     "o.zmodel",
                     "--checkpoint",
                     "o.check",
                     "--checkpoint-every",
                     "2"},
            {"o.json", "o.csv", "o.zmodel"}, true);
    }
    void nothingIsLost() {
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, outputs);
        QFETCH(bool, resumes);
        if (arguments.first() == "deep" && !hasNetworks())
            QSKIP("networks are not built");
        const QTemporaryDir reference;
        prepare(reference, outputs, resumes);
        const QString counts = reference.filePath("counts");
        const Outcome usual = run(reference, arguments, {{"ZIPML_SYSTEM_COUNTS", counts}});
        QVERIFY2(usual.ended && usual.code == 0, qPrintable(usual.error));
        const Contents wanted = contentsOf(reference.path(), outputs);
        QVERIFY(!wanted.empty());
        const bool takesLong = arguments.first() == "welcome" || arguments.first() == "deep";
        const bool draws = outputs.contains("o.svg") || outputs.contains("o.html") || outputs.contains("w");
        int runs = 0, absorbed = 0;
        for (const auto& [kind, count] : countsIn(counts))
            for (const char* action : {"", "+", "!"}) {
                const bool kills = *action == '!';
                if (kind == "map" && draws)
                    continue; // Qt ends a program whose plug-ins it cannot map
                if (kills && kind != "write" && kind != "sync" && kind != "rename")
                    continue;
                // Qt waits for ever for a thread that is refused once, and libgomp ends the program; limits refuse
                // all, which is seen before.
                const bool once = kind == "thread" && (draws || arguments.first() == "deep");
                if (once && *action != '+')
                    continue;
                for (const int call : once ? std::set{1} : chosen(count, takesLong)) {
                    const QString fault = QString("%1:%2%3").arg(kind).arg(call).arg(action);
                    const QTemporaryDir folder;
                    prepare(folder, outputs, resumes);
                    const Outcome struck = run(folder, arguments, {{"ZIPML_SYSTEM_FAULT", fault}});
                    const QByteArray said =
                        (fault + ": " + QString::number(struck.code) + ", " + struck.error).toUtf8();
                    ++runs;
                    QVERIFY2(struck.ended != kills, said.constData());
                    if (!kills) {
                        absorbed += struck.code == 0;
                        QVERIFY2(struck.code == 0 || struck.code == 1 ||
                                     (kind == "allocate" && struck.code == 2),
                                 said.constData());
                        if (struck.code != 0)
                            QVERIFY2(struck.error.count("zipml: ") ==
                                             1 + struck.error.count("zipml: note: ") &&
                                         struck.error.endsWith('\n'),
                                     said.constData());
                        QVERIFY2(partsIn(folder).isEmpty(), said + partsIn(folder).join(' ').toUtf8());
                    }
                    const Contents found = contentsOf(folder.path(), outputs);
                    if (!kills && struck.code == 0)
                        QVERIFY2(found == wanted, said + difference(found, wanted));
                    for (const auto& [name, bytes] : found)
                        if (!resumes) // in these, what is there now is a part of what there will be: seen below
                            QVERIFY2(bytes == kOld || bytes == wanted.at(name),
                                     said + " in " + name.toUtf8());
                    const Outcome again = run(folder, arguments, {});
                    QVERIFY2(again.ended && again.code == 0, said + " then " + again.error.toUtf8());
                    const Contents then = contentsOf(folder.path(), outputs);
                    QVERIFY2(then == wanted, said + difference(then, wanted));
                    QVERIFY2(partsIn(folder).isEmpty(), said + partsIn(folder).join(' ').toUtf8());
                }
            }
        qInfo("%d faults, of which %d cost nothing", runs, absorbed);
    }

  private:
    static QString layer() {
        return QFileInfo(test::zipmlProgram()).dir().absoluteFilePath("../tests/system_faults.so");
    }
    static bool hasNetworks() { return test::runZipml({"deep", "train", "--help"}).exitCode == 0; }

    /// Its inputs, and what was there before.
    void prepare(const QTemporaryDir& folder, const QStringList& outputs, bool resumes) const {
        for (const QString& name : QDir(inputs_.path()).entryList(QDir::Files))
            QFile::copy(inputs_.filePath(name), folder.filePath(name));
        if (resumes)
            return;
        for (const QString& name : outputs) {
            QFile file(folder.filePath(name));
            if (file.open(QIODevice::WriteOnly))
                file.write(kOld);
        }
    }

    static Outcome run(const QTemporaryDir& folder, const QStringList& arguments,
                       const std::map<QString, QString>& variables) {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("HOME", folder.path()); // whose caches are written, too
        environment.insert("XDG_CACHE_HOME", folder.filePath("cache"));
        if (!variables.empty())
            environment.insert("LD_PRELOAD", layer());
        for (const auto& [name, value] : variables)
            environment.insert(name, value);
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(folder.path());
        process.start(test::zipmlProgram(), arguments);
        process.waitForFinished(120'000);
        return {process.exitStatus() == QProcess::NormalExit, process.exitCode(),
                QString::fromUtf8(process.readAllStandardError())};
    }

    static std::map<QString, int> countsIn(const QString& file) {
        std::map<QString, int> counts;
        QFile in(file);
        if (in.open(QIODevice::ReadOnly))
            for (const QByteArray& line : in.readAll().split('\n'))
                if (const auto words = line.split(' '); words.size() == 2)
                    counts[QString::fromUtf8(words[0])] = words[1].toInt();
        return counts;
    }

    /// Of 1 to `count`: all, or the first, the last and those between at equal distances.
    static std::set<int> chosen(int count, bool takesLong) {
        const int few = takesLong ? 1 : 3;
        const int most = qEnvironmentVariableIsSet("ZIPML_ALL_FAULTS") ? count : qMin(count, few);
        std::set<int> calls;
        for (int i = 0; i < most; ++i)
            calls.insert(most == 1 ? count : 1 + (count - 1) * i / (most - 1));
        return calls;
    }

    static QStringList partsIn(const QTemporaryDir& folder) {
        QStringList parts;
        for (QDirIterator it(folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
             it.hasNext();)
            if (const QString name = it.next(); name.contains(".part"))
                parts.append(name);
        return parts;
    }

    static QByteArray difference(const Contents& found, const Contents& wanted) {
        QByteArray text;
        for (const auto& [name, bytes] : wanted)
            if (const auto at = found.find(name); at == found.end())
                text += " without " + name.toUtf8();
            else if (at->second != bytes)
                text += " another " + name.toUtf8();
        for (const auto& [name, bytes] : found)
            if (!wanted.contains(name))
                text += " also " + name.toUtf8();
        return text;
    }

    QTemporaryDir inputs_;
};

QTEST_GUILESS_MAIN(FaultsTest)
#include "faults_test.moc"
