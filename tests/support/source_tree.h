#pragma once
/// The repository's files as texts, for tests that hold its pages and its code against each other.

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QStringList>

namespace zipml::test {

/// Something that is wrong in a file: "docs/method.md:12: no anchor 's99' in docs/method.md".
inline QString fault(const QString& file, qsizetype line, const QString& what) {
    return QString("%1:%2: %3").arg(file).arg(line).arg(what);
}

class SourceTree {
  public:
    explicit SourceTree(const QString& root = qEnvironmentVariable("ZIPML_SOURCE_DIR"))
        : root_(QDir::cleanPath(root)) {}

    /// Files below `folder` ("" for all) whose names match one of the patterns, as paths from the root, in
    /// order. What is hidden or built is left out.
    [[nodiscard]] QStringList files(const QString& folder, const QStringList& patterns) const {
        QStringList found;
        QDirIterator walk(root_ + "/" + folder, patterns, QDir::Files, QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            const QString file = QDir(root_).relativeFilePath(walk.next());
            if (!file.startsWith("build") && !file.contains("/."))
                found << file;
        }
        found.sort();
        return found;
    }
    /// Of a file or a folder.
    [[nodiscard]] bool exists(const QString& path) const { return QFileInfo::exists(root_ + "/" + path); }
    [[nodiscard]] QString text(const QString& file) const {
        QFile opened(root_ + "/" + file);
        return opened.open(QIODevice::ReadOnly) ? QString::fromUtf8(opened.readAll()) : QString();
    }
    [[nodiscard]] QStringList lines(const QString& file) const { return text(file).split('\n'); }

  private:
    QString root_;
};

} // namespace zipml::test
