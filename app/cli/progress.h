#pragma once
/// A progress bar on standard error; silent when that is not a terminal.

#include <chrono>
#include <string>
#include <string_view>

namespace zipml::cli {

class ProgressBar {
  public:
    ProgressBar();
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// @param share 0 to 1. Redraws at most 20 times a second.
    void show(double share, std::string_view text);
    /// Makes room for other output; the next show draws it again.
    void clear();

  private:
    bool terminal_;
    bool drawn_ = false;
    std::chrono::steady_clock::time_point last_{};
};

} // namespace zipml::cli
