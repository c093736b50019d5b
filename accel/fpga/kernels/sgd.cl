/* Least-squares SGD in a deep pipeline of single work-item kernels, after Kara et al., FCCM 2017 (docs/method.md#s8-4):

       read_lines -> unpack_lines -> train (dot product, residual, update; both copies of the model on chip)

   accel/fpga/line_layout.h says what a line holds, accel/fpga/reference.h what is computed, bit for bit. Dot product
   and update share one kernel because on-chip memory is private to a kernel: its one loop takes a beat (a line, or
   half a line of 1-bit codes) of row r for the dot product and the same beat of row r - delay for the update.
   Built for one design: ZIPML_BITS 1, 2, 4, 8 or 32 (float), ZIPML_UNIT_RANGE 1 ([0, 1]) or 0 ([-1, 1]). */
#ifndef ZIPML_FPGA_CONNECT
#include "connect.h"
#endif
#pragma OPENCL FP_CONTRACT OFF

#define MAX_FEATURES 8192
#define MAX_DELAY 64
#define RING_LINES 1024 /* what overlapping rows may hold: delay * lines a row */
#define WORDS 16        /* of a line */

#if ZIPML_BITS == 32
typedef float number; /* a step; the model is Q8.23 in every design */
#define LANES 16
#define KEPT_WORDS 16 /* of a beat, until its update */
#else
typedef int number;
#if ZIPML_UNIT_RANGE
#define SHIFT (ZIPML_BITS - 1)
#else
#define SHIFT (ZIPML_BITS - 2)
#endif
#define LANES (ZIPML_BITS == 1 ? 128 : 256 / ZIPML_BITS)
#define WORD_CODES (32 / ZIPML_BITS)
#define KEPT_WORDS 8
#endif
#if ZIPML_BITS == 1
#define LINE_BEATS 2
#else
#define LINE_BEATS 1
#endif
/* One line more than the features take, since the label may need it. */
#define MODEL_BEATS (MAX_FEATURES / LANES + LINE_BEATS)

#ifdef ZIPML_STAGED
ZIPML_LINK(uint16, lineslink, 64);
ZIPML_LINK(uint16, beatslink, 64);
ZIPML_LINK(uint, labelslink, 64);
#endif

/* ---- unpack: a line becomes beats of sample 1 (words 0 to 7) and sample 2 (words 8 to 15) ---- */

uint16 unpack_beat(uint16 line, int beat, int last_line) {
    uint in[WORDS];
    vstore16(line, 0, in);
    if (last_line)
        in[WORDS - 1] = 0; /* the label */
#if ZIPML_BITS == 32
    return vload16(0, in);
#else
    uint out[WORDS];
    ZIPML_UNROLLED
    for (int w = 0; w < WORDS; ++w)
        out[w] = 0;
    ZIPML_UNROLLED
    for (int w = 0; w < WORDS / LINE_BEATS; ++w) {
        const uint word = in[beat * (WORDS / LINE_BEATS) + w];
        uint first = 0, second = 0;
        ZIPML_UNROLLED
        for (int k = 0; k < WORD_CODES / 2; ++k) {
            const uint pair = word >> (2 * ZIPML_BITS * k);
            const uint field = (1u << ZIPML_BITS) - 1u;
            first |= (pair & field) << (ZIPML_BITS * k);
            second |= ((pair >> ZIPML_BITS) & field) << (ZIPML_BITS * k);
        }
        out[w / 2] |= first << (16 * (w % 2));
        out[8 + w / 2] |= second << (16 * (w % 2));
    }
    return vload16(0, out);
#endif
}

/* ---- arithmetic of a lane ---- */

#if ZIPML_BITS == 32
float sample(const uint* words, int lane) {
    return as_float(words[lane]);
}

/* A product as Q8.23, cut toward zero, saturated. */
uint fixed_product(float value, float a) {
    const float product = value * a;
    return isnan(product) ? 0u : as_uint(convert_int_sat_rtz(product * 0x1p23f));
}

float as_number(int fixed) {
    return convert_float_rte(fixed) * 0x1p-23f;
}

uint dot_term(int x, float a) {
    return fixed_product(as_number(x), a);
}

float scaled_residual(uint dot, uint label, int step_shift) {
    return (as_number(as_int(dot)) - as_float(label)) * ldexp(1.0f, -step_shift);
}

int updated(int x, float t, float a) {
    return as_int(as_uint(x) - fixed_product(t, a));
}
#else
/* Two's complement, but for +1.0 on [0, 1]. */
int sample(const uint* words, int lane) {
    const int largest = (1 << (ZIPML_BITS - 1)) - 1 + ZIPML_UNIT_RANGE;
    const int field =
        (int)((words[lane / WORD_CODES] >> (lane % WORD_CODES * ZIPML_BITS)) & ((1u << ZIPML_BITS) - 1u));
    return field > largest ? field - (1 << ZIPML_BITS) : field;
}

/* The shifted product cut to 32 bits. Unsigned, so that sums wrap around. */
uint shifted_product(int value, int code) {
    return (uint)(((long)value * code) >> SHIFT);
}

