#pragma once
/// Labels beside a matrix, in files whose members stand in folders, and whose matrices may have their samples
/// in columns.

#include "core/data/formats/array_choice.h"

namespace zipml {

/// As chooseLabelMember, among the members in the matrix's folder ("train/y" for "train/X").
/// @param matrix its place; members.size(): it is none of them, and no label is found
/// @throws InputError where the labels are as many as the columns and not as the rows: samples are the
/// columns.
std::optional<std::size_t> findLabelBeside(const std::string& file, std::span<const Member> members,
                                           std::size_t matrix, std::size_t columns,
                                           const LoadOptions& options, std::vector<std::string>& notes);

} // namespace zipml
