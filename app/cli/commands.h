#pragma once
/// The command line of zipml, apart from its main so that its manual is made of it, too (app/manual).

#include "app/cli/command.h"

namespace zipml::cli {

class Commands : public Program {
  public:
    /// @param chosen what the line asked for once it is parsed; empty: no sub-command. Must outlive this.
    explicit Commands(Action& chosen);
};

} // namespace zipml::cli
