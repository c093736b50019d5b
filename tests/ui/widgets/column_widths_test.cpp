// Numbers are whole; when room gets scarce other texts give way, then names, and in the end the table scrolls.

#include "ui/widgets/column_widths.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QTableView>
#include <QtTest>

using namespace zipml::ui;

namespace {

enum Column { Name, Data, Loss, Seconds };

struct Table {
    QStandardItemModel model{0, 4};
    QTableView view;

    Table() {
        for (int column : {Name, Data, Loss, Seconds}) {
            const auto side = column < Loss ? Qt::AlignLeft : Qt::AlignRight;
            model.setHeaderData(column, Qt::Horizontal, QVariant(side | Qt::AlignVCenter),
                                Qt::TextAlignmentRole);
            model.setHeaderData(column, Qt::Horizontal, QString("column"), Qt::DisplayRole);
        }
        add("Double sampling, 3 bits, step 0.001", "synthetic:1000x20000", "0.01234", "0.0123");
        view.setModel(&model);
        new ColumnWidths(view, Name);
    }
    void add(const QString& name, const QString& data, const QString& loss, const QString& seconds) {
        QList<QStandardItem*> row;
        for (const auto& text : {name, data, loss, seconds})
            row << new QStandardItem(text);
        model.appendRow(row);
    }
    void show(int width) {
        view.resize(width, 200);
        view.show();
        QTest::qWait(30);
    }
    /// Whether a column shows all of its texts.
    [[nodiscard]] bool whole(int column) const {
        for (int row = 0; row < model.rowCount(); ++row)
            if (view.columnWidth(column) < view.sizeHintForIndex(model.index(row, column)).width())
                return false;
        return view.columnWidth(column) >= view.horizontalHeader()->sectionSizeHint(column);
    }
};

} // namespace

class ColumnWidthsTest : public QObject {
    Q_OBJECT
  private slots:
    void thereIsRoom() {
        Table table;
        table.show(1000);
        for (const int column : {Name, Data, Loss, Seconds})
            QVERIFY2(table.whole(column), qPrintable(QString::number(column)));
        QCOMPARE(table.view.horizontalScrollBar()->maximum(), 0);
        QCOMPARE(table.view.horizontalHeader()->length(),
                 table.view.viewport()->width()); // the name has the rest
    }

    void namesAreTheLastToGiveWay() {
        Table table;
        table.show(1000);
        int enough = 0;
        for (const int column : {Name, Data, Loss, Seconds})
            enough += column == Name ? 0 : table.view.columnWidth(column);
        enough += table.view.sizeHintForIndex(table.model.index(0, Name)).width();
        table.show(enough - 40);
        QVERIFY(!table.whole(Data));
        for (const int column : {Name, Loss, Seconds})
            QVERIFY2(table.whole(column), qPrintable(QString::number(column)));
        table.show(260);
        QVERIFY(!table.whole(Name));
        for (const int column : {Loss, Seconds})
            QVERIFY2(table.whole(column), qPrintable(QString::number(column)));
    }

    void numbersGrowWithTheirColumn() {
        Table table;
        table.show(700);
        table.model.setData(table.model.index(0, Loss), "-1.2345678901e-105");
        QTest::qWait(30);
        QVERIFY(table.whole(Loss));
        table.add("Another", "a9a", "1", "123456.789012345");
        QTest::qWait(30);
        QVERIFY(table.whole(Seconds));
    }

    void largerTypeIsWholeToo() {
        Table table;
        table.show(1200);
        QFont font = table.view.font();
        font.setPointSizeF(1.5 * font.pointSizeF());
        table.view.setFont(font);
        QTest::qWait(30);
        for (const int column : {Name, Loss, Seconds})
            QVERIFY2(table.whole(column), qPrintable(QString::number(column)));
    }
};

QTEST_MAIN(ColumnWidthsTest)
#include "column_widths_test.moc"
