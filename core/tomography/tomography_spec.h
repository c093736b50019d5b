#pragma once
/// A reconstruction is a value: a TomographySpec says everything that decides the result. Keys are those of
/// the command line with '_' for '-'.

#include "core/spec/spec_key.h"
#include "core/tomography/phantom.h"
#include "core/tomography/reconstruction.h"
#include "core/tomography/sinogram_noise.h"

namespace zipml {

struct TomographySpec {
    PhantomKind phantom = PhantomKind::SheppLogan;
    int size = 128;    ///< pixels a side, kFewestPixels..kMostPixels
    int angles = 128;  ///< over 180 degrees, 1..kMostAngles
    int detectors = 0; ///< size..4 * size; 0: as many as the diagonal has pixels
    SinogramNoise noise;
    EstimatorKind estimator = EstimatorKind::Double; ///< one with pairs, on exact channels
    int bits = 4;                                    ///< of a length's code, 1..12
    LengthScale scale = LengthScale::View;
    RoundingTime rounding = RoundingTime::Frozen;
    int epochs = 20;
    double step = 1; ///< relaxation: 1 is Kaczmarz's step, below 2
    Schedule schedule{ScheduleKind::Constant, 10, {}};
    bool nonnegative = false;
    std::uint64_t seed = 1;
    int threads = 0; ///< 0: every core; never changes the result

    static constexpr int kFewestPixels = 16, kMostPixels = 512, kMostAngles = 1024;
    bool operator==(const TomographySpec&) const = default;
};

/// Detectors as used.
int detectorsOf(const TomographySpec& spec);
/// "Double sampling, 4 bits"
std::string displayName(const TomographySpec& spec);
/// What the solver is told of it.
ReconstructionOptions optionsOf(const TomographySpec& spec);

/// Why a reconstruction cannot use an estimator, and what it can; empty where it can.
std::string whyNotInTomography(EstimatorKind estimator);

/// @throws InputError naming the first key that is out of range and what would be right.
void validate(const TomographySpec& spec);

std::span<const SpecKey> tomographyKeys();
/// All keys, defaults included.
nlohmann::json toJson(const TomographySpec& spec);
/// Keys that are absent keep `base`'s values. @throws InputError on an unknown key, a wrong type or a bad
/// value.
TomographySpec tomographySpecFromJson(const nlohmann::json& json, const TomographySpec& base = {});
/// The command that repeats the run: "zipml tomography --bits 3"; settings at their defaults are left out.
std::string toCommandLine(const TomographySpec& spec);

} // namespace zipml
