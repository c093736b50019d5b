#pragma once
/// The list of pages is a table: a page is a line in it, and a file of its own.

#include "core/bench/device_report.h"
#include "ui/widgets/page.h"

#include <span>

namespace zipml::ui {

class ExperimentModel;

/// What a page may use beside what it makes itself. Pages know nothing of each other.
struct PageContext {
    ExperimentModel& experiment;
    DeviceSources devices;
    QString history; ///< its folder; empty: none is kept
};

struct PageEntry {
    PageCard card; ///< in English
    Page* (*make)(const PageContext& context);
};

/// In the order shown; the first one is where runs are watched.
std::span<const PageEntry> pageEntries();

/// All of them, with their cards. The caller owns them.
QList<Page*> makePages(const PageContext& context);

} // namespace zipml::ui
