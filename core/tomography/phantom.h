#pragma once
/// Images with known truth to reconstruct: drawn by formula, so that they exist in every size.

#include "core/base/names.h"
#include "core/tomography/image.h"

namespace zipml {

enum class PhantomKind { SheppLogan, Discs, Bars, Blobs, Letters };
template <>
std::span<const Named<PhantomKind>> namesOf<PhantomKind>();

/// @param size pixels a side. Values are in [0, 1]; each pixel is the mean of 4 x 4 points in it.
Image makePhantom(PhantomKind kind, int size);

} // namespace zipml
