// SystemVerilog: a module that scores a row, one input a clock, and a test bench that checks itself.

#include "core/model/export/c_text.h"
#include "core/model/export/format.h"
#include "core/model/export/integer_model.h"

#include <algorithm>
#include <bit>
#include <random>

namespace zipml::exported {
namespace {

constexpr const char* kModule = R"(// A linear model by ZipML Lab @VERSION@, trained on @ORIGIN@@CLASSES@.
// Input f is the feature's value times 2 to the power of its entry below, rounded to nearest:
//@INPUT_BITS@
// A score is the model's times 2 to the power @SCORE_BITS@. While no input is out of range it differs
// from that by at most @ERROR@.
// Check it:  verilator --binary --top-module zipml_model_tb -DZIPML_TEST_BENCH FILE
//            obj_dir/Vzipml_model_tb    (with +rows=TEXT it prints the scores of your own inputs)

module zipml_model (
    input  logic clk,
    input  logic reset,
    input  logic in_valid,                  // a row's inputs in the features' order, one a clock or fewer
    input  logic signed [@INPUT_TOP@:0] in_value,
    output logic out_valid,                 // for one clock, after a row's last input
    output logic signed [63:0] out_score [@SCORES@],
@CLASS_PORT@    output logic out_outside                // an input of the row was out of range, and clamped
);
    localparam logic signed [@INPUT_TOP@:0] ZERO [@FEATURES@] = '{
@ZERO@    };
    localparam logic signed [@WEIGHT_TOP@:0] WEIGHT [@SCORES@][@FEATURES@] = '{
@WEIGHT@    };
    localparam logic signed [63:0] CONSTANT [@SCORES@] = '{
@CONSTANT@    };

    logic [@INDEX_TOP@:0] feature;
    logic signed [63:0] sum [@SCORES@];
    logic outside;

    wire signed [64:0] distance = 65'(in_value) - 65'(ZERO[feature]);
    wire above = distance > 65'sd@REACH@;
    wire below = distance < -65'sd@REACH@;
    wire signed [15:0] steps = above ? 16'sd@REACH@ : below ? -16'sd@REACH@ : 16'(distance);
    wire first = feature == 0;
    wire last = feature == @INDEX_WIDTH@'d@LAST@;

    wire signed [63:0] next [@SCORES@];
    for (genvar k = 0; k < @SCORES@; ++k) begin : scores
        wire signed [31:0] product = 32'(WEIGHT[k][feature]) * 32'(steps);
        assign next[k] = (first ? CONSTANT[k] : sum[k]) + 64'(product);
    end

    always_ff @(posedge clk) begin
        out_valid <= 1'b0;
        if (reset) begin
            feature <= '0;
        end else if (in_valid) begin
            feature <= last ? '0 : feature + 1'b1;
            outside <= (outside && !first) || above || below;
            sum <= next;
            if (last) begin
                out_valid <= 1'b1;
                out_score <= next;
                out_outside <= (outside && !first) || above || below;
            end
        end
    end
@CLASS@endmodule
)";

constexpr const char* kTwoClassRule = R"(
    assign out_class = out_score[0] >= 0;
)";

constexpr const char* kManyClassRule = R"(
    always_comb begin // the first of the highest
        out_class = 0;
        for (int k = 1; k < @SCORES@; ++k)
            if (out_score[k] > out_score[out_class])
                out_class = @CLASS_WIDTH@'(k);
    end
)";

