#pragma once
/// Checkpoints of networks in a folder of the person's: what was stopped, or trained when the program ended,
/// can go on the next time. A window alone has the folder; a second one keeps its checkpoints while it lives.

#include <QLockFile>
#include <QString>
#include <QTemporaryDir>

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

namespace zipml::ui {

class KeptNetworks {
  public:
    /// @param folder made where there is none; empty: keeps nothing for the next time
    explicit KeptNetworks(QString folder);

    /// Whether there is a next time for them.
    [[nodiscard]] bool lasting() const { return !temporary_; }
    [[nodiscard]] std::filesystem::path fileOf(int id) const;
    /// Runs with a checkpoint, increasing.
    [[nodiscard]] std::vector<int> ids() const;
    /// What the runs were called; those that nobody renamed may be missing.
    [[nodiscard]] std::map<int, QString> names() const;
    /// Without effect where nothing lasts, or the folder cannot be written.
    void setNames(const std::map<int, QString>& names) const;
    void forget(int id) const;

  private:
    QString folder_;
    std::optional<QTemporaryDir> temporary_;
    std::optional<QLockFile> lock_;
};

} // namespace zipml::ui
