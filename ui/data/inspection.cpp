#include "ui/data/inspection.h"

#include <QLocale>

namespace zipml::ui {
namespace {

QString cardOf(const LoadedData& loaded, const DataSummary& summary) {
    const QLocale locale = QLocale::c();
    const auto count = [&](std::size_t number) { return locale.toString(static_cast<qulonglong>(number)); };
    QString card = Inspection::tr("%1 rows × %2 features, %3")
                       .arg(count(summary.rows), count(summary.features),
                            QString::fromUtf8(nameOf(summary.task).data()));
    QStringList form{QString::fromStdString(loaded.format)};
    if (!loaded.delimiter.empty())
        form << QString::fromStdString(loaded.delimiter);
    if (loaded.compression != "none")
        form << QString::fromStdString(loaded.compression);
    if (loaded.header)
        form << Inspection::tr("header");
    card += "\n" + form.join(", ");
    if (loaded.labelColumn > 0)
        card += Inspection::tr("; label: column %1%2")
                    .arg(loaded.labelColumn)
                    .arg(loaded.labelName.empty() ? QString()
                                                  : " (" + QString::fromStdString(loaded.labelName) + ")");
    card += Inspection::tr("\nlabel %1 to %2")
                .arg(summary.label.minimum, 0, 'g', 7)
                .arg(summary.label.maximum, 0, 'g', 7);
    if (summary.mayBeClasses())
        card += Inspection::tr("\n%1 labels: for classes, choose the loss Logistic or Hinge")
                    .arg(summary.labelCounts.size());
    if (summary.missing > 0)
        card += Inspection::tr("\n%1 values are missing: fill them in before training")
                    .arg(count(summary.missing));
    return card;
}

} // namespace

Inspection::Inspection(QObject* parent) : QObject(parent) {
    timer_.setInterval(33);
    connect(&timer_, &QTimer::timeout, this, &Inspection::poll);
}

Inspection::~Inspection() {
    thread_.request_stop();
}

void Inspection::start(const QString& file, const LoadOptions& options) {
    thread_ = {}; // stops and joins an earlier one: it looks for the stop every few milliseconds
    file_ = file;
    result_ = {};
    thread_ = std::jthread([this, name = file.toStdString(), options](const std::stop_token& stop) {
        work(stop, name, options);
    });
    timer_.start();
}

void Inspection::cancel() {
    if (!active())
        return;
    thread_.request_stop();
    timer_.stop();
    emit cancelled();
}

void Inspection::work(const std::stop_token& stop, const std::string& file, const LoadOptions& options) {
    Result result;
    try {
        LoadContext context;
        context.allowMissing = true;
        const Job job{stop, [this](double share, std::string_view) {
                          const std::lock_guard lock(mutex_);
                          result_.share = share;
                      }};
        const LoadedData loaded = loadData(file, options, context, job);
        detectTask(loaded.data); // refuses labels that are all equal
        result.card = cardOf(loaded, summarize(loaded));
    } catch (const Cancelled&) {
        return;
    } catch (const std::exception& error) {
        result.error = QString::fromUtf8(error.what());
    }
    result.finished = true;
    const std::lock_guard lock(mutex_);
    result_ = result;
}

void Inspection::poll() {
    Result result;
    {
        const std::lock_guard lock(mutex_);
        result = result_;
    }
    emit progress(result.share);
    if (!result.finished)
        return;
    timer_.stop();
    if (result.error.isEmpty())
        emit succeeded(file_, result.card);
    else
        emit failed(result.error);
}

} // namespace zipml::ui
