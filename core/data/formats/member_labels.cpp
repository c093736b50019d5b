#include "core/data/formats/member_labels.h"

#include "core/base/error.h"
#include "core/data/number.h"

namespace zipml {

std::optional<std::size_t> findLabelBeside(const std::string& file, std::span<const Member> members,
                                           std::size_t matrix, std::size_t columns,
                                           const LoadOptions& options, std::vector<std::string>& notes) {
    if (matrix == members.size())
        return {};
    const auto folderOf = [](const std::string& path) { return path.substr(0, path.rfind('/') + 1); };
    const std::string folder = folderOf(members[matrix].name);
    std::vector<Member> beside;
    std::vector<std::size_t> places;
    std::size_t self = 0;
    for (std::size_t m = 0; m < members.size(); ++m) {
        if (folderOf(members[m].name) != folder)
            continue;
        if (m == matrix)
            self = beside.size();
        beside.push_back(members[m]);
        beside.back().name.erase(0, folder.size());
        places.push_back(m);
    }
    const auto label = chooseLabelMember(file, beside, self, columns, options, notes);
    if (label)
        return places[*label];
    if (labelIsWithin(options, columns))
        return {};
    // Any column of labels will do for this question: as many as there are columns, and not as there are
    // rows.
    Member transposed = beside[self];
    transposed.shape = {columns};
    const std::size_t rows = beside[self].shape.empty() ? 0 : beside[self].shape.front();
    beside[self] = transposed;
    std::vector<std::string> unused;
    if (const auto other = chooseLabelMember(file, beside, self, columns, options, unused);
        other && columns > 1 && columns != rows)
        throw InputError(file + ": " + inQuotes(members[matrix].name) + " has a column for each of the " +
                         std::to_string(columns) + " labels in " + inQuotes(members[places[*other]].name) +
                         "; samples are rows: save it transposed");
    return {};
}

} // namespace zipml
