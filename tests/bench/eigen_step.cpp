#include "tests/bench/baseline.h"

// Eigen for this machine is another Eigen than that of the rest of the program: its vectors' sizes and
// alignments differ. Under a name of its own the linker does not mix them up.
#define Eigen EigenForThisMachine
#include <Eigen/Core>

namespace zipml::test {

void eigenStep(const BaselineBatch& batch) {
    using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    using Vector = Eigen::VectorXf;
    const auto count = static_cast<Eigen::Index>(batch.count);
    const auto features = static_cast<Eigen::Index>(batch.features);
    const Eigen::Map<const Matrix> a(batch.rows, count, features);
    Eigen::Map<Vector> x(batch.model, features);
    Eigen::Map<Vector> r(batch.residuals, count);
    Eigen::Map<Vector> g(batch.gradient, features);
    r.noalias() = a * x;
    r -= Eigen::Map<const Vector>(batch.labels, count);
    g.noalias() = a.transpose() * r;
    x -= batch.step * g;
}

const char* eigenInstructionSets() {
    return Eigen::SimdInstructionSetsInUse();
}

} // namespace zipml::test
