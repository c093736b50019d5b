#include "accel/fpga/kernel_source.h"
#include "accel/fpga/pipeline.h"
#include "core/base/random.h"

#include <QtTest>
#include <bit>
#include <cmath>
#include <limits>

using namespace zipml;

Q_DECLARE_METATYPE(zipml::FpgaDesign)

namespace {

/// Rows of any bits whatever: every code, also those that the packer never writes, and every label.
FpgaLines arbitraryLines(const FpgaDesign& design, std::size_t rows, std::size_t features,
                         std::uint64_t seed) {
    const RandomStream stream(seed, Purpose::Synthetic);
    FpgaLines lines{design, rows, features, fpgaLinesPerRow(design, features), {}};
    const std::size_t rowWords = lines.linesPerRow * kFpgaLineWords;
    lines.words.assign(rows * rowWords, 0);
    const std::size_t valueBits = design.isFloat() ? 32 : 2 * static_cast<std::size_t>(design.bits);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t bit = 0; bit < valueBits * features; ++bit)
            if (stream.uniform(static_cast<std::uint32_t>(r), static_cast<std::uint32_t>(bit)) < 0.5)
                lines.words[r * rowWords + bit / 32] |= 1U << (bit % 32);
        lines.words[(r + 1) * rowWords - 1] = stream.words(static_cast<std::uint32_t>(r), 1'000'000)[0];
    }
    return lines;
}

FpgaLines randomRows(const FpgaDesign& design, std::size_t rows, std::size_t features, std::uint64_t seed) {
    const RandomStream stream(seed, Purpose::Synthetic);
    std::vector<float> values(rows * features), labels(rows);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto u = static_cast<float>(stream.uniform(0, static_cast<std::uint32_t>(i)));
        values[i] = design.unitRange && !design.isFloat() ? u : 2 * u - 1;
    }
    for (std::size_t r = 0; r < rows; ++r)
        labels[r] = static_cast<float>(20 * stream.uniform(1, static_cast<std::uint32_t>(r)) - 10);
    return packFpgaLines(design, values, labels, features, seed);
}

std::vector<std::uint32_t> randomWords(std::size_t count, std::uint64_t seed) {
    const RandomStream stream(seed, Purpose::RandomModel);
    std::vector<std::uint32_t> words(count);
    for (std::size_t i = 0; i < count; ++i)
        words[i] = stream.words(0, static_cast<std::uint32_t>(i))[0];
    return words;
}

/// Stages that are kernels of their own, run one after another, with a buffer of queues between them.
class ConnectedStages {
  public:
    ConnectedStages(const ComputeContext& context, const std::string& source, const FpgaDesign& design)
        : context_(context), program_(buildProgram(context, "connected stages", source,
                                                   "-cl-std=CL1.2 " + fpgaBuildOptions(design))) {}

    void load(const FpgaLines& lines) { lines_ = &lines; }

    void run(const FpgaEpoch& epoch, std::vector<std::int32_t>& model) {
        const DeviceBuffer<std::uint32_t> lines(context_, std::span(lines_->words));
        DeviceBuffer<std::int32_t> onDevice(context_, std::span<const std::int32_t>(model));
        const DeviceBuffer<cl_uint> queues(context_, std::vector<cl_uint>(1 << 15));
        const auto rows = static_cast<cl_uint>(lines_->rows),
                   features = static_cast<cl_uint>(lines_->features),
                   linesPerRow = static_cast<cl_uint>(lines_->linesPerRow);
        enqueue("read_lines", lines.get(), rows * linesPerRow, queues.get());
        enqueue("unpack_lines", rows, linesPerRow, queues.get());
        enqueue("train", onDevice.get(), rows, features, linesPerRow, cl_int{epoch.stepShift},
                cl_uint{epoch.mask}, static_cast<cl_uint>(epoch.delay), queues.get());
        onDevice.read(model);
    }

  private:
    template <class... Arguments>
    void enqueue(const char* name, const Arguments&... arguments) {
        cl::Kernel kernel(program_, name);
        cl_uint index = 0;
        (kernel.setArg(index++, arguments), ...);
        context_.queue.enqueueNDRangeKernel(kernel, cl::NullRange, cl::NDRange(1), cl::NDRange(1));
    }

    const ComputeContext& context_;
    cl::Program program_;
    const FpgaLines* lines_ = nullptr;
};

} // namespace

class PipelineKernelsTest : public QObject {
    Q_OBJECT
  private slots:
    void initTestCase() {
        const auto devices = listOpenClDevices();
        if (devices.empty())
            QSKIP("this machine has no OpenCL driver; install pocl-opencl-icd to have one on the CPU");
        context_ = std::make_unique<ComputeContext>(devices.front());
    }

    void equalTheReference_data() { eachDesign(); }
    /// Bit for bit: odd shapes, every delay and mask, models small and with all their bits.
    void equalTheReference() {
        QFETCH(FpgaDesign, design);
        FpgaPipeline pipeline(*context_, design);
        for (const std::size_t features : {1U, 15U, 90U, 257U, 5000U, 8192U}) {
            for (const std::size_t rows : {1U, 2U, 7U, 20U}) {
                const FpgaLines lines = randomRows(design, rows, features, features + rows);
                pipeline.load(lines);
                const std::size_t longest = pipeline.longestDelay();
                for (const FpgaEpoch& epoch :
                     {FpgaEpoch{10, 0, 1}, FpgaEpoch{7, 1, 1},
                      FpgaEpoch{7, 1, std::min<std::size_t>(3, longest)}, FpgaEpoch{5, 3, longest}}) {
                    compare(pipeline, lines, epoch, std::vector<std::int32_t>(features, 1 << 20));
                }
            }
        }
    }

