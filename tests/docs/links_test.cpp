// Every link of every page leads somewhere, every citation of a page in the code does, and what the pages say
// of the code's files, of recipes and of the command line's flags is so.

#include "tests/support/source_tree.h"

#include <QTemporaryDir>
#include <QtTest>

#include <map>
#include <set>

using zipml::test::fault;
using zipml::test::SourceTree;

namespace {

const QStringList kCode{"*.h",  "*.cpp", "*.cl", "*.cmake", "CMakeLists.txt", "*.json",
                        "*.py", "dev",   "*.in", "*.sh",    "*.def"};

using Matches = std::vector<QRegularExpressionMatch>;

Matches all(const char* pattern, const QString& text) {
    Matches matches;
    for (auto each = QRegularExpression(pattern).globalMatch(text); each.hasNext();)
        matches.push_back(each.next());
    return matches;
}

/// Lines outside of fenced blocks, numbered from 1; spans of code within them are blank where `spans` is
/// false.
std::map<qsizetype, QString> prose(const QStringList& lines, bool spans) {
    static const QRegularExpression span("`[^`]*`");
    std::map<qsizetype, QString> kept;
    bool fenced = false;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (lines[i].trimmed().startsWith("```"))
            fenced = !fenced;
        else if (!fenced)
            kept[i + 1] = spans ? lines[i] : QString(lines[i]).replace(span, "``");
    }
    return kept;
}

/// What a link to a page may end in: anchors that it sets, and its headings as GitHub names them.
std::set<QString> anchorsOf(const QStringList& lines) {
    std::set<QString> anchors;
    for (const QString& line : lines)
        for (const auto& match : all("<a id=\"([^\"]+)\"></a>", line))
            anchors.insert(match.captured(1));
    for (const auto& [number, line] : prose(lines, true)) {
        if (!line.startsWith('#'))
            continue;
        QString heading = line.mid(line.indexOf(' ') + 1).trimmed().toLower();
        heading.replace(QRegularExpression("\\[([^\\]]*)\\]\\([^)]*\\)"), "\\1");
        heading.remove(QRegularExpression("[^\\w\\- ]", QRegularExpression::UseUnicodePropertiesOption));
        anchors.insert(heading.replace(' ', '-'));
    }
    return anchors;
}

class Links {
  public:
    explicit Links(const SourceTree& tree) : tree_(tree) {}

    /// Relative links and pictures of all pages.
    QStringList ofPages() {
        QStringList faults;
        for (const QString& page : tree_.files("", {"*.md"}))
            for (const auto& [number, line] : prose(tree_.lines(page), false))
                for (const auto& match : all("\\]\\(([^)\\s]+)[^)]*\\)|(?:href|src)=\"([^\"]+)\"", line)) {
                    const QString link = match.captured(1) + match.captured(2);
                    if (!link.contains(QRegularExpression("^[a-z]+:")))
                        check(page, number, QDir::cleanPath(page + "/../" + link.section('#', 0, 0)),
                              link.section('#', 1), link.startsWith('#') ? page : QString(), faults);
                }
        return faults;
    }

    /// "docs/method.md#s3-5", "docs/method.md#eq6, #eq7 and #s4-1", also where a comment's line ends in it;
    /// and names of pages without their folder.
    QStringList ofCode() {
        QStringList faults;
        QStringList names;
        for (const QString& page : tree_.files("docs", {"*.md"}))
            if (!page.endsWith("README.md"))
                names << QRegularExpression::escape(page.section('/', -1));
        const QString bare = "(?<![\\w/.-])(" + names.join('|') + ")";
        for (const QString& file : tree_.files("", kCode)) {
            const QString text = tree_.text(file);
            if (!text.contains(".md") || file.startsWith("tests/docs/")) // these cite what is not there
                continue;
            const auto lineAt = [&](qsizetype place) { return 1 + text.left(place).count('\n'); };
            for (const auto& match :
                 all("\\bdocs/[\\w-]+\\.md((?:#[\\w-]+(?:(?:,|,? and| to)(?:\\s|//+|\\*)+(?=#[a-z]))?)*)",
                     text)) {
                const QString page = match.captured(0).section(QRegularExpression("#"), 0, 0);
                const auto anchors = all("#([\\w-]+)", match.captured(1));
                if (anchors.empty())
                    check(file, lineAt(match.capturedStart()), page, {}, {}, faults);
                for (const auto& anchor : anchors)
                    check(file, lineAt(match.capturedStart()), page, anchor.captured(1), {}, faults);
            }
            for (const auto& match : all(qPrintable(bare), text))
                if (!names.isEmpty())
                    faults << fault(file, lineAt(match.capturedStart()),
                                    "say docs/" + match.captured(1) + ", with an anchor");
        }
        return faults;
    }

