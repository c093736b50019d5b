#include "ui/networks/export_network_dialog.h"

#include "core/base/file.h"
#include "core/deep/export_network.h"
#include "ui/networks/network_worker.h"
#include "ui/widgets/background_job.h"
#include "ui/widgets/file_dialogs.h"
#include "ui/widgets/text.h"

#include <QLabel>

namespace zipml::ui {
namespace {

/// A file type and how it is written.
struct Format {
    const char *title, *ending;
    void (*write)(const deep::Model& model, const std::filesystem::path& file);
};

template <deep::WeightFormat weights>
void writeOnnx(const deep::Model& model, const std::filesystem::path& file) {
    writeFileAtomically(file, deep::toOnnx(model, weights));
}

const Format kFormats[] = {
    {QT_TR_NOOP("ONNX, weights as level numbers and levels (*.onnx)"), "onnx",
     writeOnnx<deep::WeightFormat::Integer>},
    {QT_TR_NOOP("ONNX, two level numbers of up to 16 levels in a byte (*.onnx)"), "onnx",
     writeOnnx<deep::WeightFormat::Packed>},
    {QT_TR_NOOP("ONNX, weights as floats (*.onnx)"), "onnx", writeOnnx<deep::WeightFormat::Float>},
    {QT_TR_NOOP("For zipml deep evaluate (*.zn)"), "zn",
     [](const deep::Model& model, const std::filesystem::path& file) {
         deep::writeCheckpoint({model, std::nullopt}, file);
     }},
};

} // namespace

ExportNetworkDialog::ExportNetworkDialog(std::shared_ptr<const NetworkSnapshot> network, QWidget* parent)
    : QFileDialog(parent, tr("Export the network"), "network.onnx"), network_(std::move(network)) {
    QStringList filters;
    for (const Format& format : kFormats)
        filters << tr(format.title);
    setAcceptMode(AcceptSave);
    setNameFilters(filters);
    setDefaultSuffix("onnx");
    QLabel* note = addNote(*this);
    const auto follow = [this, note](const QString& filter) {
        for (const Format& format : kFormats)
            if (tr(format.title) == filter) {
                setDefaultSuffix(format.ending);
                note->setText(format.ending == QLatin1String("onnx") ? toQt(deep::onnxRunsIn()) : QString());
            }
    };
    follow(filters.first());
    connect(this, &QFileDialog::filterSelected, this, follow);
    connect(this, &QFileDialog::fileSelected, this, &ExportNetworkDialog::write);
    connect(this, &QFileDialog::rejected, this, &QObject::deleteLater);
}

void ExportNetworkDialog::write(const QString& file) {
    const Format* chosen = &kFormats[0];
    for (const Format& format : kFormats)
        if (tr(format.title) == selectedNameFilter())
            chosen = &format;
    inBackground(
        *this,
        [network = network_, chosen, file](const Job&) { chosen->write(network->model, file.toStdString()); },
        [this, file](const QString& error) {
            if (error.isEmpty())
                emit message(tr("Saved %1 (%2 bytes)").arg(file).arg(QFileInfo(file).size()), false);
            else
                emit message(error, true);
            deleteLater();
        });
}

} // namespace zipml::ui