    void overflowWrapsAroundAlike_data() { eachDesign(); }
    /// Bits that no packer writes and models of any size: sums wrap around modulo 2^32, products of floats saturate,
    /// NaN counts 0, and the kernels do the same.
    void overflowWrapsAroundAlike() {
        QFETCH(FpgaDesign, design);
        FpgaPipeline pipeline(*context_, design);
        for (const std::size_t features : {1U, 90U, 300U}) {
            const std::vector<std::uint32_t> words = randomWords(features, features);
            for (const int stepShift : {0, 3, 31}) {
                const FpgaLines lines = arbitraryLines(design, 12, features, features);
                compare(pipeline, lines, {stepShift, 0, 2}, {words.begin(), words.end()});
            }
        }
    }

    void connectedStagesEqualTheReference_data() {
        QTest::addColumn<QString>("vendor");
        for (const char* vendor : {"INTELFPGA_CL", "__xilinx__"})
            QTest::newRow(vendor) << vendor;
    }
    /// The text that aoc and v++ compile, on this device: channels and pipes are queues in a buffer that
    /// every stage gets as one more argument, and the stages run one after another.
    void connectedStagesEqualTheReference() {
        QFETCH(QString, vendor);
        const std::string prologue = "#define " + vendor.toStdString() + R"(
#define channel typedef
#define pipe typedef
#define QUEUE(type, name) type name##_items[400]; uint name##_in, name##_out
struct queues { QUEUE(uint16, lineslink); QUEUE(uint16, beatslink); QUEUE(uint, labelslink); };
#define read_lines(...) read_lines(__VA_ARGS__, __global struct queues* queues)
#define unpack_lines(...) unpack_lines(__VA_ARGS__, __global struct queues* queues)
#define train(...) train(__VA_ARGS__, __global struct queues* queues)
#define write_channel_intel(name, value) queues->name##_items[queues->name##_in++] = value
#define read_channel_intel(name) queues->name##_items[queues->name##_out++]
#define write_pipe_block(name, address) write_channel_intel(name, *(address))
#define read_pipe_block(name, address) *(address) = read_channel_intel(name)
)";
        for (const FpgaDesign& design : {FpgaDesign{1, true}, FpgaDesign{8, false}, FpgaDesign{32, true}}) {
            ConnectedStages pipeline(*context_, prologue + fpgaKernelSource(), design);
            const FpgaLines lines = randomRows(design, 9, 300, 4);
            for (const std::size_t delay : {1U, 4U}) {
                compare(pipeline, lines, {6, 1, delay}, std::vector<std::int32_t>(300, 1 << 21));
            }
        }
    }

    /// By hand: the float design cuts each product toward zero, in the dot product and in the update.
    void floatProductsAreCutTowardZero() {
        const FpgaDesign design{32, true};
        // A unit of Q8.23 by 0.75 is cut to 0, so that the residual is 3 units' worth of the label alone, and its
        // product with 0.75, 2.25 units, is cut to 2.
        const auto after = [&](float label) {
            const FpgaLines lines =
                packFpgaLines(design, std::vector<float>{0.75F}, std::vector<float>{label}, 1, 1);
            std::vector<std::int32_t> model{1};
            runFpgaReference(lines, {0, 0, 1}, model);
            return model[0];
        };
        QCOMPARE(after(-3 * 0x1p-23F), 1 - 2);
        QCOMPARE(after(3 * 0x1p-23F), 1 + 2);
    }

    /// Both by hand: 1.0 * 1 - 0.5 = 0.5, halved by the step; and a model at the top of Q8.23 that wraps.
    void handMadeRows() {
        const FpgaDesign design{8, true};
        const FpgaLines lines =
            packFpgaLines(design, std::vector<float>{1.0F}, std::vector<float>{0.5F}, 1, 1);
        std::vector<std::int32_t> model{1 << 23};
        runFpgaReference(lines, {1, 0, 1}, model);
        QCOMPARE(model[0], 3 << 21); // 1 - 0.25
        const FpgaLines far =
            packFpgaLines(design, std::vector<float>{1.0F}, std::vector<float>{-256.0F}, 1, 1);
        model = {std::numeric_limits<std::int32_t>::max()};
        runFpgaReference(far, {0, 0, 1}, model);
        // The residual 2^31 - 1 + 2^31 is -1 modulo 2^32; subtracting it takes the model past the top.
        QCOMPARE(model[0], std::numeric_limits<std::int32_t>::min());
    }

  private:
    static void eachDesign() {
        QTest::addColumn<FpgaDesign>("design");
        for (const FpgaDesign& design : fpgaDesigns())
            QTest::newRow(design.name().c_str()) << design;
    }

    template <class Pipeline>
    static void compare(Pipeline& pipeline, const FpgaLines& lines, const FpgaEpoch& epoch,
                        std::vector<std::int32_t> model) {
        std::vector<std::int32_t> expected = model;
        runFpgaReference(lines, epoch, expected);
        pipeline.load(lines);
        pipeline.run(epoch, model);
        for (std::size_t f = 0; f < model.size(); ++f) {
            if (model[f] != expected[f])
                QFAIL(
                    qPrintable(QString("%1 rows, %2 features, shift %3, mask %4, delay %5: feature %6 is %7, "
                                       "not %8")
                                   .arg(lines.rows)
                                   .arg(lines.features)
                                   .arg(epoch.stepShift)
                                   .arg(epoch.mask)
                                   .arg(epoch.delay)
                                   .arg(f)
                                   .arg(model[f])
                                   .arg(expected[f])));
        }
    }

    std::unique_ptr<ComputeContext> context_;
};

QTEST_APPLESS_MAIN(PipelineKernelsTest)
#include "pipeline_kernels_test.moc"
