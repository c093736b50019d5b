// In high contrast every control is seen: its frame stands out from the ground by 3 to 1 (WCAG 2.1, 1.4.11).
// So are check boxes and radio buttons in every theme.

#include "tests/support/gui_test.h"
#include "ui/runs/progress_delegate.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSlider>
#include <QStandardItemModel>
#include <QStyleOptionButton>
#include <QVBoxLayout>

#include <cmath>

using namespace zipml;

namespace {

double luminance(const QColor& color) {
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& one, const QColor& other) {
    const double a = luminance(one), b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

/// Whether from each side, on the way to the middle of `part`, something stands out within a few pixels.
bool framed(const QImage& image, const QRect& part, const QColor& ground) {
    constexpr int kReach = 5;
    const QPoint middle = part.center();
    const auto meets = [&](QPoint from, QPoint step) {
        for (int i = 0; i < kReach; ++i, from += step)
            if (image.valid(from) && contrast(image.pixelColor(from), ground) >= 3)
                return true;
        return false;
    };
    return meets({part.left(), middle.y()}, {1, 0}) && meets({part.right(), middle.y()}, {-1, 0}) &&
           meets({middle.x(), part.top()}, {0, 1}) && meets({middle.x(), part.bottom()}, {0, -1});
}

} // namespace

class HighContrastTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() { test::useOwnSettings(); }
    void cleanup() { ui::applyTheme(ui::Theme::Light); }

    void framesAreSeen_data() {
        QTest::addColumn<bool>("enabled");
        QTest::newRow("enabled") << true;
        QTest::newRow("disabled") << false;
    }
    void framesAreSeen() {
        QFETCH(const bool, enabled);
        ui::applyTheme(ui::Theme::HighContrast);
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        auto *box = new QCheckBox("&Intercept"), *ticked = new QCheckBox("&Shuffle");
        ticked->setChecked(true);
        auto* radio = new QRadioButton("&Double");
        auto* slider = new QSlider(Qt::Horizontal);
        slider->setValue(50);
        auto* spin = new QDoubleSpinBox;
        auto* combo = new QComboBox;
        combo->addItem("Uniform");
        auto* line = new QLineEdit;
        auto* button = new QPushButton("&Open…");
        auto* notes = new QPlainTextEdit;
        for (QWidget* each : std::initializer_list<QWidget*>{new QLineEdit, box, ticked, radio, slider, spin,
                                                             combo, line, button, notes}) {
            layout->addWidget(each);
            each->setEnabled(enabled);
        }
        window.resize(260, 400);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const QImage image = window.grab().toImage();
        const QColor ground = window.palette().color(QPalette::Window);
        const auto partOf = [&](QWidget* widget, QStyle::SubElement element) {
            QStyleOptionButton option;
            option.initFrom(widget);
            const QRect part = widget->style()->subElementRect(element, &option, widget);
            return part.translated(widget->pos());
        };
        const auto framedAt = [&](const char* what, const QRect& part) {
            QVERIFY2(framed(image, part, ground), what);
        };
        framedAt("check box", partOf(box, QStyle::SE_CheckBoxIndicator));
        framedAt("ticked check box", partOf(ticked, QStyle::SE_CheckBoxIndicator));
        framedAt("radio button", partOf(radio, QStyle::SE_RadioButtonIndicator));
        for (QWidget* each : std::initializer_list<QWidget*>{spin, combo, line, button, notes})
            framedAt(each->metaObject()->className(), each->geometry());
        QStyleOptionSlider option;
        option.initFrom(slider);
        option.orientation = Qt::Horizontal;
        option.maximum = 99;
        option.sliderPosition = option.sliderValue = 50;
        option.subControls = QStyle::SC_All;
        const QRect handle =
            slider->style()->subControlRect(QStyle::CC_Slider, &option, QStyle::SC_SliderHandle, slider);
        framedAt("slider's handle", handle.translated(slider->pos()));
        int way = 0; // columns in which the way of the slider is seen
        for (int x = slider->geometry().left(); x <= slider->geometry().right(); ++x)
            for (int y = slider->geometry().top(); y <= slider->geometry().bottom(); ++y)
                if (contrast(image.pixelColor(x, y), ground) >= 3) {
                    ++way;
                    break;
                }
        QVERIFY(way > 0.9 * slider->width());
        // What is chosen differs from what is not.
        const QRect unticked = partOf(box, QStyle::SE_CheckBoxIndicator),
                    chosen = partOf(ticked, QStyle::SE_CheckBoxIndicator);
        QVERIFY(image.copy(unticked) != image.copy(chosen));
    }

