// MATLAB files: as scipy.io reads them, which variable is the matrix, and what is refused.

#include "tests/data/formats/reference_cases.h"

using namespace zipml;

namespace {

std::string word(std::uint32_t value) {
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

/// A part of a version 5 file, filled up to 8 bytes.
std::string part(std::uint32_t type, std::string data) {
    const auto size = static_cast<std::uint32_t>(data.size());
    data.resize((data.size() + 7) / 8 * 8);
    return word(type) + word(size) + data;
}

std::string header() {
    std::string text = "MATLAB 5.0 MAT-file";
    text.resize(124, ' ');
    return text + std::string("\x00\x01IM", 4);
}

/// Bytes (uint8) of the class double.
std::string variable(const std::string& name, std::uint32_t rows, std::uint32_t columns,
                     const std::string& data, std::uint32_t kind = 6) {
    constexpr std::uint32_t kUint32 = 6, kInt32 = 5, kInt8 = 1, kUint8 = 2, kMatrix = 14;
    return part(kMatrix, part(kUint32, word(kind) + word(0)) + part(kInt32, word(rows) + word(columns)) +
                             part(kInt8, name) + part(kUint8, data));
}

const std::string kFile = header() + variable("X", 3, 2, "\1\2\3\4\5\6") + variable("y", 3, 1, {"\0\1\0", 3});

} // namespace

class MatTest : public QObject {
    Q_OBJECT
    QTemporaryDir folder_;
    test::DataFiles files_;

  private slots:
    void readsAsScipy_data() { test::addReferenceCases(folder_, "mat"); }
    void readsAsScipy() { COMPARE_WITH_REFERENCE(folder_); }

    void readsColumnByColumn() {
        const LoadedData loaded = files_.load(kFile);
        QCOMPARE(loaded.format, std::string("mat"));
        QVERIFY((loaded.data.values == std::vector<float>{1, 4, 2, 5, 3, 6}));
        QVERIFY((loaded.data.labels == std::vector<float>{0, 1, 0}));
    }

    void takesLabelsAlongARow() {
        const auto bytes =
            header() + variable("X", 3, 2, "\1\2\3\4\5\6") + variable("y", 1, 3, {"\0\1\0", 3});
        QVERIFY((files_.load(bytes).data.labels == std::vector<float>{0, 1, 0}));
    }

    void refuses_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* name, const std::string& bytes, const char* message) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << message;
        };
        row("several", header() + variable("A", 3, 2, "\1\2\3\4\5\6") + variable("B", 3, 2, "\1\2\3\4\5\6"),
            "data: holds 'A' (3, 2), 'B' (3, 2); choose the values with --matrix NAME");
        row("samples in columns",
            header() + variable("X", 2, 3, "\1\2\3\4\5\6") + variable("y", 3, 1, "\1\2\3"),
            "data: 'X' has a column for each of the 3 labels in 'y'; samples are rows: save it transposed");
        row("cut", kFile.substr(0, kFile.size() - 8), "data: is damaged or cut short: the variable at byte");
        row("few values", header() + variable("X", 3, 2, "\1\2\3\4"),
            "data: is damaged or cut short: a variable has not as many values as its dimensions say");
        row("many values", header() + variable("X", 1U << 31, 1U << 31, "\1\2\3\4"),
            "data: is damaged or cut short: a variable has not as many values as its dimensions say");
        row("struct", header() + variable("s", 1, 1, "", 2), "data: ");
        row("no variable", header() + "abcdefgh12345678",
            "data: is damaged or cut short: what begins at byte 128");
        row("nothing", header(), "data: holds no array");
    }
    void refuses() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const QString error = files_.errorOf(bytes.toStdString());
        QVERIFY2(error.startsWith(message) && !error.contains('\n'), qPrintable(error));
    }

    void survivesDamage() {
        const QString wrong = test::damageIn(files_, "data", kFile, {}, false);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
    }
};

QTEST_GUILESS_MAIN(MatTest)
#include "mat_test.moc"
