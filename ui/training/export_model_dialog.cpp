#include "ui/training/export_model_dialog.h"

#include "ui/widgets/file_dialogs.h"
#include "ui/widgets/text.h"

#include <QLabel>

#include <utility>

namespace zipml::ui {

ExportModelDialog::ExportModelDialog(LinearModel model, QWidget* parent)
    : QFileDialog(parent, tr("Export the model"), "model.json"), model_(std::move(model)),
      note_(addNote(*this)) {
    QStringList filters;
    const auto add = [&](const ModelFormat& format, const ExportOptions& options, const QString& variant) {
        choices_.push_back({&format, options,
                            QString("%1%2 (*.%3)").arg(toQt(format.title), variant, toQt(format.extension))});
        filters << choices_.back().filter;
    };
    for (const auto& format : modelFormats()) {
        add(format, {}, {});
        if (format.placedLevels) // weights are one or the other
            for (const int bits : {8, 4})
                add(format, {bits, {}}, tr(", weights of %1 bits").arg(bits));
        if (format.packedWeights)
            add(format, {4, {}, true}, tr(", weights of 4 bits, two in a byte"));
    }
    setAcceptMode(AcceptSave);
    setNameFilters(filters);
    setDefaultSuffix("json");
    setAttribute(Qt::WA_DeleteOnClose);
    connect(this, &QFileDialog::filterSelected, this, &ExportModelDialog::follow);
    connect(this, &QFileDialog::fileSelected, this, &ExportModelDialog::write);
}

void ExportModelDialog::follow() {
    note_->setText(toQt(choice().format->runsIn));
    const QString ending = toQt(choice().format->extension);
    setDefaultSuffix(ending);
    const QStringList named = selectedFiles();
    const QString base = named.isEmpty() ? QString() : QFileInfo(named.first()).completeBaseName();
    selectFile((base.isEmpty() ? "model" : base) + "." + ending);
}

const ExportModelDialog::Choice& ExportModelDialog::choice() const {
    for (const auto& each : choices_)
        if (each.filter == selectedNameFilter())
            return each;
    return choices_.front();
}

void ExportModelDialog::write(const QString& file) {
    try {
        // A name with another format's ending means that format.
        const bool asChosen = file.endsWith("." + toQt(choice().format->extension));
        const ModelFormat& format = asChosen ? *choice().format : modelFormatOf(file.toStdString());
        const auto bytes =
            exportModel(model_, format, asChosen ? choice().options : ExportOptions{}, file.toStdString());
        emit message(tr("Saved %1 (%2 bytes)").arg(file).arg(bytes), false);
    } catch (const std::exception& error) {
        emit message(QString::fromUtf8(error.what()), true);
    }
}

} // namespace zipml::ui
