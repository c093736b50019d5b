#pragma once
/// What the GUI's tests share.

#include "tests/support/time_scale.h"
#include "ui/main_window.h"
#include "ui/theme/palette.h"
#include "ui/training/training_page.h"
#include "ui/widgets/message_bar.h"

#include <QAction>
#include <QElapsedTimer>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>

namespace zipml::test {

/// Settings of their own, so that a test neither reads nor changes the person's.
inline void useOwnSettings() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("zipml-test");
    QCoreApplication::setApplicationName(QCoreApplication::applicationName() + "-test");
    QSettings().clear();
    ui::applyTheme(ui::Theme::Light);
}

inline QAction* actionNamed(const ui::TrainingPage& page, const QString& text) {
    for (auto* action : page.barActions() + page.selectionActions())
        if (action->text() == text)
            return action;
    return nullptr;
}

/// Waits in the event loop until no run is active.
inline bool waitUntilIdle(ui::TrainingPage& page, int milliseconds = 60'000) {
    return QTest::qWaitFor([&] { return !page.runs().anyActive(); },
                           static_cast<int>(milliseconds * timeScale()));
}

} // namespace zipml::test