constexpr const char* kTestBench = R"(
`ifdef ZIPML_TEST_BENCH
module zipml_model_tb;
    localparam logic signed [@INPUT_TOP@:0] INPUT [@ROWS@][@FEATURES@] = '{
@INPUTS@    };
    localparam logic signed [63:0] EXPECTED [@ROWS@][@SCORES@] = '{
@EXPECTED@    };
@EXPECTED_CLASSES@
    logic clk = 0, reset = 1, in_valid = 0;
    logic signed [@INPUT_TOP@:0] in_value = 0;
    logic out_valid, out_outside;
    logic signed [63:0] out_score [@SCORES@];
@CLASS_WIRE@    int wrong = 0;

    initial forever #5 clk = !clk;
    zipml_model model (.*);

    task automatic send(input logic signed [@INPUT_TOP@:0] value);
        in_valid = 1;
        in_value = value;
        @(negedge clk);
        in_valid = 0;
    endtask

    task automatic print_rows(input string name);
        logic signed [@INPUT_TOP@:0] value;
        int file, got, at = 0;
        file = $fopen(name, "r");
        if (file == 0)
            $fatal(1, "%s: cannot be read", name);
        got = $fscanf(file, "%d", value);
        while (got == 1) begin
            send(value);
            at = at == @FEATURES@ - 1 ? 0 : at + 1;
            if (at == 0) begin
                if (!out_valid)
                    $fatal(1, "a row has no result");
                for (int k = 0; k < @SCORES@; ++k)
                    $write("%0d ", out_score[k]);
@WRITE_CLASS@                $write("%0d\n", out_outside);
            end
            got = $fscanf(file, "%d", value);
        end
        $fclose(file);
    endtask

    initial begin
        string name;
        repeat (2) @(negedge clk);
        reset = 0;
        for (int r = 0; r < @ROWS@; ++r) begin
            for (int f = 0; f < @FEATURES@; ++f) begin
                if (out_valid && f > 0)
                    ++wrong; // a result before the row's end
                if (r % 3 == 1)
                    @(negedge clk); // inputs need not follow one another
                send(INPUT[r][f]);
            end
            if (!out_valid)
                ++wrong;
@CHECK_CLASS@            for (int k = 0; k < @SCORES@; ++k)
                if (out_score[k] != EXPECTED[r][k]) begin
                    ++wrong;
                    $display("row %0d: score %0d is %0d, expected %0d", r, k, out_score[k], EXPECTED[r][k]);
                end
        end
        if (wrong != 0)
            $fatal(1, "FAIL: %0d of %0d rows' results are wrong", wrong, @ROWS@);
        if ($value$plusargs("rows=%s", name))
            print_rows(name);
        else
            $display("PASS: @ROWS@ rows");
        $finish;
    end
endmodule
`endif
)";

/// A signed literal; the most negative number has no positive one to negate.
std::string literal(std::int64_t value, int width) {
    const auto size = std::to_string(width) + "'sd";
    return value < 0 ? "-" + size + std::to_string(-value) : size + std::to_string(value);
}

using Row = std::vector<std::int64_t>;

/// A list in the braces of an assignment pattern: `rows` of `columns`, or one list where there is one row.
std::string nested(const std::vector<Row>& rows, int width) {
    std::string text;
    for (std::size_t r = 0; r < rows.size(); ++r)
        text += "    '{\n" + listed(rows[r].size(), [&](auto i) { return literal(rows[r][i], width); }) +
                "    }" + (r + 1 < rows.size() ? ",\n" : "\n");
    return text;
}

/// Rows that reach every branch: each input's zero, both ends, beyond both, and random ones.
std::vector<Row> testRows(const IntegerModel& model) {
    constexpr std::size_t kRandom = 16;
    std::mt19937_64 random(1);
    std::vector<Row> rows;
    for (const std::int64_t steps : {0, IntegerModel::kReach, -IntegerModel::kReach, IntegerModel::kReach + 1,
                                     -IntegerModel::kReach - 1}) {
        Row& row = rows.emplace_back();
        for (const std::int64_t zero : model.zero)
            row.push_back(zero + steps);
    }
    for (std::size_t r = 0; r < kRandom; ++r) {
        Row& row = rows.emplace_back();
        for (const std::int64_t zero : model.zero)
            row.push_back(zero + static_cast<std::int64_t>(random() >> 48U) - IntegerModel::kReach);
    }
    return rows;
}

std::string classText(const LinearModel& model) {
    std::string text;
    for (std::size_t c = 0; c < model.classLabels.size(); ++c)
        text +=
            (c == 0 ? ".\n// Classes: " : ", ") + std::to_string(c) + " is " +
            commentText(model.classNames.empty() ? inShortDouble(model.classLabels[c]) : model.classNames[c]);
    return text;
}

std::int64_t classOf(const std::vector<std::int64_t>& scores) {
    return scores.size() == 1 ? (scores[0] >= 0 ? 1 : 0) : std::ranges::max_element(scores) - scores.begin();
}

