// The library that reads HDF5 and MATLAB files (core/data/formats/matrix_part.h).

#include "core/data/formats/hdf5_source.h"
#include "core/data/formats/mat_source.h"
#include "core/data/formats/matrix_part.h"

extern "C" {
// All of a part is hidden but this, which is looked up.
__attribute__((visibility("default"))) extern const zipml::MatrixPart zipmlMatrixPart;
const zipml::MatrixPart zipmlMatrixPart{zipml::openHdf5Source, zipml::openMatSource};
}
