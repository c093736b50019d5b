// Reading lessons and holding their statements against runs.

#include "core/document/lesson.h"

#include <QtTest>

using namespace zipml;

namespace {

const char* const kLesson = R"(# A title
Some *text*.
```lab
{"title": "Run", "base": {"bits": 3, "epochs": 2}, "runs": [{"estimator": "naive"}, {"bits": 4}],
 "claims": [{"say": "Lower.", "value": ["train_loss", {"bits": 4}], "over": ["train_loss", {"bits": 3}], "at_most": 0.5}]}
```
More.
```lab
{"title": "Open", "page": "quantizer", "base": {"bits": 5}}
```
```question
{"ask": "How much?", "value": ["train_loss", {"bits": 4}], "needs": "Run it.", "because": "So.",
 "choices": [{"text": "Little", "to": 1}, {"text": "Much", "from": 1}]}
```
)";

struct Observed {
    RunSpec spec;
    RunSetup setup;
    EpochRecord last;
    [[nodiscard]] ObservedRun view(bool ended = true) const { return {&spec, &setup, &last, ended}; }
};

Observed run(int bits, double loss) {
    Observed made;
    made.spec.bits = bits;
    made.last.trainLoss = loss;
    return made;
}

} // namespace

class LessonTest : public QObject {
    Q_OBJECT
  private slots:
    void readsTextButtonsAndQuestions() {
        const Lesson lesson = parseLesson(kLesson, "a.md");
        QCOMPARE(lesson.title, std::string("A title"));
        QCOMPARE(lesson.parts.size(), std::size_t{5});
        QCOMPARE(std::get<std::string>(lesson.parts[0]), std::string("Some *text*.\n"));
        const auto& action = std::get<LessonAction>(lesson.parts[1]);
        QCOMPARE(action.runs.size(), std::size_t{2});
        QCOMPARE(action.runs[0].estimator, EstimatorKind::Naive);
        QCOMPARE(action.runs[0].bits, 3);
        QCOMPARE(action.runs[1].bits, 4);
        QCOMPARE(action.runs[1].sgd.epochs, 2);
        QVERIFY(!action.settings);
        const auto& opens = std::get<LessonAction>(lesson.parts[3]);
        QVERIFY(opens.runs.empty());
        QCOMPARE(opens.page, std::string("quantizer"));
        QCOMPARE(opens.settings->bits, 5);
        QCOMPARE(std::get<LessonQuestion>(lesson.parts[4]).choices.size(), std::size_t{2});
    }

    void claimsAreMeasuredOnTheLastRunThatEnded() {
        const auto lesson = parseLesson(kLesson, "a.md");
        const auto& claim = std::get<LessonAction>(lesson.parts[1]).claims[0];
        const auto three = run(3, 8.0), four = run(4, 2.0), again = run(4, 6.0);
        QVERIFY(!measured(claim.measure, {}));
        QVERIFY(!measured(claim.measure, std::array{three.view(), four.view(false)}));
        const auto value = measured(claim.measure, std::array{three.view(), four.view()});
        QCOMPARE(value.value(), 0.25);
        QVERIFY(claim.holds(*value));
        const auto later = measured(claim.measure, std::array{three.view(), four.view(), again.view()});
        QCOMPARE(later.value(), 0.75);
        QVERIFY(!claim.holds(*later));
    }

    void mistakesAreNamedWithTheirLine_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("expected");
        QTest::newRow("json") << R"("bits": 3,)"
                              << R"("bits" 3,)"
                              << "a.md:3: ";
        QTest::newRow("setting") << R"({"bits": 4}],)"
                                 << R"({"bitz": 4}],)"
                                 << "bitz";
        QTest::newRow("value") << R"({"bits": 4}],)"
                               << R"({"bits": 99}],)"
                               << "bits";
        QTest::newRow("quantity") << R"("value": ["train_loss", {"bits": 4}], "over")"
                                  << R"("value": ["loss", {"bits": 4}], "over")"
                                  << "choose one of train_loss";
        QTest::newRow("key") << R"("at_most")"
                             << R"("at_mots")"
                             << "'at_mots' is unknown";
        QTest::newRow("missing") << R"("ask": "How much?", )"
                                 << ""
                                 << "a.md:11: 'ask' is missing";
        QTest::newRow("page") << R"("page": "quantizer", )"
                              << ""
                              << "a.md:8: 'page' is missing";
        QTest::newRow("title") << "# A title"
                               << "A title"
                               << "begins with a heading";
        QTest::newRow("open") << "```\nMore"
                              << "More"
                              << "";
    }
    void mistakesAreNamedWithTheirLine() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, expected);
        const QString text = QString(kLesson).replace(from, to);
        QVERIFY(text != kLesson);
        try {
            parseLesson(text.toStdString(), "a.md");
            QFAIL("it was read");
        } catch (const InputError& error) {
            QVERIFY2(QString(error.what()).contains(expected), error.what());
        }
    }
};

QTEST_APPLESS_MAIN(LessonTest)
#include "lesson_test.moc"
