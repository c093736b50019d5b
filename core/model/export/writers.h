#pragma once
/// The formats' writers, for the registry: the bytes of a file. The model is checked (registry.cpp).

#include "core/model/export/format.h"

namespace zipml::exported {

std::string json(const LinearModel& model, const ExportOptions& options);
std::string onnx(const LinearModel& model, const ExportOptions& options);
std::string cHeader(const LinearModel& model, const ExportOptions& options);
/// @throws InputError for rows scaled to unit length and class labels that are no whole numbers.
std::string liblinear(const LinearModel& model, const ExportOptions& options);

} // namespace zipml::exported
