#pragma once
/// Trained models in other programs' formats. A format is a file in this folder and a line in exports.def.

#include "core/model/linear_model.h"
#include "core/quant/grid_spec.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace zipml {

struct ExportOptions {
    static constexpr int kFloat = 32;
    int bits = kFloat; ///< of a stored weight, 1..8; kFloat: weights as floats (the C header: integers of 8)
    GridSpec grid;     ///< how the levels of integer weights are placed
    bool packed = false; ///< two weights of up to 4 bits in a byte
};

struct ModelFormat {
    std::string_view name;        ///< as typed: "onnx"
    std::string_view extension;   ///< without a dot: "onnx"
    std::string_view title;       ///< as shown: "ONNX"
    std::string_view summary;     ///< one sentence
    std::string_view runsIn = {}; ///< sentences on what reads it; empty: all that the summary names
    bool integerWeights = false;  ///< takes ExportOptions::bits
    bool placedLevels = false;    ///< takes ExportOptions::grid
    bool packedWeights = false;   ///< takes ExportOptions::packed
    bool manyClasses = false;     ///< takes models of more than two classes
    bool doubles = false;         ///< numbers are float64; else float32, which ends near 3.4e38
    /// The file's bytes. The model is checked.
    std::string (*write)(const LinearModel&, const ExportOptions&) = nullptr;
};

std::span<const ModelFormat> modelFormats();
/// Adds a row, for programs that bring their own: at their start, before other threads.
void addModelFormat(const ModelFormat& format);
/// @throws InputError with the choices.
const ModelFormat& modelFormat(std::string_view name);
/// The format whose extension `file` has. @throws InputError with the choices.
const ModelFormat& modelFormatOf(const std::filesystem::path& file);

/// Written aside and renamed. @return the file's bytes. @throws InputError when the format cannot hold the
/// model or an option does not apply to it, RunError when it cannot be written.
std::uint64_t exportModel(const LinearModel& model, const ModelFormat& format, const ExportOptions& options,
                          const std::filesystem::path& file);

#define EXPORT(row) extern const ModelFormat row;
#include "core/model/export/exports.def"
#undef EXPORT

} // namespace zipml
