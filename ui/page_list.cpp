#include "ui/page_list.h"

#include "ui/advisor/advisor_page.h"
#include "ui/data/data_page.h"
#include "ui/devices/device_memory.h"
#include "ui/devices/devices_page.h"
#include "ui/double_sampling/double_sampling_page.h"
#include "ui/history/history_page.h"
#include "ui/networks/networks_page.h"
#include "ui/quantizer/quantizer_page.h"
#include "ui/tomography/tomography_page.h"
#include "ui/tradeoffs/tradeoffs_page.h"
#include "ui/training/training_page.h"

#include <QCoreApplication>

namespace zipml::ui {
namespace {

QString translated(const QString& text) {
    return QCoreApplication::translate("Pages", text.toUtf8().constData());
}

} // namespace

std::span<const PageEntry> pageEntries() {
    static const PageEntry entries[] = {
        // name, title, icon, help, keys (empty: Ctrl and the number among those without)
        {{"training", "Training", "training", "Set up, run and compare experiments"},
         [](const PageContext& use) -> Page* { return new TrainingPage(use.experiment); }},
        {{"data", "Data", "data", "See and choose what the training data is read as", "Ctrl+8"},
         [](const PageContext& use) -> Page* { return new DataPage(use.experiment); }},
        {{"quantizer", "Quantizer", "quantizer", "See what rounding to levels does to values"},
         [](const PageContext& use) -> Page* { return new QuantizerPage(use.experiment); }},
        {{"double-sampling", "Double sampling", "double-sampling",
          "See why naive rounding biases the gradient, and double sampling does not"},
         [](const PageContext&) -> Page* { return new DoubleSamplingPage; }},
        {{"trade-offs", "Trade-offs", "trade-offs",
          "See how many bits are enough: loss against bytes, time and energy"},
         [](const PageContext& use) -> Page* {
             return new TradeoffsPage(use.experiment, TradeoffsPage::usualFolder());
         }},
        {{"advisor", "Bit advisor", "advisor",
          "Forecast from your data, without training, how many bits it needs", "Ctrl+B"},
         [](const PageContext& use) -> Page* { return new AdvisorPage(use.experiment); }},
        {{"tomography", "Tomography", "tomography", "Reconstruct an image from rays at low precision"},
         [](const PageContext&) -> Page* { return new TomographyPage; }},
        {{"devices", "Devices", "devices", "Check, measure and compare what computes"},
         [](const PageContext& use) -> Page* {
             return new DevicesPage(use.experiment, use.devices, usualDeviceFile());
         }},
        {{"networks", "Networks", "networks",
          "Train networks whose weights have few levels, and see what they learn"},
         [](const PageContext& use) -> Page* {
             auto* page = new NetworksPage(NetworksPage::usualFolder());
             page->undoWith(use.experiment.history());
             return page;
         }},
        {{"history", "History", "history",
          "Find runs of all sessions and of the command line, and overlay them", "Ctrl+9"},
         [](const PageContext& use) -> Page* { return new HistoryPage(use.experiment, use.history); }},
    };
    return entries;
}

QList<Page*> makePages(const PageContext& context) {
    QList<Page*> pages;
    for (const PageEntry& entry : pageEntries()) {
        PageCard card = entry.card;
        card.title = translated(card.title);
        card.help = translated(card.help);
        Page* page = entry.make(context);
        page->setCard(card);
        pages << page;
    }
    return pages;
}

} // namespace zipml::ui
