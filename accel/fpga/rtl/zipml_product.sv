// A value by a sample, as Q8.23 (accel/fpga/reference.h), one a cycle, STAGES enabled cycles later.
// Fixed point: `value` is int32, `sample` a code of BITS bits; float: `value` and `sample` are float32.
module zipml_product #(
    parameter int BITS = 8,      // of a code; 32: float
    parameter int UNIT_RANGE = 1, // codes of [0, 1], else of [-1, 1]
    parameter int STAGES = 1
) (
    input logic clk,
    input logic enable,
    input logic [31:0] value,
    input logic [BITS-1:0] sample,
    output logic [31:0] product
);
    logic [31:0] result;
    generate
        if (BITS == 32) begin : as_float
            assign result = zipml_float::cut_to_fixed(zipml_float::float_product(value, sample));
        end else begin : as_fixed
            localparam int SHIFT = UNIT_RANGE != 0 ? BITS - 1 : BITS - 2;
            // Two's complement, but for +1.0 of [0, 1], whose code is the lowest.
            logic one;
            logic signed [BITS:0] code;
            logic signed [32+BITS:0] whole;
            assign one = UNIT_RANGE != 0 && sample == (BITS'(1) << (BITS - 1));
            assign code = {one ? 1'b0 : sample[BITS-1], sample};
            assign whole = $signed(value) * code;
            assign result = 32'(whole >>> SHIFT);
        end
    endgenerate

    logic [31:0] stage[STAGES];
    always_ff @(posedge clk)
        if (enable) begin
            stage[0] <= result;
            for (int i = 1; i < STAGES; i = i + 1)
                stage[i] <= stage[i-1];
        end
    assign product = stage[STAGES-1];
endmodule
