#pragma once
/// A schema says what the columns of a data set are: found once, in the training file, kept with spec,
/// record, model and store, and used for every further file, whose columns are matched to it by name.

#include "core/base/names.h"

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace zipml {

class JsonPart; // core/base/json_file.h

enum class ColumnRole { Feature, Label, Weight, Ignored };
template <>
std::span<const Named<ColumnRole>> namesOf<ColumnRole>();

/// What a column's cells are. A category is one of a few texts; a time becomes seconds
/// (core/data/time_field.h).
enum class ColumnKind { Number, Category, Time };
template <>
std::span<const Named<ColumnKind>> namesOf<ColumnKind>();

struct Column {
    std::string name; ///< the header's, else "x3" by place; UTF-8
    ColumnRole role = ColumnRole::Feature;
    ColumnKind kind = ColumnKind::Number;
    /// Category: its texts in order. A feature column becomes a feature of 0 and 1 for each ("colour=red"); a
    /// label column's are the classes, whose labels are 0, 1, 2, ...
    std::vector<std::string> categories;

    bool operator==(const Column&) const = default;
};

struct Schema {
    bool named = false;          ///< the names are the file's
    bool sparse = false;         ///< rows are LABEL INDEX:VALUE ..., which have no columns but a width
    int indexBase = 1;           ///< sparse: the first index, 0 or 1
    std::size_t width = 0;       ///< sparse: features
    std::vector<Column> columns; ///< tables: in the training file's order, the label's included
    std::vector<double> offsets; ///< by feature: subtracted in double before values become floats; empty: 0
    double labelOffset = 0;      ///< likewise, of labels that are numbers

    bool operator==(const Schema&) const = default;

    [[nodiscard]] std::size_t features() const;
    /// One a feature, "colour=red" for categories; empty where the file names no columns.
    [[nodiscard]] std::vector<std::string> featureNames() const;
    [[nodiscard]] std::optional<std::size_t> columnOf(ColumnRole role) const; ///< the first with that role
    /// The names of classes that are texts; else empty.
    [[nodiscard]] std::vector<std::string> classNames() const;
};

nlohmann::json toJson(const Schema& schema);
/// @throws InputError naming the key where it is no schema.
Schema schemaFromJson(const JsonPart& object);

} // namespace zipml
