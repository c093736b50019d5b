#include "core/document/figure_file.h"

#include "core/base/file.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace zipml;

namespace {

std::vector<RunSpec> someRuns() {
    RunSpec first;
    first.name = "first, \xC3\xA4 <&>";
    first.data.source = "/home/somebody/data/own.csv";
    first.bits = 5;
    first.at = parseSwitches("3:bits=2");
    RunSpec second;
    second.data.source = "synthetic:20x640";
    second.seed = 18446744073709551615U;
    return {first, second, second};
}

/// The least that has a first tag, or a last chunk.
const std::string kSvg = "<?xml version=\"1.0\"?>\n<svg width=\"1\" height=\"1\"><rect/></svg>\n";
const std::string kPng =
    std::string("\x89PNG\r\n\x1A\n", 8) + std::string("\0\0\0\0IEND\xAE\x42\x60\x82", 12);

} // namespace

class FigureFileTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;

    std::filesystem::path write(const char* name, const std::string& bytes) {
        const std::filesystem::path file = folder_.filePath(name).toStdString();
        writeFileAtomically(file, bytes);
        return file;
    }
    std::string refusalOf(const std::filesystem::path& file) {
        try {
            readFigure(file);
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    }

  private slots:
    void runsComeBackWithoutFolders() {
        const auto runs = someRuns();
        const std::string text = figureText(runs);
        QCOMPARE(text.find("somebody"), std::string::npos);
        for (const auto& file :
             {write("f.svg", svgWithText(kSvg, text)), write("f.png", pngWithText(kPng, text)),
              write("f.pdf", "%PDF-1.4\n" + xmpOf(text))}) {
            const auto read = readFigure(file);
            QCOMPARE(read.size(), runs.size());
            QCOMPARE(read[0].data.source, std::string("own.csv"));
            QCOMPARE(read[0].name, runs[0].name);
            QVERIFY(read[0].at == runs[0].at);
            QVERIFY(read[1] == runs[1]);
        }
    }

    void dataBesideTheFigureAreFound() {
        write("own.csv", "1,2\n");
        const auto file = write("beside.svg", svgWithText(kSvg, figureText(someRuns())));
        QCOMPARE(readFigure(file)[0].data.source, folder_.filePath("own.csv").toStdString());
    }

    void editedCutAndForeignFiguresAreRefused() {
        const std::string whole = svgWithText(kSvg, figureText(someRuns()));
        const std::size_t at = whole.find("zipml-figure-"),
                          code = whole.rfind(':', whole.find("</metadata>")) + 1;
        QVERIFY(refusalOf(write("none.svg", kSvg)).find("without the settings of its runs") !=
                std::string::npos);
        QVERIFY(refusalOf(write("cut.svg", whole.substr(0, code + 40))).find("cut short") !=
                std::string::npos);
        for (std::size_t place = at; place < whole.find("</metadata>"); ++place) {
            std::string edited = whole;
            edited[place] = edited[place] == 'A' ? 'B' : 'A';
            const std::string what = refusalOf(write("edited.svg", edited));
            QVERIFY2(what.find("edited.svg: ") != std::string::npos && what.find('\n') == std::string::npos,
                     (what + " at " + std::to_string(place - at)).c_str());
        }
        std::string newer = whole;
        newer.replace(at, 14, "zipml-figure-2");
        QVERIFY(refusalOf(write("newer.svg", newer)).find("newer version") != std::string::npos);
        std::string huge = whole;
        huge.replace(at, 15, "zipml-figure-1:99999999");
        QVERIFY(!refusalOf(write("huge.svg", huge)).empty());
        QVERIFY(refusalOf(write("empty.svg", svgWithText(kSvg, figureText({})))).find("shows no runs") !=
                std::string::npos);
    }
};

QTEST_APPLESS_MAIN(FigureFileTest)
#include "figure_file_test.moc"
