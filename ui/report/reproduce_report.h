#pragma once
/// What `zipml reproduce` found, to read and to pass on.

#include "core/reproduce/reproduce.h"

#include <memory>

namespace zipml::ui {

/// report.html (self-contained), report.md with figures/*.svg beside it, and claims.json in the result's
/// folder. Drawing takes seconds and has to be done by the GUI thread: a window does it in steps of one
/// figure.
class ReproduceReport {
  public:
    /// A QApplication must be alive. @throws RunError when the folder cannot be made
    explicit ReproduceReport(ReproduceResult result);
    ~ReproduceReport();
    /// Draws the next figure; after the last one the files are written, figures before. @return false: done
    /// @throws RunError when one cannot be written
    bool step();
    [[nodiscard]] const ReproduceResult& result() const { return result_; }
    [[nodiscard]] std::filesystem::path page() const { return result_.options.out / "report.html"; }

  private:
    class Pages;
    ReproduceResult result_;
    std::unique_ptr<Pages> pages_;
    std::size_t experiment_ = 0, chart_ = 0; ///< what comes next
};

/// All steps.
void writeReproduceReport(const ReproduceResult& result);

} // namespace zipml::ui