    /// Files and folders of the repository that pages name in `code`, with the endings .cpp of tests left
    /// out.
    QStringList ofPaths() {
        QStringList faults;
        for (const QString& page : tree_.files("", {"*.md"}))
            for (const auto& [number, line] : prose(tree_.lines(page), true))
                for (const auto& match :
                     all("`((?:core|accel|ui|app|tests|resources|docs|cmake)/[\\w./-]*)`", line)) {
                    const QString path = match.captured(1);
                    const bool placeholder =
                        path.contains(QRegularExpression("[A-Z]{4}")); // tests/NAME_test.cpp
                    if (!placeholder && !tree_.exists(path) && !tree_.exists(path + ".cpp"))
                        faults << fault(page, number, "there is no " + path);
                }
        return faults;
    }

    /// Recipes: of a block "diff FILE" the lines without + are lines of the file, in this order.
    QStringList ofRecipes() {
        QStringList faults;
        for (const QString& page : tree_.files("", {"*.md"})) {
            QStringList file;
            qsizetype at = -1;
            QString name;
            const QStringList lines = tree_.lines(page);
            for (qsizetype i = 0; i < lines.size(); ++i) {
                if (lines[i].startsWith("```")) {
                    name = lines[i].startsWith("```diff ") ? lines[i].mid(8) : QString();
                    file = name.isEmpty() ? QStringList() : tree_.lines(name);
                    at = -1;
                    if (!name.isEmpty() && !tree_.exists(name))
                        faults << fault(page, i + 1, "there is no " + name);
                } else if (!name.isEmpty() && lines[i].startsWith(' ') && lines[i].trimmed() != "...") {
                    const qsizetype found = file.indexOf(lines[i].mid(1), at + 1);
                    if (found < 0)
                        faults << fault(page, i + 1, "no such line in " + name + " (or not in this order)");
                    else
                        at = found;
                }
            }
        }
        return faults;
    }

  private:
    /// @param target from the root @param itself the page that a link without a file is within
    void check(const QString& from, qsizetype line, const QString& target, const QString& anchor,
               const QString& itself, QStringList& faults) {
        const QString page = itself.isEmpty() ? target : itself;
        if (!tree_.exists(page))
            faults << fault(from, line, "there is no " + page);
        else if (!anchor.isEmpty() && page.endsWith(".md") && !anchorsOfPage(page).contains(anchor))
            faults << fault(from, line, "no anchor '" + anchor + "' in " + page);
    }
    const std::set<QString>& anchorsOfPage(const QString& page) {
        if (!anchors_.contains(page))
            anchors_[page] = anchorsOf(tree_.lines(page));
        return anchors_[page];
    }

    const SourceTree& tree_;
    std::map<QString, std::set<QString>> anchors_;
};

/// The command line as code and page have it: flags with their first line of the page, and sub-commands.
struct CommandLine {
    std::map<QString, qsizetype> flags;
    std::set<QString> commands;
};

CommandLine inCode(const SourceTree& tree) {
    CommandLine code;
    for (const char* file :
         {"core/lab/run_spec_keys.cpp", "core/deep/deep_spec.cpp", "core/tomography/tomography_spec.cpp"}) {
        const QString text = tree.text(file);
        const auto table = text.mid(text.indexOf("kEntries[]"));
        for (const auto& match :
             all("(?:>|load<[^>]*>|\\{)\\(?\\{?\\s*\"([a-z_0-9]+)\",", table.left(table.indexOf("\n};"))))
            code.flags["--" + match.captured(1).replace('_', '-')];
    }
    code.flags.erase("--data"); // stands in front; deep's and reproduce's are found below
    for (const QString& file : tree.files("app", {"*.cpp"})) {
        const QString text = tree.text(file);
        for (const auto& match : all("\"(?:-\\w,)?(--[a-z][a-z-]*)\"", text))
            code.flags[match.captured(1)];
        for (const auto& match : all("addSubcommand\\(\\s*\"([a-z]+)\"", text))
            code.commands.insert(match.captured(1));
    }
    code.flags["--data"];
    code.flags["--help"]; // CLI11's
    return code;
}

CommandLine inPage(const SourceTree& tree) {
    CommandLine page;
    const QStringList lines = tree.lines("docs/command-line.md");
    for (qsizetype i = 0; i < lines.size(); ++i) {
        if (lines[i].contains("`./dev")) // another program's
            continue;
        for (const auto& match : all("`[^`]*`", lines[i]))
            for (const auto& flag : all("(?<![\\w-])--(?:no-)?([a-z][a-z-]*)", match.captured(0)))
                page.flags.try_emplace(flag.captured(0), i + 1);
        for (const auto& match : all("^##+ `zipml (?:deep )?([a-z]+)", lines[i]))
            page.commands.insert(match.captured(1));
    }
    return page;
}

