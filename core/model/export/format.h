#pragma once
/// Trained models in other programs' formats. A format is a file in this folder and a line in registry.cpp.

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
};

struct ModelFormat {
    std::string_view name;                                          ///< as typed: "onnx"
    std::string_view extension;                                     ///< without a dot: "onnx"
    std::string_view title;                                         ///< as shown: "ONNX"
    std::string_view summary;                                       ///< one sentence
    bool integerWeights;                                            ///< takes ExportOptions::bits
    bool placedLevels;                                              ///< takes ExportOptions::grid
    bool manyClasses;                                               ///< takes models of more than two
    std::string (*write)(const LinearModel&, const ExportOptions&); ///< the file's bytes
};

std::span<const ModelFormat> modelFormats();
/// @throws InputError with the choices.
const ModelFormat& modelFormat(std::string_view name);
/// The format whose extension `file` has. @throws InputError with the choices.
const ModelFormat& modelFormatOf(const std::filesystem::path& file);

/// Written aside and renamed. @return the file's bytes. @throws InputError when the format cannot hold the
/// model or an option does not apply to it, RunError when it cannot be written.
std::uint64_t exportModel(const LinearModel& model, const ModelFormat& format, const ExportOptions& options,
                          const std::filesystem::path& file);

} // namespace zipml
