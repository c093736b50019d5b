#include "core/base/file.h"
#include "core/base/json_file.h"
#include "core/base/json_text.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace zipml;
using nlohmann::json;

namespace {

template <class Work>
std::string messageOf(Work&& work) {
    try {
        work();
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

} // namespace

class JsonFileTest : public QObject {
    Q_OBJECT
  private slots:
    void aFileThatIsNoJsonIsNamedWithThePlace_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("broken") << "{\"a\": 1,\n \"b\": }"
                                << ": is not JSON: at line 2, column";
        QTest::newRow("cut") << "{\"a\": 1"
                             << ": is not JSON: at line 1, column";
        QTest::newRow("text") << "1,2,3\nx"
                              << ": is not JSON; a list was expected";
        QTest::newRow("empty") << " \n"
                               << ": is empty; a list was expected";
        QTest::newRow("number") << "{\"a\": 1,\n \"b\": [2, -1e999]}"
                                << ":2: b: -1e999 is beyond";
    }
    void aFileThatIsNoJsonIsNamedWithThePlace() {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        const QTemporaryDir folder;
        const std::string file = folder.filePath("f.json").toStdString();
        writeFileAtomically(file, text.toStdString());
        const auto message = messageOf([&] { static_cast<void>(readJson(file, "a list was expected")); });
        QVERIFY2(message.starts_with(file + expected.toStdString()), message.c_str());
        QVERIFY(message.find("json.exception") == std::string::npos);
        QVERIFY(message.find('\n') == std::string::npos);
    }

    void whatIsOfAWrongTypeIsNamedWithItsPlace() {
        const json file = json::parse(
            R"({"n": -1, "big": 4294967297, "huge": 18446744073709551615, "x": 1e300, "list": [1, "two"],
                "runs": [{"spec": {"bits": true}}], "nested": [[1], [2, null]]})");
        const JsonPart root(file);
        const auto whole = [&](const char* key) {
            return messageOf([&] { static_cast<void>(root.get<int>(key)); });
        };
        QCOMPARE(root.get<int>("n"), -1);
        QCOMPARE(root.get<std::int64_t>("big"), 4294967297LL);
        QCOMPARE(root.get<std::uint64_t>("huge"), 18446744073709551615ULL);
        QCOMPARE(root.get<double>("n"), -1.0);
        const json made = {{"n", 2}}; // in memory whole numbers have a sign
        QCOMPARE(JsonPart(made).get<std::size_t>("n"), std::size_t{2});
        QVERIFY(whole("big").starts_with("big: 4294967297 is not a whole number"));
        QVERIFY(whole("huge").starts_with("huge: 18446744073709551615 is not"));
        QVERIFY(whole("x").starts_with("x: 1e+300 is not a whole number"));
        QCOMPARE(whole("m"), std::string("m: is missing"));
        const auto unsignedOne = messageOf([&] { static_cast<void>(root.get<std::size_t>("n")); });
        QVERIFY(unsignedOne.starts_with("n: -1 is not a whole number of 0 or more"));
        const auto list = messageOf([&] { static_cast<void>(root.get<std::vector<double>>("list")); });
        QCOMPARE(list, std::string("list[1]: \"two\" is not a number"));
        const auto deep =
            messageOf([&] { static_cast<void>(root.get<std::vector<std::vector<double>>>("nested")); });
        QCOMPARE(deep, std::string("nested[1][1]: null is not a number"));
        const auto run = messageOf([&] {
            for (const JsonPart& each : root.at("runs").list())
                static_cast<void>(each.at("spec").get<std::string>("bits"));
        });
        QCOMPARE(run, std::string("runs[0].spec.bits: true is not a text in quotes"));
        QVERIFY(messageOf([&] { static_cast<void>(root.at("x").list()); }).starts_with("x: 1e+300 is not"));
        QCOMPARE(root.get("absent", 7), 7);
    }

    void longValuesAreCut() {
        const json file = {{"text", std::string(5000, 'x')}, {"list", std::vector<int>(1000)}};
        for (const char* key : {"text", "list"})
            QVERIFY(messageOf([&] { static_cast<void>(JsonPart(file).get<double>(key)); }).size() < 120);
    }

    void bytesThatAreNoUtf8AreWritten() {
        QCOMPARE(jsonText({{"name", "caf\xE9"}}), std::string("{\"name\":\"caf\xEF\xBF\xBD\"}"));
    }
};

QTEST_APPLESS_MAIN(JsonFileTest)
#include "json_file_test.moc"