    // In every theme, ticked or not.
    void indicatorsAreSeen_data() {
        QTest::addColumn<ui::Theme>("theme");
        QTest::newRow("light") << ui::Theme::Light;
        QTest::newRow("dark") << ui::Theme::Dark;
        QTest::newRow("high contrast") << ui::Theme::HighContrast;
    }
    void indicatorsAreSeen() {
        QFETCH(const ui::Theme, theme);
        ui::applyTheme(theme);
        QWidget window;
        auto* layout = new QVBoxLayout(&window);
        auto *box = new QCheckBox("Intercept"), *ticked = new QCheckBox("Shuffle");
        ticked->setChecked(true);
        auto *radio = new QRadioButton("Double"), *chosen = new QRadioButton("Naive");
        chosen->setChecked(true);
        auto* focused = new QLineEdit;
        QStandardItemModel model;
        model.appendRow(new QStandardItem); // the model owns it
        model.item(0)->setCheckable(true);
        QTableView table;
        table.setModel(&model);
        for (QWidget* each : std::initializer_list<QWidget*>{focused, box, ticked, radio, chosen, &table})
            layout->addWidget(each);
        window.resize(260, 300);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        focused->setFocus();
        QImage image = window.grab().toImage();
        const auto seen = [&](const char* what, QWidget* widget, QStyle::SubElement element) {
            QStyleOptionButton option;
            option.initFrom(widget);
            const QRect part =
                widget->style()->subElementRect(element, &option, widget).translated(widget->pos());
            QVERIFY2(framed(image, part, window.palette().color(QPalette::Window)), what);
        };
        seen("check box", box, QStyle::SE_CheckBoxIndicator);
        seen("ticked check box", ticked, QStyle::SE_CheckBoxIndicator);
        seen("radio button", radio, QStyle::SE_RadioButtonIndicator);
        seen("chosen radio button", chosen, QStyle::SE_RadioButtonIndicator);
        QStyleOptionViewItem cell;
        cell.initFrom(&table);
        cell.rect = table.visualRect(model.index(0, 0));
        cell.features = QStyleOptionViewItem::HasCheckIndicator;
        const QRect tick =
            table.style()->subElementRect(QStyle::SE_ItemViewItemCheckIndicator, &cell, &table);
        image = table.viewport()->grab().toImage();
        QVERIFY2(framed(image, tick, table.palette().color(QPalette::Base)), "tick of a row");
    }

    // In a selected row, whose ground has the colour that a bar has elsewhere.
    void progressIsSeenOnASelectedRow_data() {
        QTest::addColumn<ui::Theme>("theme");
        QTest::newRow("light") << ui::Theme::Light;
        QTest::newRow("dark") << ui::Theme::Dark;
        QTest::newRow("high contrast") << ui::Theme::HighContrast;
    }
    void progressIsSeenOnASelectedRow() {
        QFETCH(const ui::Theme, theme);
        ui::applyTheme(theme);
        QStandardItemModel model(1, 1);
        model.setData(model.index(0, 0), 0.5, ui::ProgressDelegate::kShareRole);
        QTableView table;
        table.setModel(&model);
        table.setItemDelegate(new ui::ProgressDelegate(&table));
        table.setColumnWidth(0, 200);
        table.resize(300, 120);
        table.show();
        table.selectRow(0);
        QVERIFY(QTest::qWaitForWindowExposed(&table));
        table.activateWindow();
        table.setFocus();
        const QRect cell = table.visualRect(model.index(0, 0));
        const QImage image = table.viewport()->grab().toImage();
        const int y = cell.bottom() - 3;
        const QColor done = image.pixelColor(cell.left() + 40, y),
                     left = image.pixelColor(cell.left() + 160, y),
                     ground = image.pixelColor(cell.left() + 40, cell.top() + 6);
        QVERIFY2(contrast(done, ground) >= 3, qPrintable(done.name() + ground.name()));
        QVERIFY2(contrast(done, left) >= 1.5, qPrintable(done.name() + left.name()));
    }
};

QTEST_MAIN(HighContrastTest)
#include "high_contrast_test.moc"
