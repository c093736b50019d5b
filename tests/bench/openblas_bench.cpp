// The baseline with OpenBLAS, on one thread. Built where OpenBLAS is installed.

#include "tests/bench/baseline.h"

#include <benchmark/benchmark.h>
#include <cblas.h>

#include <algorithm>
#include <cstdlib>
#include <string>

namespace zipml::test {
namespace {

void openblasStep(const BaselineBatch& batch) {
    const auto count = static_cast<blasint>(batch.count);
    const auto features = static_cast<blasint>(batch.features);
    std::copy_n(batch.labels, batch.count, batch.residuals);
    cblas_sgemv(CblasRowMajor, CblasNoTrans, count, features, 1, batch.rows, features, batch.model, 1, -1,
                batch.residuals, 1);
    cblas_sgemv(CblasRowMajor, CblasTrans, count, features, -batch.step, batch.rows, features,
                batch.residuals, 1, 1, batch.model, 1);
}

/// Settings in the environment that make it use other code than it would choose.
std::string overrides() {
    std::string set;
    for (const char* name : {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"})
        if (const char* value = std::getenv(name); value != nullptr)
            set += std::string(set.empty() ? "" : ", ") + name + "=" + value;
    return set.empty() ? "" : " (forced by " + set + ": unset for a fair comparison)";
}

[[maybe_unused]] const bool kRegistered = [] {
    openblas_set_num_threads(1);
    benchmark::AddCustomContext("OpenBLAS core type", openblas_get_corename() + overrides());
    return registerBaseline("openblas", openblasStep);
}();

} // namespace
} // namespace zipml::test
