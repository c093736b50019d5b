#pragma once
/// The page of networks with tiny runs on generated shapes.

#include "core/deep/engine.h"
#include "tests/support/gui_test.h"
#include "ui/networks/network_inspector.h"
#include "ui/networks/network_panel.h"
#include "ui/networks/networks_page.h"
#include "ui/networks/own_image_view.h"

#include <QDropEvent>
#include <QMimeData>

#define NEEDS_ENGINE()                                                                                       \
    do {                                                                                                     \
        if (const std::string problem = deep::engineProblem(); !problem.empty())                             \
            QSKIP(problem.c_str());                                                                          \
    } while (false)

namespace zipml::test {

/// In the order of the page's menu.
enum NetworkAction { Compare, Train, Pause, Stop, GoOn, Export, Copy };

inline deep::DeepSpec tinySpec() {
    deep::DeepSpec spec = ui::NetworkPanel::usualSpec();
    spec.data = "shapes:200";
    spec.testImages = 60;
    spec.batch = 20;
    spec.iterations = 30;
    spec.evaluateEvery = 10;
    spec.threads = 1;
    return spec;
}

/// The page, shown, with the runs' settings.
struct NetworksFixture {
    ui::NetworksPage page;
    QStringList messages;

    explicit NetworksFixture(const deep::DeepSpec& spec = tinySpec(), const QString& folder = {})
        : page(folder) {
        page.panel().setSpec(spec);
        QObject::connect(&page, &ui::NetworksPage::message, &page,
                         [this](const QString& text, bool) { messages << text; });
        page.resize(1280, 700);
        page.show();
    }
    [[nodiscard]] QAction* action(NetworkAction which) const { return page.menuActions()[which]; }
    template <class Condition>
    static bool wait(Condition condition) {
        return QTest::qWaitFor(condition, static_cast<int>(120'000 * test::timeScale()));
    }
    bool waitUntilIdle() {
        return wait([this] { return !page.runs().anyActive(); });
    }
    bool train() {
        action(Train)->trigger();
        return waitUntilIdle();
    }
    ui::NetworkInspector& look(QWidget& view) {
        page.inspector().setCurrentWidget(&view);
        return page.inspector();
    }
    template <class Widget>
    Widget* control(const char* name) {
        return page.findChild<Widget*>(name);
    }
    bool drop(const QMimeData& mime) {
        QDragEnterEvent enter({600, 300}, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&page, &enter);
        if (!enter.isAccepted())
            return false;
        QDropEvent event({600, 300}, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&page, &event);
        return event.isAccepted();
    }
    bool dropFile(const QString& file) {
        QMimeData mime;
        mime.setUrls({QUrl::fromLocalFile(file)});
        return drop(mime) && wait([this] { return page.inspector().ownImage().idle(); });
    }
};

} // namespace zipml::test
