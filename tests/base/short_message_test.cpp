#include "core/base/short_message.h"

#include <QtTest>

using namespace zipml;

class ShortMessageTest : public QObject {
    Q_OBJECT
  private slots:
    void usualMessagesStayAsTheyAre() {
        const std::string message = "data.csv:17: column 3: 'abc' is not a number";
        QCOMPARE(shortMessage(message), message);
        const std::string list = "grid: 'x' is unknown; choose one of " + std::string(40, 'a') + ", " +
                                 std::string(50, 'b') + ", the file's 'own' ones, " + std::string(300, ' ') +
                                 "or /a/" + std::string(400, 'c');
        QCOMPARE(shortMessage(list), list);
    }

    void whatIsQuotedIsShortened_data() {
        QTest::addColumn<QString>("value");
        QTest::newRow("word") << QString(5000, 'x');
        QTest::newRow("words") << QString("many words ").repeated(500);
        QTest::newRow("two bytes each") << QString(3000, QChar(0xE4));
        QTest::newRow("a quote within") << QString(2000, 'x') + "'" + QString(3000, 'y');
        QTest::newRow("a path") << "/tmp/" + QString(5000, 'x');
    }
    void whatIsQuotedIsShortened() {
        QFETCH(const QString, value);
        for (const char* quote : {"'", "\"", ""}) {
            if (*quote == '\0' && value.contains(' '))
                continue;
            const QString message = QString("key: ") + quote + value + quote + " is not a number; use 1 to 8";
            const QString shown = QString::fromUtf8(shortMessage(message.toStdString()).c_str());
            QVERIFY2(shown.size() < 300, qPrintable(shown));
            QVERIFY2(shown.startsWith("key: ") && shown.endsWith(" is not a number; use 1 to 8"),
                     qPrintable(shown));
            QVERIFY2(shown.contains("bytes)") && !shown.contains(QChar::ReplacementCharacter),
                     qPrintable(shown));
        }
    }
};

QTEST_APPLESS_MAIN(ShortMessageTest)
#include "short_message_test.moc"
