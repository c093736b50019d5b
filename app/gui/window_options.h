#pragma once
/// The command line of zipml-lab, apart from its main so that its manual is made of it, too (app/manual).

#include "app/command_line.h"

#include <string>

namespace zipml::cli {

struct WindowOptions {
    std::string file, screenshot, theme, size, thumbnails, page = "training";
    double after = 5;
    bool noWelcome = false, measure = false, start = false, noHistory = false;
};

class WindowProgram : public Program {
  public:
    /// @param options must outlive this
    explicit WindowProgram(WindowOptions& options);
};

} // namespace zipml::cli