QStringList faultsOfCommandLine(const SourceTree& tree) {
    QStringList faults;
    const CommandLine code = inCode(tree), page = inPage(tree);
    const QString name = "docs/command-line.md";
    for (const auto& [flag, line] : page.flags)
        if (!code.flags.contains(flag) && !code.flags.contains(QString(flag).replace("--no-", "--")))
            faults << fault(name, line, flag + " is no flag");
    for (const auto& [flag, line] : code.flags)
        if (!page.flags.contains(flag))
            faults << fault(name, 1, flag + " is missing");
    for (const QString& command : page.commands)
        if (!code.commands.contains(command))
            faults << fault(name, 1, "zipml " + command + " is no command");
    for (const QString& command : code.commands)
        if (!page.commands.contains(command))
            faults << fault(name, 1, "zipml " + command + " is missing");
    return faults;
}

void write(const QTemporaryDir& folder, const QString& file, const QByteArray& text) {
    QDir(folder.path()).mkpath(file.section('/', 0, -2));
    QFile opened(folder.filePath(file));
    QVERIFY(opened.open(QIODevice::WriteOnly) && opened.write(text) == text.size());
}

void requireNone(const QStringList& faults) {
    for (const QString& each : faults) // a message of QVERIFY2 is cut off
        qWarning("%s", qPrintable(each));
    QVERIFY(faults.isEmpty());
}

} // namespace

class LinksTest : public QObject {
    Q_OBJECT
  private slots:
    void pagesLinkToWhatThereIs() {
        QVERIFY(tree_.files("docs", {"*.md"}).size() > 5);
        requireNone(Links(tree_).ofPages());
    }
    void codeCitesWhatThereIs() { requireNone(Links(tree_).ofCode()); }
    void filesThatPagesNameAreThere() { requireNone(Links(tree_).ofPaths()); }
    void recipesQuoteTheCode() { requireNone(Links(tree_).ofRecipes()); }
    void commandLinePageHasTheFlags() {
        QVERIFY(inCode(tree_).flags.size() > 80);
        requireNone(faultsOfCommandLine(tree_));
    }

    void whatIsWrongIsFound() {
        const QTemporaryDir folder;
        write(folder, "docs/a.md",
              "# A page: of `code`\n<a id=\"s1\"></a>\n[no](b.md#s9) [yes](#s1) ![no](x.png)\n"
              "[yes](a.md#a-page-of-code) [no](#s2) `[code](gone.md)`\n```\n[fenced](gone.md)\n```\n"
              "`core/gone.h`, `core/c.h` and `core/c`\n");
        write(folder, "docs/b.md", "```diff core/c.h\n // docs/\n+a new line\n nothing like it\n```\n");
        write(folder, "core/c.h",
              "// docs/a.md#s1 and #s2, docs/b.md, docs/gone.md\n/// docs/a.md#s3 and\n"
              "/// #s1. Also a.md 3.5.\n// docs/\n");
        write(folder, "build/x.md", "[built](gone.md)\n");
        const SourceTree tree(folder.path());
        QCOMPARE(Links(tree).ofPages(), (QStringList{
                                            "docs/a.md:3: no anchor 's9' in docs/b.md",
                                            "docs/a.md:3: there is no docs/x.png",
                                            "docs/a.md:4: no anchor 's2' in docs/a.md",
                                        }));
        QCOMPARE(Links(tree).ofCode(), (QStringList{
                                           "core/c.h:1: no anchor 's2' in docs/a.md",
                                           "core/c.h:1: there is no docs/gone.md",
                                           "core/c.h:2: no anchor 's3' in docs/a.md",
                                           "core/c.h:3: say docs/a.md, with an anchor",
                                       }));
        QCOMPARE(Links(tree).ofPaths(),
                 (QStringList{"docs/a.md:8: there is no core/gone.h", "docs/a.md:8: there is no core/c"}));
        QCOMPARE(Links(tree).ofRecipes(),
                 (QStringList{"docs/b.md:4: no such line in core/c.h (or not in this order)"}));

        write(folder, "app/cli/main.cpp",
              "addSubcommand(\"go\", \"\"); addOption(\"-o,--out\"); (\"--new\")");
        write(folder, "docs/command-line.md",
              "## `zipml stay`\n`--out FILE`, `--help`, `--data`\n`--gone`\n");
        QCOMPARE(faultsOfCommandLine(tree), (QStringList{"docs/command-line.md:3: --gone is no flag",
                                                         "docs/command-line.md:1: --new is missing",
                                                         "docs/command-line.md:1: zipml stay is no command",
                                                         "docs/command-line.md:1: zipml go is missing"}));
    }

  private:
    SourceTree tree_;
};

QTEST_APPLESS_MAIN(LinksTest)
#include "links_test.moc"
