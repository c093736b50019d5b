#pragma once
/// A ready comparison of the gallery: one JSON object, a lesson's action (lesson.h) with a summary.
///
///     {"title": "Naive rounding is biased", "summary": "...", "base": {"bits": 3},
///      "runs": [{"estimator": "full"}, {"estimator": "naive"}], "second_plot": "bias"}

#include "core/document/lesson.h"

namespace zipml {

struct Preset {
    std::string name;    ///< of its file
    std::string summary; ///< what there is to see, a sentence or two
    LessonAction action; ///< the runs and how to look at them
};

/// @throws InputError with the name where the text is no preset
Preset parsePreset(const std::string& text, const std::string& name);

} // namespace zipml
