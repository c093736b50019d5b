// One lane: its values of both copies of the model, its product of the dot product and its update.
module zipml_lane #(
    parameter int BITS = 8,
    parameter int UNIT_RANGE = 1,
    parameter int BEATS = 256,   // values of each copy
    parameter int PLACE = 8,     // bits of a beat's number
    parameter int DOT_STAGES = 1,   // of its product
    parameter int UPDATE_STAGES = 3 // of its product
) (
    input logic clk,
    input logic enable,
    // Dot product: `term` comes 1 + DOT_STAGES enabled cycles after.
    input logic [PLACE-1:0] read_beat,
    input logic [BITS-1:0] sample1,
    output logic [31:0] term,
    // Update: the value changes UPDATE_STAGES enabled cycles after, and is read one later.
    input logic [31:0] step,
    input logic [BITS-1:0] sample2,
    input logic [PLACE-1:0] update_beat, // UPDATE_STAGES - 1 cycles after its step
    input logic update_valid,            // as update_beat
    input logic refresh,                 // as update_beat: the copy that is read changes too
    // The model from and to memory, while nothing else runs.
    input logic load,
    input logic store,
    input logic [PLACE-1:0] moved_beat,
    input logic [31:0] loaded,
    output logic [31:0] stored // a cycle after `store`
);
    logic [31:0] read_copy[BEATS], update_copy[BEATS];
    logic [31:0] value, kept, last_change, change, delta;
    logic [BITS-1:0] sample1_late;
    logic [PLACE-1:0] beat_late, last_beat;
    logic valid_late, refresh_late, last_valid;

    logic changes;
    logic [PLACE-1:0] written_beat;
    logic [31:0] written;
    assign changes = enable && valid_late;
    assign written_beat = load ? moved_beat : beat_late;
    assign written = load ? loaded : change;
    assign stored = kept;

    always_ff @(posedge clk) begin
        if (load || changes)
            update_copy[written_beat] <= written;
        if (load || changes && refresh_late)
            read_copy[written_beat] <= written;
        if (enable || store)
            kept <= update_copy[store ? moved_beat : update_beat];
        if (enable) begin
            value <= read_copy[read_beat];
            sample1_late <= sample1;
            beat_late <= update_beat;
            valid_late <= update_valid;
            refresh_late <= refresh;
            last_beat <= beat_late;
            last_valid <= valid_late;
            last_change <= change;
        end
    end
    // A row of one beat changes the same value each cycle: what was written last is not read yet.
    assign change = (last_valid && last_beat == beat_late ? last_change : kept) - delta;

    zipml_product #(.BITS(BITS), .UNIT_RANGE(UNIT_RANGE), .STAGES(DOT_STAGES)) dot_product (
        .clk, .enable, .value(BITS == 32 ? zipml_float::scaled_float(zipml_float::int_to_float(value), -10'sd23) : value),
        .sample(sample1_late), .product(term));
    zipml_product #(.BITS(BITS), .UNIT_RANGE(UNIT_RANGE), .STAGES(UPDATE_STAGES)) update_product (
        .clk, .enable, .value(step), .sample(sample2), .product(delta));
endmodule
