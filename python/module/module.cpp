#include "python/module/module.h"

namespace zipml::python {

NB_MODULE(_core, module) {
    module.doc() = "What the package zipml is made of; see there.";
    module.attr("__version__") = ZIPML_VERSION;
    // Both say in one line what is wrong and what would be right.
    nb::register_exception_translator([](const std::exception_ptr& raised, void* /*unused*/) {
        try {
            std::rethrow_exception(raised);
        } catch (const InputError& error) {
            PyErr_SetString(PyExc_ValueError, error.what());
        }
    });
    addLevels(module);
    addStore(module);
    addTraining(module);
}

} // namespace zipml::python
