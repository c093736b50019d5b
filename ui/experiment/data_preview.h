#pragma once
/// The preview is what is known of the experiment's training data. It follows the settings, reads the file in
/// the background where somebody looks or a file is opened, and keeps what was found.

#include "core/lab/proposal.h"
#include "ui/experiment/inspection.h"

namespace zipml::ui {

class ExperimentModel;

class DataPreview : public QObject {
    Q_OBJECT
  public:
    explicit DataPreview(ExperimentModel& experiment, QObject* parent = nullptr);

    /// Looks into the file, which becomes the experiment's if it can be read. Until then the experiment stays
    /// as it is, and `change` is about the file that is being opened.
    void open(const QString& source);
    /// What was chosen: of the file being opened, else the experiment's.
    [[nodiscard]] DataSpec data() const;
    /// What a person chose.
    void change(const DataSpec& data);
    /// Whether somebody looks at what is known: it is found out only then, and for files that were opened.
    void setWatched(bool watched);
    /// Null: not known.
    [[nodiscard]] const std::shared_ptr<const DataReport>& report() const { return report_; }
    /// Why it is not known, a line; or empty.
    [[nodiscard]] const QString& error() const { return error_; }
    [[nodiscard]] bool reading() const { return soon_.isActive() || inspection_.active(); }
    /// Whether the data comes from no file.
    [[nodiscard]] bool generated() const { return data().source.starts_with("synthetic:"); }
    void cancel();
    /// After cancel.
    void readAgain();
    /// A file that is being opened is forgotten; the experiment's is looked at again.
    void drop();
    [[nodiscard]] bool opening() const { return draft_.has_value(); }
    /// Settings are chosen for this source once it can be trained on, also where it is the experiment's
    /// already.
    void proposeFor(const std::string& source) { proposeFor_ = source; }
    /// What was set for the data when it could be trained on first; empty: nothing was looked for.
    [[nodiscard]] const std::optional<Proposal>& proposal() const { return proposal_; }

  signals:
    void progress(double share);
    /// Report, error, choices, or whether it is reading.
    void changed();
    /// Settings were chosen for what was found in a file that can be trained on, before `opened`.
    void proposed();
    /// A file that was opened is the experiment's now, with a report.
    void opened();
    /// A file that was to be opened cannot be read; empty: nobody wants it any more.
    void refused(const QString& error);

  private:
    struct Key {
        std::string source;
        LoadOptions load;
        std::optional<Task> task;
        bool operator==(const Key&) const = default;
    };
    [[nodiscard]] Key key() const;
    void follow();
    void readSoon();
    void read();
    void take(std::shared_ptr<const DataReport> report);
    /// The file that was opened becomes the experiment's, with what suits it.
    void settle();
    void forget();
    /// Of a file that is being opened.
    void letGo();

    ExperimentModel& experiment_;
    Inspection inspection_;
    QTimer soon_;                   ///< gathers quick changes
    std::optional<DataSpec> draft_; ///< of a file that is being opened
    DataSpec dataSeen_;
    Key reading_;
    std::optional<Key> known_; ///< what report or error are of
    std::shared_ptr<const DataReport> report_;
    QString error_;
    RunSpec usual_; ///< the settings before the person touched them, as proposals left them
    std::optional<Proposal> proposal_; ///< the last
    std::string proposeFor_;           ///< once it can be trained on; empty: nothing
    bool watched_ = false, opening_ = false, cancelled_ = false;
};

} // namespace zipml::ui
