#include "core/base/utf8.h"

#include <QtTest>

#include <random>

using namespace zipml;

class Utf8Test : public QObject {
    Q_OBJECT
  private slots:
    // Qt's decoder is the oracle of what is UTF-8.
    void anyBytesBecomeTextAndComeBack() {
        std::mt19937 draws(3);
        constexpr const char* kParts[] = {"a",        "caf\xE9",          "\xC3\xA9",     "\xEE\xBE\x80",
                                          "\xEE\xBF", "\xF0\x9F\x98\x80", "\xED\xA0\x80", "\xFF"};
        for (int round = 0; round < 5000; ++round) {
            std::string name;
            for (auto length = draws() % 12; length > 0; --length)
                if (draws() % 2 == 0)
                    name += static_cast<char>(draws() % 256);
                else
                    name += kParts[draws() % std::size(kParts)];
            const std::string text = textOfFileName(name);
            QVERIFY(isUtf8(text));
            QVERIFY(QByteArrayView(text).isValidUtf8());
            QCOMPARE(isUtf8(name), QByteArrayView(name).isValidUtf8());
            QCOMPARE(fileNameOfText(text), name);
        }
    }

    void whatIsUtf8IsLeftAlone() {
        for (const char* name : {"", "data.csv", "caf\xC3\xA9/\xE6\x95\xB0\xE6\x8D\xAE.csv"})
            QCOMPARE(textOfFileName(name), std::string(name));
        QCOMPARE(textOfFileName("caf\xE9.csv"), std::string("caf\xEE\xBF\xA9.csv")); // U+EFE9
    }
};

QTEST_APPLESS_MAIN(Utf8Test)
#include "utf8_test.moc"
