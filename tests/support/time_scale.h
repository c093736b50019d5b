#pragma once
/// Limits of time in tests are for an idle machine, without sanitizers.

#include <QtGlobal>

namespace zipml::test {

/// They are multiplied by this elsewhere ($ZIPML_TIME_SCALE).
inline double timeScale() {
    return qEnvironmentVariableIsSet("ZIPML_TIME_SCALE") ? qEnvironmentVariable("ZIPML_TIME_SCALE").toDouble()
                                                         : 1.0;
}

} // namespace zipml::test
