#include "ui/plot/replot_queue.h"

#include <QPointer>
#include <QTimer>
#include <qcustomplot.h>

#include <algorithm>

namespace zipml::ui {
namespace {

class ReplotQueue : public QObject {
  public:
    ReplotQueue() {
        turn_.setInterval(0); // once a turn, behind all events that wait
        connect(&turn_, &QTimer::timeout, this, &ReplotQueue::drawNext);
    }

    void add(QCustomPlot& plot) {
        if (std::ranges::find(waiting_, &plot, &QPointer<QCustomPlot>::data) == waiting_.end())
            waiting_ << &plot;
        turn_.start();
    }

  private:
    void drawNext() {
        QPointer<QCustomPlot> next;
        while (next == nullptr && !waiting_.isEmpty())
            next = waiting_.takeFirst();
        if (waiting_.isEmpty())
            turn_.stop(); // before it draws, which may ask for more
        if (next != nullptr)
            next->replot();
    }

    QList<QPointer<QCustomPlot>> waiting_;
    QTimer turn_;
};

} // namespace

void replotSoon(QCustomPlot& plot) {
    static QPointer<ReplotQueue> queue;
    if (queue == nullptr) {
        queue = new ReplotQueue;
        queue->setParent(QCoreApplication::instance()); // which the timer must not outlive
    }
    queue->add(plot);
}

} // namespace zipml::ui