uint dot_term(int x, int code) {
    return shifted_product(x, code);
}

int scaled_residual(uint dot, uint label, int step_shift) {
    return as_int(dot - label) >> step_shift;
}

int updated(int x, int t, int code) {
    return as_int(as_uint(x) - shifted_product(t, code));
}
#endif

uint adder_tree(uint* terms) {
    ZIPML_UNROLLED
    for (int width = LANES / 2; width > 0; width /= 2) {
        ZIPML_UNROLLED
        for (int k = 0; k < width; ++k)
            terms[k] += terms[k + width];
    }
    return terms[0];
}

/* ---- stages ---- */

#ifdef ZIPML_STAGED
ZIPML_STAGE read_lines(__global const uint16* restrict lines, uint count) {
    ZIPML_PIPELINED
    for (uint i = 0; i < count; ++i) {
        uint16 line = lines[i];
        ZIPML_PUT(lineslink, line);
    }
}

ZIPML_STAGE unpack_lines(uint rows, uint lines_per_row) {
    for (uint r = 0; r < rows; ++r) {
        for (uint i = 0; i < lines_per_row; ++i) {
            const int last = i + 1 == lines_per_row;
            uint16 line;
            ZIPML_TAKE(lineslink, line);
            ZIPML_PIPELINED
            for (int beat = 0; beat < LINE_BEATS; ++beat) {
                uint16 unpacked = unpack_beat(line, beat, last);
                ZIPML_PUT(beatslink, unpacked);
            }
            if (last) {
                uint label = line.sF;
                ZIPML_PUT(labelslink, label);
            }
        }
    }
}
#endif

ZIPML_STAGE train(
#ifndef ZIPML_STAGED
    __global const uint16* restrict lines,
#endif
    __global int* restrict model, uint rows, uint features, uint lines_per_row, int step_shift, uint mask,
    uint delay) {
    ZIPML_ON_CHIP int x[MODEL_BEATS][LANES] ZIPML_BANKED;       /* read by the dot product */
    ZIPML_ON_CHIP int loading[MODEL_BEATS][LANES] ZIPML_BANKED; /* gathers the updates */
    ZIPML_ON_CHIP uint ring[RING_LINES * LINE_BEATS][KEPT_WORDS] ZIPML_BANKED; /* samples 2 that wait for their residual */
    number steps[MAX_DELAY];
    const uint row_beats = lines_per_row * LINE_BEATS;

    for (uint b = 0; b < row_beats; ++b) {
        for (uint k = 0; k < LANES; ++k) {
            const uint j = b * LANES + k;
            x[b][k] = loading[b][k] = j < features ? model[j] : 0;
        }
    }
    uint dot = 0;
    uint beat = 0, row = 0, slot = 0, place = 0; /* slot: row % delay; place: in the ring */
    const uint beats = (rows + delay) * row_beats;
    ZIPML_PIPELINED
    for (uint i = 0; i < beats; ++i) {
        uint late[KEPT_WORDS];
        ZIPML_UNROLLED
        for (int w = 0; w < KEPT_WORDS; ++w)
            late[w] = ring[place][w];
        const number step = steps[slot]; /* of row - delay, before this row's takes its place */

        if (row < rows) {
            const int last = beat + 1 == row_beats;
            uint16 unpacked;
            uint label = 0;
#ifdef ZIPML_STAGED
            ZIPML_TAKE(beatslink, unpacked);
            if (last)
                ZIPML_TAKE(labelslink, label);
#else
            const uint16 line = lines[row * lines_per_row + beat / LINE_BEATS];
            unpacked = unpack_beat(line, beat % LINE_BEATS, beat / LINE_BEATS + 1 == lines_per_row);
            label = line.sF;
#endif
            uint words[WORDS];
            uint terms[LANES];
            vstore16(unpacked, 0, words);
            ZIPML_UNROLLED
            for (int k = 0; k < LANES; ++k)
                terms[k] = dot_term(x[beat][k], sample(words, k));
            dot += adder_tree(terms);
            ZIPML_UNROLLED
            for (int w = 0; w < KEPT_WORDS; ++w)
                ring[place][w] = words[WORDS - KEPT_WORDS + w];
            if (last) {
                steps[slot] = scaled_residual(dot, label, step_shift);
                dot = 0;
            }
        }
        if (row >= delay) {
            const int refresh = ((row - delay) & mask) == mask;
            ZIPML_UNROLLED
            for (int k = 0; k < LANES; ++k) {
                const int changed = updated(loading[beat][k], step, sample(late, k));
                loading[beat][k] = changed;
                if (refresh)
                    x[beat][k] = changed;
            }
        }
        place = place + 1 == delay * row_beats ? 0 : place + 1;
        if (++beat == row_beats) {
            beat = 0;
            ++row;
            slot = slot + 1 == delay ? 0 : slot + 1;
        }
    }
    for (uint j = 0; j < features; ++j)
        model[j] = loading[j / LANES][j % LANES];
}
