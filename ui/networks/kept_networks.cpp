#include "ui/networks/kept_networks.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace zipml::ui {
namespace {

QString namesFile(const QString& folder) {
    return folder + "/names.json";
}

} // namespace

KeptNetworks::KeptNetworks(QString folder) : folder_(std::move(folder)) {
    if (!folder_.isEmpty() && QDir().mkpath(folder_)) {
        lock_.emplace(folder_ + "/lock");
        lock_->setStaleLockTime(0); // by process id: one that is gone does not hold it
        if (lock_->tryLock(0))
            return;
    }
    temporary_.emplace();
    folder_ = temporary_->path();
}

std::filesystem::path KeptNetworks::fileOf(int id) const {
    return QString("%1/run-%2.ck").arg(folder_, QString::number(id)).toStdString();
}

std::vector<int> KeptNetworks::ids() const {
    std::vector<int> ids;
    for (const QFileInfo& file : QDir(folder_).entryInfoList({"run-*.ck"}, QDir::Files)) {
        bool ok = false;
        const int id = file.completeBaseName().section('-', 1).toInt(&ok);
        if (ok && id >= 0)
            ids.push_back(id);
    }
    std::ranges::sort(ids);
    return ids;
}

std::map<int, QString> KeptNetworks::names() const {
    std::map<int, QString> names;
    QFile file(namesFile(folder_));
    if (!file.open(QIODevice::ReadOnly))
        return names;
    const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
    for (auto name = object.begin(); name != object.end(); ++name)
        names[name.key().toInt()] = name.value().toString();
    return names;
}

void KeptNetworks::setNames(const std::map<int, QString>& names) const {
    QFile file(namesFile(folder_));
    if (!lasting() || !file.open(QIODevice::WriteOnly))
        return;
    QJsonObject object;
    for (const auto& [id, name] : names)
        object[QString::number(id)] = name;
    file.write(QJsonDocument(object).toJson());
}

void KeptNetworks::forget(int id) const {
    std::error_code code;
    std::filesystem::remove(fileOf(id), code);
}

} // namespace zipml::ui
