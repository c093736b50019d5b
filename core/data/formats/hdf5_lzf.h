#pragma once
/// The LZF filter of h5py's `compression="lzf"`: libhdf5 has none, and Debian's plugin is for another build
/// of it.

namespace zipml {

/// Makes libhdf5 read what was packed with it. Under Hdf5Lock, once.
void registerLzf();

} // namespace zipml
