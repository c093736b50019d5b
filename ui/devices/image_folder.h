#pragma once
/// The row shows the folder of FPGA images, to be typed or browsed, and what was found there.

#include "ui/widgets/background_job.h"

#include <QWidget>

#include <filesystem>

class QLabel;
class QLineEdit;
class QPushButton;

namespace zipml::ui {

/// What knows of images; the app hands it over.
struct ImageFolder {
    std::filesystem::path path; ///< in use now; empty: none
    QString fixedBy;            ///< what decides it, where nobody can choose: "ZIPML_FPGA_IMAGES"
    std::function<void(const std::filesystem::path&)> choose; ///< from now on; remembers it
    /// What is there, in a line; reads the images, in a thread of its own. @throws InputError
    std::function<std::string(const std::filesystem::path&)> describe;
};

class ImageFolderRow : public QWidget {
    Q_OBJECT
  public:
    explicit ImageFolderRow(ImageFolder folder, QWidget* parent = nullptr);

    /// While devices are measured they keep the folder they have. @param whyNot empty: it can be chosen
    void setChoosable(const QString& whyNot);

  signals:
    void chosen();

  private:
    void choose(const QString& path);
    void browse();
    void look();
    void show(const QString& found, bool bad);

    ImageFolder folder_;
    QLineEdit* path_;
    QPushButton* browse_;
    QLabel* found_;
    struct News : JobNews {
        std::optional<QString> description;
    };
    BackgroundJob<News> job_{JobPriority::Normal};
};

} // namespace zipml::ui
