#pragma once
/// The samples of a run as its estimator reads them: rounded and packed, or as they are, here or on a device.
/// Several models can be trained on the same ones.

#include "core/lab/automatic_step.h"
#include "core/lab/compute_device.h"
#include "core/lab/levels_for.h"
#include "core/lab/prepare.h"
#include "core/lab/run_record.h"
#include "core/quant/any_precision_store.h"
#include "core/solve/minibatch_sgd.h"

namespace zipml {

class RunSamples {
  public:
    /// Opens the device, rounds and packs. `data`, `team` and `job` outlive this.
    /// @throws InputError where the spec's device or kernels do not go with the data
    RunSamples(const RunSpec& spec, const PreparedData& data, ThreadTeam& team, const Job& job);

    /// With its correction and refetching; changes with the bits.
    [[nodiscard]] const GradientMethod& method() const { return method_; }
    [[nodiscard]] bool quantized() const { return method_.copies > 0; }
    [[nodiscard]] std::span<const Grid> grids() const { return grids_; }
    [[nodiscard]] int bits() const { return bits_; } ///< of a sample's index now
    /// The step that a run on this CPU takes where its spec leaves it open.
    [[nodiscard]] AutomaticStep automaticStep() const;
    /// How many levels are used, and their mean variance; as they are now.
    void describeLevels(RunSetup& setup) const;
    /// What a person should know of the levels and the ranges that they are placed over.
    [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
    /// What runs an epoch, as RunSetup::kernels.
    [[nodiscard]] const std::string& kernels() const { return kernels_; }
    [[nodiscard]] const ArithmeticChoice& arithmetic() const { return arithmetic_; }
    [[nodiscard]] ComputeDevice* device() const { return device_.get(); }
    /// Null: this CPU trains.
    [[nodiscard]] DeviceTrainer* trainer() const { return trainer_.get(); }

    /// The fastest way to run an epoch on these labels, which outlive it: on the device, packed codes,
    /// float32 rows, or row by row.
    [[nodiscard]] std::shared_ptr<EpochRunner> makeRunner(std::span<const float> labels);
    /// The same on this CPU for another method that reads these roundings, or none, and another batch; null
    /// where nothing runs it (rows of a store of any precision). @param method outlives the result
    [[nodiscard]] std::shared_ptr<EpochRunner> makeRunner(std::span<const float> labels,
                                                          const GradientMethod& method, std::size_t batch);

    /// Runs an epoch of several models in one pass over the samples, each to the bit as it would be trained
    /// alone; null where they are trained one after the other. @param labels of each model
    [[nodiscard]] std::shared_ptr<MinibatchSgd> makeRunner(const LabelSets& labels);

    /// Another width, where the store has any precision. @return whether it changed: what makeRunner made is
    /// of no use any more
    bool followBits(int wanted);
    /// Rounds all samples anew. @param epoch keys the draws
    void buildAgain(std::uint32_t epoch);

    /// That a model reads in an epoch, without labels and what is fetched in full.
    [[nodiscard]] std::uint64_t bytes() const;
    /// Of levels and correction, sent once.
    [[nodiscard]] std::uint64_t codebookBytes() const;

  private:
    /// A variance-reduced step of a loss that is not quadratic, which its difference alone does not tell.
    [[nodiscard]] bool takesTwoSlopes() const {
        return spec_.sgd.solver != SolverKind::Sgd && !method_.loss.isQuadratic();
    }
    enum class KernelPath { Packed, Decoded, RowByRow };
    struct PathChoice {
        KernelPath path;
        std::string reason; ///< of RowByRow
    };
    /// What runs epochs of rounded samples on this CPU.
    [[nodiscard]] PathChoice pathOf(const GradientMethod& method, std::size_t batch) const;
    [[nodiscard]] bool isReference() const { return spec_.device == kReferenceDevice; }
    void openDevice();
    void build();
    void takeLevels(LevelsFor levels);
    void buildInPlace();
    void makeTrainer();
    void measureRounding();
    /// Uniform levels where the placed ones are not, and exact ones where they are on fine steps.
    void compareLevels();
    void takeVariance(std::span<const double> variance);
    void noteLevels(const RangeStretch& stretch, std::span<const double> uniformVariance);
    [[nodiscard]] std::vector<double> varianceOf(std::span<const Grid> grids) const;
    void chooseKernels();
    [[nodiscard]] StoreOptions storeOptions() const;

    const RunSpec spec_;
    const PreparedData& data_;
    ThreadTeam& team_;
    const Job& job_;
    ArithmeticChoice arithmetic_;
    GradientMethod method_;
    Isa isa_;
    int bits_;
    std::string kernels_;
    std::vector<double> variance_; ///< mean rounding variance by feature
    std::optional<double> meanVariance_, exactMeanVariance_;
    std::vector<std::string> notes_;
    std::vector<Grid> grids_;
    std::vector<Grid> exactGrids_;     ///< where grids_ are on fine steps: as they were before
    std::optional<SampleStore> store_; ///< or the one below
    RowsInPlace::Found found_;         ///< of rows in place
    std::optional<AnyPrecisionStore> anyPrecision_;
    std::unique_ptr<ComputeDevice> device_; ///< of the trainer; null: this CPU's own kernels
    std::shared_ptr<DeviceTrainer> trainer_;
};

} // namespace zipml
