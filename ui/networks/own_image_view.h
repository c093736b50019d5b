#pragma once
/// A picture of one's own, dropped, opened or pasted: as it is, as the network sees it, and what the network
/// makes of it.

#include "ui/devices/device_worker.h"
#include "ui/networks/network_view.h"

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
    [[nodiscard]] bool idle() const { return !worker_ && !again_; }

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
    void poll();
    void update();

    std::shared_ptr<const NetworkSnapshot> snapshot_;
    QString runName_, file_, name_; ///< file_: still to be read
    QImage picture_;
    std::shared_ptr<Result> result_, next_; ///< as shown; of the worker
    std::unique_ptr<DeviceWorker> worker_;
    bool again_ = false; ///< something changed while the worker worked
    QTimer poll_;
    QLabel *hint_, *pictureLabel_, *seenLabel_, *answer_;
    QWidget* shown_;
    QCheckBox* inverted_;
    QPushButton *open_, *paste_;
    ProbabilityBars* bars_;
};

/// Whether a file's name is one of a picture.
bool isPictureName(const QString& file);

} // namespace zipml::ui
