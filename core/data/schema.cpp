#include "core/data/schema.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace zipml {

using nlohmann::json;

template <>
std::span<const Named<ColumnRole>> namesOf<ColumnRole>() {
    static constexpr Named<ColumnRole> table[] = {
        {ColumnRole::Feature, "feature", "Feature", "The model learns from it."},
        {ColumnRole::Label, "label", "Label", "What the model predicts."},
        {ColumnRole::Weight, "weight", "Weight", "How much each row counts."},
        {ColumnRole::Ignored, "ignored", "Ignored", "Not used."},
    };
    return table;
}

template <>
std::span<const Named<ColumnKind>> namesOf<ColumnKind>() {
    static constexpr Named<ColumnKind> table[] = {
        {ColumnKind::Number, "number", "Number", "A number."},
        {ColumnKind::Category, "category", "Category", "One of a few texts: a feature of 0 and 1 for each."},
        {ColumnKind::Time, "time", "Time", "A date, a time of day or both: as seconds."},
    };
    return table;
}

namespace {

std::size_t widthOf(const Column& column) {
    if (column.role != ColumnRole::Feature)
        return 0;
    return column.kind == ColumnKind::Category ? column.categories.size() : 1;
}

/// Wide tables without names have thousands of equal columns: said in one word.
bool isOrdinary(const Column& column) {
    return column.role == ColumnRole::Feature && column.kind == ColumnKind::Number;
}

json columnJson(const Column& column, bool named) {
    json object = {{"role", nameOf(column.role)}, {"kind", nameOf(column.kind)}};
    if (named)
        object["name"] = column.name;
    if (!column.categories.empty())
        object["categories"] = column.categories;
    return object;
}

} // namespace

std::size_t Schema::features() const {
    if (sparse)
        return width;
    std::size_t count = 0;
    for (const Column& column : columns)
        count += widthOf(column);
    return count;
}

std::vector<std::string> Schema::featureNames() const {
    const bool expanded = std::ranges::any_of(columns, [](const Column& column) {
        return column.role == ColumnRole::Feature && column.kind == ColumnKind::Category;
    });
    if (sparse || (!named && !expanded))
        return {};
    std::vector<std::string> names;
    for (const Column& column : columns) {
        if (column.role != ColumnRole::Feature)
            continue;
        if (column.kind != ColumnKind::Category) {
            names.push_back(column.name);
            continue;
        }
        for (const std::string& category : column.categories)
            names.push_back(column.name + "=" + category);
    }
    return names;
}

std::optional<std::size_t> Schema::columnOf(ColumnRole role) const {
    const auto found = std::ranges::find(columns, role, &Column::role);
    if (found == columns.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - columns.begin());
}

std::vector<std::string> Schema::classNames() const {
    const auto label = columnOf(ColumnRole::Label);
    return label ? columns[*label].categories : std::vector<std::string>{};
}

json toJson(const Schema& schema) {
    json object = {{"named", schema.named}};
    if (schema.sparse) {
        object["index_base"] = schema.indexBase;
        object["width"] = schema.width;
    } else {
        object["column_count"] = schema.columns.size();
        json columns = json::object(); // by place, from 1; those that are not listed are numbers and features
        for (std::size_t c = 0; c < schema.columns.size(); ++c)
            if (schema.named || !isOrdinary(schema.columns[c]))
                columns[std::to_string(c + 1)] = columnJson(schema.columns[c], schema.named);
        object["columns"] = columns;
    }
    json offsets = json::object(); // by feature, from 1
    for (std::size_t f = 0; f < schema.offsets.size(); ++f)
        if (schema.offsets[f] != 0)
            offsets[std::to_string(f + 1)] = schema.offsets[f];
    object["offsets"] = offsets;
    object["label_offset"] = schema.labelOffset;
    return object;
}

Schema schemaFromJson(const json& object) {
    constexpr std::size_t kMostColumns = 100'000'000;
    Schema schema;
    schema.named = object.at("named").get<bool>();
    schema.sparse = object.contains("width");
    if (schema.sparse) {
        schema.indexBase = object.at("index_base").get<int>();
        schema.width = object.at("width").get<std::size_t>();
    } else {
        const auto count = object.at("column_count").get<std::size_t>();
        if (count > kMostColumns)
            throw InputError("column_count: " + std::to_string(count) + " columns are too many");
        schema.columns.resize(count);
        for (std::size_t c = 0; c < count; ++c)
            schema.columns[c].name = "x" + std::to_string(c + 1);
        for (const auto& [place, entry] : object.at("columns").items()) {
            Column& column = schema.columns.at(std::stoul(place) - 1);
            column.role = parseName<ColumnRole>(entry.at("role").get<std::string>(), "role");
            column.kind = parseName<ColumnKind>(entry.at("kind").get<std::string>(), "kind");
            column.name = entry.value("name", column.name);
            column.categories = entry.value("categories", std::vector<std::string>{});
        }
    }
    const std::size_t features = schema.features();
    if (features > kMostColumns)
        throw InputError("width: " + std::to_string(features) + " features are too many");
    const json& offsets = object.at("offsets");
    if (!offsets.empty())
        schema.offsets.resize(features);
    for (const auto& [feature, offset] : offsets.items())
        schema.offsets.at(std::stoul(feature) - 1) = offset.get<double>();
    schema.labelOffset = object.at("label_offset").get<double>();
    return schema;
}

} // namespace zipml
