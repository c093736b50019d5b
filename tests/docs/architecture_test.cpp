// Who includes whom: every include of a file of the program follows an arrow of docs/architecture.md, and
// every arrow there is followed by some include.

#include "tests/support/source_tree.h"

#include <QTemporaryDir>
#include <QtTest>

#include <map>
#include <set>

using zipml::test::fault;
using zipml::test::SourceTree;

namespace {

constexpr const char* kPage = "docs/architecture.md";

using Room = QString; ///< a folder: "core/solve"

struct Rooms {
    std::map<Room, std::set<Room>> allowed;
    std::map<Room, qsizetype> line; ///< of the page
    QStringList faults;
};

/// The page's block "arrows": a room, a colon, and the rooms that its files may include.
Rooms allowedBy(const SourceTree& tree) {
    Rooms rooms;
    bool within = false;
    const QStringList lines = tree.lines(kPage);
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (lines[i].startsWith("```")) {
            within = lines[i] == "```arrows";
        } else if (within) {
            const Room room = lines[i].section(':', 0, 0);
            if (!lines[i].contains(':') || rooms.line.contains(room))
                rooms.faults << fault(kPage, i + 1, "one line a room was expected, 'core/solve: core/base'");
            rooms.line[room] = i + 1;
            for (const QString& to : lines[i].section(':', 1).split(' ', Qt::SkipEmptyParts))
                rooms.allowed[room].insert(to);
        }
    }
    return rooms;
}

Room roomOf(const QString& file) {
    return file.section('/', 0, -2);
}

/// Includes that no arrow allows, arrows that no include follows, rooms that are missing or gone.
QStringList faultsOf(const SourceTree& tree) {
    static const QRegularExpression include("^\\s*#\\s*include\\s*\"([^\"]+)\"");
    Rooms rooms = allowedBy(tree);
    std::map<Room, std::set<Room>> used;
    for (const char* floor : {"core", "python", "accel", "ui", "app"})
        for (const QString& file : tree.files(floor, {"*.h", "*.cpp", "*.cl"})) {
            const Room room = roomOf(file);
            if (!rooms.line.contains(room))
                rooms.faults << fault(file, 1, "its room, " + room + ", is not in " + kPage);
            used[room]; // it has a file
            const QStringList lines = tree.lines(file);
            for (qsizetype i = 0; i < lines.size(); ++i) {
                const auto match = include.match(lines[i]);
                if (!match.hasMatch() || !match.captured(1).contains('/')) // beside it
                    continue;
                const Room to = roomOf(match.captured(1));
                if (to == room)
                    continue;
                used[room].insert(to);
                if (!rooms.allowed[room].contains(to))
                    rooms.faults << fault(file, i + 1, room + " may not include " + to + "; see " + kPage);
            }
        }
    for (const auto& [room, line] : rooms.line) {
        if (!used.contains(room))
            rooms.faults << fault(kPage, line, "there is no file in " + room);
        for (const Room& to : rooms.allowed[room])
            if (!used[room].contains(to))
                rooms.faults << fault(kPage, line, "nothing in " + room + " includes " + to + " any more");
    }
    return rooms.faults;
}

void requireNone(const QStringList& faults) {
    for (const QString& each : faults) // a message of QVERIFY2 is cut off
        qWarning("%s", qPrintable(each));
    QVERIFY(faults.isEmpty());
}

void write(const QTemporaryDir& folder, const QString& file, const QByteArray& text) {
    QDir(folder.path()).mkpath(roomOf(file));
    QFile opened(folder.filePath(file));
    QVERIFY(opened.open(QIODevice::WriteOnly) && opened.write(text) == text.size());
}

} // namespace

class ArchitectureTest : public QObject {
    Q_OBJECT
  private slots:
    void includesFollowTheArrows() {
        const SourceTree tree;
        QVERIFY(allowedBy(tree).line.size() > 30);
        requireNone(faultsOf(tree));
    }

    void whatIsWrongIsFound() {
        const QTemporaryDir folder;
        write(folder, kPage,
              "text\n```arrows\ncore/base:\ncore/solve: core/base core/loss\ncore/gone:\n```\n");
        write(folder, "core/base/error.h", "#include \"core/solve/sgd.h\"\n#include <vector>\n");
        write(folder, "core/solve/sgd.h", "#pragma once\n  #include \"core/base/error.h\"\n");
        write(folder, "ui/page.cpp", "#include \"core/base/error.h\"\n#include \"page.moc\"\n");
        QCOMPARE(faultsOf(SourceTree(folder.path())),
                 (QStringList{
                     "core/base/error.h:1: core/base may not include core/solve; see docs/architecture.md",
                     "ui/page.cpp:1: its room, ui, is not in docs/architecture.md",
                     "ui/page.cpp:1: ui may not include core/base; see docs/architecture.md",
                     "docs/architecture.md:5: there is no file in core/gone",
                     "docs/architecture.md:4: nothing in core/solve includes core/loss any more",
                 }));
    }
};

QTEST_APPLESS_MAIN(ArchitectureTest)
#include "architecture_test.moc"
