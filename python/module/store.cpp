// Rows rounded and packed, as training reads them.

#include "core/lab/rows_in_place.h"
#include "core/quant/sample_store.h"
#include "python/module/module.h"

#include <nanobind/stl/string.h>
#include <numeric>

namespace zipml::python {
namespace {

class PackedRows {
  public:
    PackedRows(const Rows& rows, int bits, const std::string& grid, int copies, const std::string& rounding,
               std::uint64_t seed, bool shared, int threads)
        : store_(packed(rows, bits, grid, copies, rounding, seed, shared, threads)) {}

    [[nodiscard]] const SampleStore& store() const { return store_; }
    [[nodiscard]] std::size_t features() const { return store_.grids().size(); }

    [[nodiscard]] nb::object levels(std::size_t feature) const {
        if (feature >= features())
            throw InputError("feature: " + std::to_string(feature) + " is none; there are 0 to " +
                             std::to_string(features() - 1));
        const Grid& grid = store_.grids()[feature];
        std::vector<double> all;
        for (std::uint32_t i = 0; i < grid.levels(); ++i)
            all.push_back(grid.level(i));
        const std::size_t count = all.size();
        return arrayOf(std::move(all), {count});
    }

    /// Copy by copy, rows and features of some rows.
    [[nodiscard]] nb::object decode(std::size_t begin, std::size_t end) const {
        if (begin > end || end > store_.rows())
            throw InputError("rows: " + std::to_string(begin) + " to " + std::to_string(end) +
                             " are not among the " + std::to_string(store_.rows()));
        const auto copies = static_cast<std::size_t>(store_.copies());
        const std::size_t count = end - begin;
        std::vector<float> values(copies * count * features());
        {
            const nb::gil_scoped_release free;
            std::vector<double> row(copies * features());
            for (std::size_t r = 0; r < count; ++r) {
                store_.decode(static_cast<std::uint32_t>(begin + r), 1, row);
                for (std::size_t copy = 0; copy < copies; ++copy)
                    for (std::size_t f = 0; f < features(); ++f)
                        values[(copy * count + r) * features() + f] =
                            static_cast<float>(row[copy * features() + f]);
            }
        }
        return arrayOf(std::move(values), {copies, count, features()});
    }

  private:
    static SampleStore packed(const Rows& given, int bits, const std::string& grid, int copies,
                              const std::string& rounding, std::uint64_t seed, bool shared, int threads) {
        if (given.shape(0) == 0 || given.shape(1) == 0)
            throw InputError("X: has no values; give one row and one feature or more");
        if (bits < 1 || bits > 16)
            throw InputError("bits: " + std::to_string(bits) + " is not 1 to 16");
        if (copies < 1 || copies > 8)
            throw InputError("copies: " + std::to_string(copies) + " is not 1 to 8");
        if (rounding != "stochastic" && rounding != "nearest")
            throw InputError("rounding: '" + rounding + "' is neither stochastic nor nearest");
        const nb::gil_scoped_release free;
        const GridSpec spec = parseGrid(grid);
        if (shared && spec.kind != GridKind::Uniform)
            throw InputError("shared: goes with grid uniform alone; leave it out");
        ThreadTeam team(threads);
        const std::span<const float> values(given.data(), given.size());
        ScalingFit seen;
        seen.add(values, given.shape(0), given.shape(1));
        const RowsInPlace rows(values, given.shape(1), std::vector<float>(given.shape(0)),
                               seen.fit(ScalingKind::None), seen, {});
        SampleStore store(
            given.shape(0), rows.grids(spec, bits, shared, LevelPlaces::Floats, team, {}),
            {bits, copies, rounding == "nearest" ? Rounding::Nearest : Rounding::Stochastic, seed});
        store.buildPart(rows.unscaled(), 0, 0, team);
        return store;
    }

    SampleStore store_;
};

} // namespace

void addStore(nb::module_& module) {
    nb::class_<PackedRows>(module, "PackedRows")
        .def(nb::init<const Rows&, int, const std::string&, int, const std::string&, std::uint64_t, bool,
                      int>(),
             nb::arg("X").noconvert(), nb::arg("bits"), nb::arg("grid"), nb::arg("copies"),
             nb::arg("rounding"), nb::arg("seed"), nb::arg("shared"), nb::arg("threads"))
        .def_prop_ro("rows", [](const PackedRows& self) { return self.store().rows(); })
        .def_prop_ro("features", &PackedRows::features)
        .def_prop_ro("bits_per_code", [](const PackedRows& self) { return self.store().bitsPerCode(); })
        .def_prop_ro("nbytes", [](const PackedRows& self) { return self.store().bytes(); })
        .def_prop_ro("codebook_nbytes", [](const PackedRows& self) { return self.store().codebookBytes(); })
        .def("code", [](const PackedRows& self, std::size_t row,
                        std::size_t feature) { return self.store().code(row, feature); })
        .def("levels", &PackedRows::levels)
        .def("decode", &PackedRows::decode)
        .def("packed", [](const nb::object& self) { // no copy: the array keeps the store
            const auto bytes = nb::cast<const PackedRows&>(self).store().packed();
            return nb::cast(nb::ndarray<nb::numpy, const unsigned char>(bytes.data(), {bytes.size()}, self));
        });
}

} // namespace zipml::python
