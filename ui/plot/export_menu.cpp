#include "ui/plot/export_menu.h"

#include "ui/plot/export_plot_dialog.h"
#include "ui/plot/live_plot.h"
#include "ui/widgets/file_dialogs.h"

#include <QMenu>

namespace zipml::ui {
namespace {

void chooseFile(LivePlot& plot, const QString& ending, bool both, const std::optional<PlotLook>& look = {}) {
    const QString name = both ? plot.nameOfBoth() : plot.name();
    chooseFileToSave(plot,
                     {both ? LivePlot::tr("Export both plots") : LivePlot::tr("Export the %1 plot").arg(name),
                      name + "." + ending, QString("%1 (*.%2)").arg(ending.toUpper(), ending)},
                     [&plot, both, look](const QString& file) {
                         try {
                             both ? plot.exportBothTo(file, look) : plot.exportTo(file, look);
                             emit plot.message(LivePlot::tr("Exported %1").arg(file), false);
                         } catch (const std::exception& error) {
                             emit plot.message(QString::fromUtf8(error.what()), true);
                         }
                     });
}

void chooseLook(LivePlot& plot, bool both) {
    auto* dialog = new ExportPlotDialog(&plot);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (both)
        dialog->setWindowTitle(LivePlot::tr("Export both plots, one below the other"));
    QObject::connect(dialog, &QDialog::accepted, &plot,
                     [&plot, dialog, both] { chooseFile(plot, dialog->ending(), both, dialog->look()); });
    dialog->open();
}

} // namespace

void addExports(QMenu& menu, LivePlot& plot) {
    const auto add = [&](const QString& text, const std::function<void()>& go) {
        menu.addAction(text, &plot, go)->setEnabled(!plot.curves().empty());
    };
    for (const char* ending : {"png", "svg", "pdf", "csv"})
        add(QString(ending) == "csv" ? LivePlot::tr("Export data as CSV…")
                                     : LivePlot::tr("Export as %1…").arg(QString(ending).toUpper()),
            [&plot, ending] { chooseFile(plot, ending, false); });
    add(LivePlot::tr("Export with a size…"), [&plot] { chooseLook(plot, false); });
    if (!plot.nameOfBoth().isEmpty())
        add(LivePlot::tr("Export both plots…"), [&plot] { chooseLook(plot, true); });
}

} // namespace zipml::ui
