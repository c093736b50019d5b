#pragma once
/// The view shows a picture of one's own, dropped, opened or pasted: as it is, as the network sees it, and
/// what the network makes of it.

#include "ui/networks/network_view.h"
#include "ui/widgets/background_job.h"

class QCheckBox;
class QLabel;
class QPushButton;

namespace zipml::ui {

class ProbabilityBars;

class OwnImageView : public NetworkView {
    Q_OBJECT
  public:
    explicit OwnImageView(QWidget* parent);
    void show(const NetworkRun* run) override;
    /// PNG, JPEG or what else Qt reads. What is wrong with it is told by `message`; the picture before stays.
    void openFile(const QString& file);
    void openPicture(const QImage& picture, const QString& name);
    void paste();
    [[nodiscard]] const ProbabilityBars& bars() const { return *bars_; }
    /// Whether nothing is being read or computed.
    [[nodiscard]] bool idle() const { return !working_; }

  signals:
    void message(const QString& text, bool bad);

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    struct Result {
        QImage picture, seen;
        std::vector<double> probabilities;
    };
    void build();
    void browse();
    void work();
    struct News : JobNews {
        std::optional<Result> result;
    };
    void receive(News news);
    void update();

    std::shared_ptr<const NetworkSnapshot> snapshot_;
    QString runName_, file_, name_; ///< file_: still to be read
    QImage picture_;
    std::optional<Result> result_; ///< as shown
    bool working_ = false;
    QLabel *hint_, *pictureLabel_, *seenLabel_, *answer_;
    QWidget* shown_;
    QCheckBox* inverted_;
    QPushButton *open_, *paste_;
    ProbabilityBars* bars_;
    BackgroundJob<News> job_{JobPriority::Normal};
};

/// Whether a file's name is one of a picture.
bool isPictureName(const QString& file);

} // namespace zipml::ui
