#pragma once
/// A figure that runs again: a PNG, SVG or PDF of curves carries the settings of the runs that it shows, so that
/// whoever has the figure can grow the same curves. They are settings only, without folders' names; nothing in a
/// figure is ever executed.
///
/// Settings stand in one text, "zipml-figure-1:LENGTH:HASH:BASE64": a tEXt chunk of a PNG (key "zipml"), the
/// metadata element of an SVG, the XMP packet of a PDF. The hash (FNV-1a of the decoded JSON) tells an edited text
/// from one as written.

#include "core/lab/run_spec.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zipml {

/// The text that carries them. @param runs with their names as in the figure; folders are left out
std::string figureText(std::span<const RunSpec> runs);

/// The bytes of a PNG file with the text, in a chunk in front of its last one.
std::string pngWithText(std::string_view png, const std::string& text);
/// An SVG with the text behind its first tag.
std::string svgWithText(std::string_view svg, const std::string& text);
/// The XMP packet of a PDF.
std::string xmpOf(const std::string& text);

/// By the name's ending.
bool isFigure(const std::filesystem::path& file);
/// The runs of a figure; data files that are named without a folder are looked for beside it, too.
/// @throws InputError where the file is larger than 64 MB, holds no runs, or their settings were edited, cut or
/// written by a newer version
std::vector<RunSpec> readFigure(const std::filesystem::path& file);

} // namespace zipml