/// The class's port, wire, rule and checks; nothing for a regression.
void describeClass(std::string& text, const LinearModel& model, const std::vector<Row>& expected) {
    const bool classes = model.task == Task::Classification;
    const std::size_t count = std::max<std::size_t>(2, expected.front().size());
    const int width = static_cast<int>(std::bit_width(count - 1));
    const std::string type = width > 1 ? "[" + std::to_string(width - 1) + ":0] " : "";
    Row right;
    for (const auto& scores : expected)
        right.push_back(classOf(scores));
    replaceAll(text, "@CLASS_PORT@", classes ? "    output logic " + type + "out_class,\n" : "");
    replaceAll(text, "@CLASS_WIRE@", classes ? "    logic " + type + "out_class;\n" : "");
    replaceAll(text, "@CLASS@", !classes ? "" : count > 2 ? kManyClassRule : kTwoClassRule);
    replaceAll(text, "@CLASS_WIDTH@", std::to_string(width));
    replaceAll(text, "@EXPECTED_CLASSES@",
               classes
                   ? "    localparam int CLASS_OF [@ROWS@] = '{\n" +
                         listed(right.size(), [&](auto r) { return std::to_string(right[r]); }) + "    };\n"
                   : "");
    replaceAll(text, "@CHECK_CLASS@",
               classes ? "            if (32'(out_class) != CLASS_OF[r])\n                ++wrong;\n" : "");
    replaceAll(text, "@WRITE_CLASS@", classes ? "                $write(\"%0d \", out_class);\n" : "");
}

} // namespace

static std::string systemVerilog(const LinearModel& model, const ExportOptions& options) {
    const int bits = options.bits == ExportOptions::kFloat ? IntegerModel::kMostBits : options.bits;
    if (bits < 2)
        throw InputError("bits: 1 is too few for signed integer weights; use 2 to 8, or leave it out for 16");
    const IntegerModel whole = integerModel(model, bits);
    const int inputWidth = whole.wide ? 64 : 32;
    const std::size_t features = whole.features();
    const int indexWidth = std::max(1, static_cast<int>(std::bit_width(features - 1)));
    const std::vector<Row> inputs = testRows(whole);
    std::vector<Row> expected;
    expected.reserve(inputs.size());
    for (const Row& row : inputs)
        expected.push_back(whole.scoresOf(row));
    std::vector<Row> weights;
    for (const auto& each : whole.weight)
        weights.emplace_back(each.begin(), each.end());
    const auto row = [](const Row& values, int width) {
        return listed(values.size(), [&](auto i) { return literal(values[i], width); });
    };

    std::string text = std::string(kModule) + kTestBench;
    describeClass(text, model, expected);
    const std::pair<const char*, std::string> words[] = {
        {"@VERSION@", ZIPML_VERSION},
        {"@CLASSES@", classText(model)},
        {"@FEATURES@", std::to_string(features)},
        {"@SCORES@", std::to_string(whole.scores())},
        {"@SCORE_BITS@", std::to_string(whole.scoreBits)},
        {"@ERROR@", std::to_string(whole.error)},
        {"@REACH@", std::to_string(IntegerModel::kReach)},
        {"@INPUT_TOP@", std::to_string(inputWidth - 1)},
        {"@WEIGHT_TOP@", std::to_string(bits - 1)},
        {"@INDEX_TOP@", std::to_string(indexWidth - 1)},
        {"@INDEX_WIDTH@", std::to_string(indexWidth)},
        {"@LAST@", std::to_string(features - 1)},
        {"@ROWS@", std::to_string(inputs.size())},
        {"@ZERO@", row(whole.zero, inputWidth)},
        {"@WEIGHT@", nested(weights, bits)},
        {"@CONSTANT@", row(whole.constant, 64)},
        {"@INPUTS@", nested(inputs, inputWidth)},
        {"@EXPECTED@", nested(expected, 64)},
        {"@ORIGIN@", commentText(originOf(model))},
    };
    for (const auto& [what, by] : words)
        replaceAll(text, what, by);
    std::string bitsOfInputs = listed(features, [&](auto f) { return std::to_string(whole.inputBits[f]); });
    bitsOfInputs.pop_back();
    replaceAll(bitsOfInputs, "\n", "\n//");
    replaceAll(text, "@INPUT_BITS@", bitsOfInputs);
    return text;
}

} // namespace zipml::exported

namespace zipml {

constinit const ModelFormat kSystemVerilogExport{
    .name = "systemverilog",
    .extension = "sv",
    .title = "SystemVerilog",
    .summary = "A module that scores a row, one input a clock, with a test bench that checks itself.",
    .integerWeights = true,
    .manyClasses = true,
    .doubles = true,
    .write = exported::systemVerilog,
};

} // namespace zipml
