#pragma once
/// Dates in ARFF files, by the pattern that their attribute gives (Java's SimpleDateFormat, as Weka reads
/// them).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

class ArffDate {
  public:
    static constexpr std::string_view kUsual = "yyyy-MM-dd'T'HH:mm:ss";

    /// Patterns of yyyy, M to MMM (English), d, H, h with a, m, s, S, Z, X and texts. None for others.
    static std::optional<ArffDate> fromPattern(std::string_view pattern);
    /// Seconds since 1970-01-01 00:00, in UTC where the text has no zone; none where it does not fit the
    /// pattern.
    [[nodiscard]] std::optional<double> secondsOf(std::string_view text) const;

  private:
    struct Part {
        char letter = '\0'; ///< '\0': `text`
        std::size_t count = 0;
        bool joined = false; ///< digits of another part follow without a gap
        std::string text;
    };
    std::vector<Part> parts_;
};

} // namespace zipml
