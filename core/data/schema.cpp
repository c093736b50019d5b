#include "core/data/schema.h"

#include "core/base/json_file.h"

#include <algorithm>
#include <charconv>
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

namespace {

/// Of one of `count` by its key, from 1. @return from 0
std::size_t placeOf(const std::string& key, std::size_t count, const JsonPart& part) {
    std::size_t place = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), place);
    if (error != std::errc{} || end != key.data() + key.size() || place < 1 || place > count)
        part.fail("the key is not a number from 1 to " + std::to_string(count));
    return place - 1;
}

template <class Enum>
Enum namedAt(const JsonPart& object, const std::string& key) {
    const JsonPart part = object.at(key);
    const auto name = part.get<std::string>();
    try {
        return parseName<Enum>(name, key);
    } catch (const InputError& error) {
        part.fail(error.what());
    }
}

} // namespace

Schema schemaFromJson(const JsonPart& object) {
    constexpr std::size_t kMostColumns = 100'000'000;
    Schema schema;
    schema.named = object.get<bool>("named");
    schema.sparse = object.has("width");
    if (schema.sparse) {
        schema.indexBase = object.get<int>("index_base");
        schema.width = object.get<std::size_t>("width");
    } else {
        const auto count = object.get<std::size_t>("column_count");
        if (count > kMostColumns)
            object.at("column_count").fail(std::to_string(count) + " columns are too many");
        schema.columns.resize(count);
        for (std::size_t c = 0; c < count; ++c)
            schema.columns[c].name = "x" + std::to_string(c + 1);
        for (const auto& [place, entry] : object.at("columns").members()) {
            Column& column = schema.columns[placeOf(place, count, entry)];
            column.role = namedAt<ColumnRole>(entry, "role");
            column.kind = namedAt<ColumnKind>(entry, "kind");
            column.name = entry.get("name", column.name);
            column.categories = entry.get("categories", std::vector<std::string>{});
        }
    }
    const std::size_t features = schema.features();
    if (features > kMostColumns)
        object.fail(std::to_string(features) + " features are too many");
    const auto offsets = object.at("offsets").members();
    if (!offsets.empty())
        schema.offsets.resize(features);
    for (const auto& [feature, offset] : offsets)
        schema.offsets[placeOf(feature, features, offset)] = offset.get<double>();
    schema.labelOffset = object.get<double>("label_offset");
    return schema;
}

} // namespace zipml
