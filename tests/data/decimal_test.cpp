// The quick way to read decimals against std::from_chars, bit by bit.

#include "core/base/random.h"
#include "core/data/decimal.h"
#include "core/data/number.h"

#include <QtTest>

#include <cmath>
#include <string>

using namespace zipml;

namespace {

/// Draws texts of the shapes that data files hold.
class Texts {
  public:
    explicit Texts(std::uint32_t shape) : random_(2027, Purpose::Synthetic, shape) {}

    std::uint32_t word() {
        if (draw_ % 4 == 0)
            words_ = random_.words(draw_ / 4, 0);
        return words_[draw_++ % 4];
    }
    std::size_t below(std::size_t limit) { return word() % limit; }

    std::string digits(std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += static_cast<char>('0' + below(10));
        return text;
    }
    /// As printf writes a number of any size, or one about 1.
    std::string printed(const char* format, bool anySize) {
        const double fraction = 1 + static_cast<double>(word()) / 4294967296.0 + word() * 0x1p-60;
        const int power = anySize ? static_cast<int>(below(320)) - 160 : static_cast<int>(below(8)) - 6;
        char text[512];
        std::snprintf(text, sizeof text, format, std::ldexp(below(2) == 0 ? fraction : -fraction, power));
        return text;
    }
    /// A float's midpoint to the next one, written out in full, with its last digit changed at times.
    std::string nearMidpoint() {
        const auto bits = (word() % 0x7F000000U) | 1U;
        const double midpoint = (static_cast<double>(std::bit_cast<float>(bits)) +
                                 static_cast<double>(std::bit_cast<float>(bits + 1))) /
                                2;
        const char* const formats[] = {"%.17g", "%.18e", "%.16e", "%.12e", "%.9g", "%.25f"};
        char text[512];
        std::snprintf(text, sizeof text, formats[below(6)],
                      below(2) == 0 ? midpoint : std::ldexp(midpoint, -std::ilogb(midpoint)));
        return text;
    }
    std::string whatever() {
        std::string text;
        for (std::size_t i = 1 + below(12); i > 0; --i)
            text += "0123456789.eE+- ,x"[below(18)];
        return text;
    }

  private:
    RandomStream random_;
    std::uint32_t draw_ = 0;
    std::array<std::uint32_t, 4> words_{};
};

struct Shape {
    const char* name;
    std::string (*draw)(Texts& texts);
};
const Shape kShapes[] = {
    {"%.6g", [](Texts& t) { return t.printed("%.6g", false); }},
    {"%.6g of any size", [](Texts& t) { return t.printed("%.6g", true); }},
    {"%.9g", [](Texts& t) { return t.printed("%.9g", true); }},
    {"%.17g", [](Texts& t) { return t.printed("%.17g", false); }},
    {"%.18e", [](Texts& t) { return t.printed("%.18e", true); }},
    {"%f", [](Texts& t) { return t.printed("%f", false); }},
    {"whole numbers", [](Texts& t) { return t.digits(1 + t.below(24)); }},
    {"digits around a point",
     [](Texts& t) {
         std::string text = t.below(2) == 0 ? "-" : "";
         return text + t.digits(t.below(12)) + "." + t.digits(t.below(12));
     }},
    {"digits and an exponent",
     [](Texts& t) {
         return t.digits(1 + t.below(20)) + (t.below(2) == 0 ? "e-" : "E") + t.digits(1 + t.below(3));
     }},
    {"midpoints", [](Texts& t) { return t.nearMidpoint(); }},
    {"characters of numbers", [](Texts& t) { return t.whatever(); }},
};

} // namespace

class DecimalTest : public QObject {
    Q_OBJECT

  private slots:
    // Half a million texts a shape. What follows a number in memory must not matter.
    void agreesWithFromChars_data() {
        QTest::addColumn<int>("shape");
        for (int i = 0; i < static_cast<int>(std::size(kShapes)); ++i)
            QTest::newRow(kShapes[i].name) << i;
    }
    void agreesWithFromChars() {
        QFETCH(int, shape);
        Texts texts(static_cast<std::uint32_t>(shape));
        int read = 0;
        for (int i = 0; i < 500'000; ++i) {
            const std::string text = kShapes[shape].draw(texts);
            const std::string followed = text + ",7.5\n"[texts.below(5)] + "123456789";
            const char* const begin = text.data();
            float value = 0;
            const char* const stop = takeDecimal(begin, begin + text.size(), value);
            const char* const first = begin + (text.starts_with("+") && !text.starts_with("+-") ? 1 : 0);
            float expected = 0;
            const auto [end, error] = std::from_chars(first, begin + text.size(), expected);
            if (stop ==
                nullptr) { // left to others: no number, one out of range, or an exponent without digits
                QVERIFY2(error != std::errc{} || end != begin + text.size(), text.c_str());
                continue;
            }
            ++read;
            QVERIFY2(error == std::errc{} && stop == end, text.c_str());
            QVERIFY2(std::bit_cast<std::uint32_t>(value) == std::bit_cast<std::uint32_t>(expected),
                     text.c_str());
            float again = 0;
            const char* const stopAgain =
                takeDecimal(followed.data(), followed.data() + followed.size(), again);
            if (followed[text.size()] == ',' || followed[text.size()] == '\n')
                QVERIFY2(stopAgain == followed.data() + (stop - begin) && again == value, text.c_str());
        }
        QVERIFY(read > 20'000);
    }
};

QTEST_APPLESS_MAIN(DecimalTest)
#include "decimal_test.moc"
