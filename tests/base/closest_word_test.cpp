#include "core/base/closest_word.h"

#include <QtTest>

using namespace zipml;

class ClosestWordTest : public QObject {
    Q_OBJECT
  private slots:
    void whatIsMeant_data() {
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("meant");
        QTest::newRow("letter changed") << "--estimater"
                                        << "--estimator";
        QTest::newRow("letters swapped") << "trian"
                                         << "train";
        QTest::newRow("left out") << "--epoch"
                                  << "--epochs";
        QTest::newRow("begun") << "--label"
                               << "--label-column";
        QTest::newRow("underscore and capitals") << "--Label_Column"
                                                 << "--label-column";
        QTest::newRow("nothing is near") << "--colour"
                                         << "";
        QTest::newRow("short words are not alike") << "abc"
                                                   << "";
        QTest::newRow("empty") << ""
                               << "";
        QTest::newRow("dashes only") << "--"
                                     << "";
        QTest::newRow("endless") << QString(100'000, 'a') << "";
    }
    void whatIsMeant() {
        QFETCH(const QString, word);
        QFETCH(const QString, meant);
        const std::vector<std::string> words{"--estimator", "--epochs", "--label-column",
                                             "train",       "xyz",      "bits"};
        QCOMPARE(QString::fromStdString(closestWord(word.toStdString(), words)), meant);
        QCOMPARE(didYouMean(word.toStdString(), words).empty(), meant.isEmpty());
    }
};

QTEST_APPLESS_MAIN(ClosestWordTest)
#include "closest_word_test.moc"
