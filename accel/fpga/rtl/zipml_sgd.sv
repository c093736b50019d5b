// Least-squares SGD on double-sampled lines in a pipeline: an epoch of rows, a beat (a line, or half a line of 1-bit
// codes) a cycle; after Kara et al., FCCM 2017. What it computes is accel/fpga/reference.h, bit for bit; what a
// line holds is accel/fpga/line_layout.h.
//
//     line -> samples -> products -> adder tree -> sum of the row -> residual -> step
//                  \-> samples 2 wait ------------------------------------------> products -> model
//
// From a row's last beat to its update of the model there are log2(LANES) + 9 cycles, 43 in the float design, as in
// the published hardware (docs/method.md, 8.4). Where no line has arrived everything stands still, so that no
// result depends on the memory.
module zipml_sgd #(
    parameter int BITS = 8,       // of a code: 1, 2, 4, 8; 32: float
    parameter int UNIT_RANGE = 1, // samples in [0, 1], else in [-1, 1]
    parameter int MAX_FEATURES = 8192
) (
    input logic clk,
    input logic reset,
    // An epoch: begins with a pulse of `start`; `done` comes with the last word of the model.
    input logic start,
    input logic [31:0] rows,          // at least 1
    input logic [15:0] lines_per_row, // at least 1
    input logic [4:0] step_shift,     // a step is 2^-step_shift
    input logic [31:0] mask,          // the model that is read is refreshed where (row & mask) == mask
    output logic done,
    // The model before an epoch, 16 values a word, in order: as many words as the beats of a row have lanes for.
    input logic load_valid,
    input logic [511:0] load_word,
    // Lines, in order. One is taken where both are high.
    input logic line_valid,
    input logic [511:0] line,
    output logic line_ready,
    // The model after the epoch.
    output logic model_valid,
    output logic [511:0] model_word
);
    localparam int BEATS_PER_LINE = BITS == 1 ? 2 : 1;
    localparam int LANES = BITS == 32 ? 16 : 256 / BITS / BEATS_PER_LINE;
    localparam int TREE = $clog2(LANES);
    localparam int BEATS = MAX_FEATURES / LANES + BEATS_PER_LINE; // one line more, since the label may need it
    localparam int PLACE = $clog2(BEATS);
    // Float units are given the published design's cycles.
    localparam int FLOAT = BITS == 32 ? 1 : 0;
    localparam int DOT_STAGES = FLOAT != 0 ? 11 : 1;
    localparam int RESIDUAL_STAGES = FLOAT != 0 ? 11 : 1;
    localparam int UPDATE_STAGES = FLOAT != 0 ? 14 : 4;
    // From the cycle in which a beat's model is read to that in which the step of its row is there.
    localparam int STEP_AT = 1 + DOT_STAGES + TREE + 1 + RESIDUAL_STAGES + 1;
    localparam int WAITING = BEATS + STEP_AT + 2; // beats of samples 2
    localparam int WAIT_PLACE = $clog2(WAITING);
    localparam int WORDS_PER_BEAT = LANES / 16;

    // ---- what happens when ----
    logic running, draining, storing;
    logic [31:0] row;
    logic [15:0] beat, row_beats, model_words;
    logic [15:0] drain, stored_words;
    logic half; // of a line of 1-bit codes
    logic beat_valid, advance, last_beat_of_row, last_line_of_row;

    assign row_beats = 16'(lines_per_row * BEATS_PER_LINE);
    assign model_words = row_beats * 16'(WORDS_PER_BEAT);
    assign beat_valid = running && line_valid;
    assign advance = beat_valid || draining;
    assign last_beat_of_row = beat + 1 == row_beats;
    assign last_line_of_row = beat + 16'(BEATS_PER_LINE) >= row_beats;
    assign line_ready = running && (BEATS_PER_LINE == 1 || half);

    always_ff @(posedge clk) begin
        if (reset) begin
            running <= 0;
            draining <= 0;
            storing <= 0;
        end else begin
            if (start) begin
                running <= 1;
                row <= 0;
                beat <= 0;
                half <= 0;
            end
            if (beat_valid) begin
                half <= BEATS_PER_LINE == 2 && !half;
                beat <= last_beat_of_row ? 0 : beat + 1;
                if (last_beat_of_row) begin
                    row <= row + 1;
                    if (row + 1 == rows) begin
                        running <= 0;
                        draining <= 1;
                        drain <= row_beats + 16'(STEP_AT + UPDATE_STAGES);
                    end
                end
            end
            if (draining) begin
                drain <= drain - 1;
                if (drain == 1) begin
                    draining <= 0;
                    storing <= 1;
                    stored_words <= 0;
                end
            end
            if (storing) begin
                stored_words <= stored_words + 1;
                if (stored_words + 1 == model_words)
                    storing <= 0;
            end
        end
    end

    // ---- samples of a beat ----
    localparam int STRIDE = FLOAT != 0 ? 32 : 2 * BITS; // bits from value to value
    localparam int SECOND = FLOAT != 0 ? 0 : BITS;      // from a sample 1 to its sample 2
    logic [BITS-1:0] sample1[LANES];
    logic [511:0] whole, samples;
    logic [LANES*BITS-1:0] arrived2, waiting[2**WAIT_PLACE], late2;
    logic [PLACE-1:0] read_beat;

    assign whole = last_line_of_row ? {32'b0, line[479:0]} : line;
    assign samples = BEATS_PER_LINE == 2 && half ? whole >> 256 : whole;
    generate
        for (genvar k = 0; k < LANES; k = k + 1) begin : unpack
            always_ff @(posedge clk)
                if (advance) begin
                    sample1[k] <= samples[k*STRIDE +: BITS];
                    arrived2[k*BITS +: BITS] <= samples[k*STRIDE+SECOND +: BITS];
                end
        end
    endgenerate

    // ---- what goes along with a beat; [i] i cycles after its model is read ----
    logic [STEP_AT:0] valid_at, first_at, last_at;
    logic [31:0] label_at[STEP_AT+1];
    always_ff @(posedge clk)
        if (reset || start) begin
            valid_at <= 0;
            last_at <= 0;
        end else if (advance) begin
            read_beat <= PLACE'(beat);
            valid_at <= {valid_at[STEP_AT-1:0], beat_valid};
            first_at <= {first_at[STEP_AT-1:0], beat == 0};
            last_at <= {last_at[STEP_AT-1:0], beat_valid && last_beat_of_row};
            label_at[0] <= line[511:480];
            for (int i = 1; i <= STEP_AT; i = i + 1)
                label_at[i] <= label_at[i-1];
        end

    // ---- dot product, residual, step ----
    localparam int SUM_AT = 1 + DOT_STAGES + TREE;
    logic [31:0] term[LANES], tree[LANES-1], dot, residual[RESIDUAL_STAGES], step;
    generate
        for (genvar node = 0; node < LANES - 1; node = node + 1) begin : adder
            localparam int LEAF = 2 * node + 2 - LANES; // its terms, where it is of the last level
            if (LEAF >= 0) begin : of_terms
                always_ff @(posedge clk)
                    if (advance)
                        tree[node] <= term[LEAF] + term[LEAF+1];
            end else begin : of_sums
                always_ff @(posedge clk)
                    if (advance)
                        tree[node] <= tree[2*node+1] + tree[2*node+2];
            end
        end
    endgenerate
    always_ff @(posedge clk)
        if (advance) begin
            dot <= (first_at[SUM_AT] ? 32'b0 : dot) + (valid_at[SUM_AT] ? tree[0] : 32'b0);
            residual[0] <= FLOAT != 0
                ? zipml_float::float_difference(zipml_float::scaled_float(zipml_float::int_to_float(dot), -10'sd23), label_at[SUM_AT+1])
                : dot - label_at[SUM_AT+1];
            for (int i = 1; i < RESIDUAL_STAGES; i = i + 1)
                residual[i] <= residual[i-1];
            if (last_at[STEP_AT-1])
                step <= FLOAT != 0
                    ? zipml_float::scaled_float(residual[RESIDUAL_STAGES-1], -$signed({5'b0, step_shift}))
                    : 32'($signed(residual[RESIDUAL_STAGES-1]) >>> step_shift);
        end
    // ---- update: a row's beats one after another, from the cycle in which its step is there ----
    logic [WAIT_PLACE-1:0] write_place, late_place;
    logic [15:0] late_beat;
    logic [31:0] late_row;
    logic late_valid, late_busy, late_refresh;
    logic [PLACE-1:0] late_beat_at[UPDATE_STAGES];
    logic [UPDATE_STAGES-1:0] late_valid_at, late_refresh_at;

    assign late_busy = last_at[STEP_AT] || late_beat != 0;
    assign late_refresh = (late_row & mask) == mask;
    always_ff @(posedge clk) begin
        if (reset || start) begin
            write_place <= 0;
            late_place <= 0;
            late_beat <= 0;
            late_row <= 0;
            late_valid_at <= 0;
        end else if (advance) begin
            if (valid_at[0]) begin
                waiting[write_place] <= arrived2;
                write_place <= write_place + 1;
            end
            if (late_busy) begin
                late_beat <= late_beat + 1 == row_beats ? 0 : late_beat + 1;
                if (late_beat + 1 == row_beats)
                    late_row <= late_row + 1;
            end
            // A place ahead, since the memory answers a cycle later.
            if (last_at[STEP_AT-1] || late_busy && late_beat + 1 != row_beats) begin
                late2 <= waiting[late_place];
                late_place <= late_place + 1;
            end
            late_valid_at <= UPDATE_STAGES'({late_valid_at, late_busy});
            late_refresh_at <= UPDATE_STAGES'({late_refresh_at, late_refresh});
            late_beat_at[0] <= PLACE'(late_beat);
            for (int i = 1; i < UPDATE_STAGES; i = i + 1)
                late_beat_at[i] <= late_beat_at[i-1];
        end
    end

    // ---- model from and to memory ----
    logic [15:0] moved;
    logic store_late, last_late;
    logic [15:0] word_late;
    logic [PLACE-1:0] moved_beat;
    logic [31:0] stored[LANES];
    assign moved_beat = PLACE'((storing ? stored_words : moved) / 16'(WORDS_PER_BEAT));
    always_ff @(posedge clk) begin
        if (reset || start)
            moved <= 0;
        else if (load_valid)
            moved <= moved + 1;
        store_late <= storing && !reset;
        word_late <= stored_words % 16'(WORDS_PER_BEAT);
        last_late <= storing && stored_words + 1 == model_words;
    end
    assign model_valid = store_late;
    assign done = last_late;
    always_comb
        for (int w = 0; w < 16; w = w + 1)
            model_word[w*32 +: 32] = stored[word_late * 16 + w];

    generate
        for (genvar k = 0; k < LANES; k = k + 1) begin : lane
            zipml_lane #(.BITS(BITS), .UNIT_RANGE(UNIT_RANGE), .BEATS(BEATS), .PLACE(PLACE),
                         .DOT_STAGES(DOT_STAGES), .UPDATE_STAGES(UPDATE_STAGES)) each (
                .clk, .enable(advance),
                .read_beat, .sample1(sample1[k]), .term(term[k]),
                .step, .sample2(late2[k*BITS +: BITS]), .update_beat(late_beat_at[UPDATE_STAGES-2]),
                .update_valid(late_valid_at[UPDATE_STAGES-2]), .refresh(late_refresh_at[UPDATE_STAGES-2]),
                .load(load_valid && moved % 16'(WORDS_PER_BEAT) == 16'(k / 16)), .store(storing), .moved_beat,
                .loaded(load_word[(k % 16)*32 +: 32]), .stored(stored[k]));
        end
    endgenerate
endmodule
