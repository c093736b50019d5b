#pragma once
/// The parts of the module zipml._core, and what they take from Python.

#include "core/base/error.h"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <initializer_list>
#include <vector>

namespace zipml::python {

namespace nb = nanobind;

/// Rows as they lie in an array: float32, row-major, never written to and never copied on the way in.
using Rows = nb::ndarray<const float, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Numbers = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Values = nb::ndarray<const float, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

/// An array that takes the numbers over. @param shape whose product is their number
template <class Number>
nb::object arrayOf(std::vector<Number> numbers, std::initializer_list<std::size_t> shape) {
    auto* const kept = new std::vector<Number>(std::move(numbers));
    const nb::capsule owner(kept, [](void* all) noexcept { delete static_cast<std::vector<Number>*>(all); });
    return nb::cast(nb::ndarray<nb::numpy, Number>(kept->data(), shape, owner));
}

void addLevels(nb::module_& module);
void addStore(nb::module_& module);
void addTraining(nb::module_& module);

} // namespace zipml::python
