// Rounds float32 rows and packs them: the bytes of core/quant/sample_store.h. One work-item builds one tile.
// Arithmetic is in double, operation by operation as in core/kernels/round_scalar.cpp.
//
// Options: COPIES (0: to the nearest level), PARTS, WIDTH0.. and SHIFT0.., as in core/quant/tile_layout.h.

#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL FP_CONTRACT OFF

#define STRIP 32 // features: whole lines of every width

// Codes of 4 features of a row.
void roundFour(global const float* row, global const double* low, global const double* perUnit,
               global const double* intervals, uint first, uint count, uint rowIndex, uint epoch, uint2 key,
               uint use, uint* codes) {
    uint drawn[4 * (COPIES > 0 ? COPIES : 1)];
    for (uint copy = 0; copy < COPIES; ++copy)
        vstore4(philox(key, (uint4)(rowIndex, first / 4, epoch, use | copy)), copy, drawn);
    for (uint i = 0; i < count; ++i) {
        const uint f = first + i;
        const double scaled = ((double)row[f] - low[f]) * perUnit[f];
        const double highest = intervals[f];
        const double place = scaled > 0 ? (scaled < highest ? scaled : highest) : 0;
        const uint index = (uint)place;
        const double fraction = place - index;
        uint sum = 0;
        for (uint copy = 0; copy < COPIES; ++copy)
            sum += index + (drawn[4 * copy + i] < fraction * 4294967296.0 ? 1u : 0u);
        codes[i] = COPIES > 0 ? sum : index + (fraction >= 0.5 ? 1u : 0u);
    }
}

// The part of the strip's codes, to a tile whose part begins at `to`.
void packPart(const uint* codes, uint first, uint features, uint width, uint shift, global uchar* to) {
    const uint mask = (1u << width) - 1u, fields = 8 / width, lineFeatures = 4 * fields;
    const uint lines = features / lineFeatures;
    const uint end = min(features, first + STRIP);
    uint f = first;
    for (; f + lineFeatures <= end; f += lineFeatures)
        for (uint row = 0; row < 16; ++row)
            for (uint byte = 0; byte < 4; ++byte) {
                uint packed = 0;
                for (uint field = 0; field < fields; ++field)
                    packed |= ((codes[row * STRIP + f - first + 4 * field + byte] >> shift) & mask)
                              << (field * width);
                to[f / lineFeatures * 64 + 4 * row + byte] = (uchar)packed;
            }
    if (end < features)
        return;
    global uchar* tail = to + lines * 64;
    for (; f + fields <= end; f += fields, tail += 16)
        for (uint row = 0; row < 16; ++row) {
            uint packed = 0;
            for (uint field = 0; field < fields; ++field)
                packed |= ((codes[row * STRIP + f - first + field] >> shift) & mask) << (field * width);
            tail[row] = (uchar)packed;
        }
    for (; f < end; ++f)
        for (uint plane = 0; plane < width; ++plane, tail += 2) {
            uint bits = 0;
            for (uint row = 0; row < 16; ++row)
                bits |= ((codes[row * STRIP + f - first] >> (shift + plane)) & 1u) << row;
            tail[0] = (uchar)bits;
            tail[1] = (uchar)(bits >> 8);
        }
}

kernel void quantize(global const float* values, global const double* low, global const double* perUnit,
                     global const double* intervals, uint rows, uint features, uint2 key, uint epoch, uint use,
                     global uchar* store) {
    const uint tile = get_global_id(0);
    if (tile >= (rows + 15) / 16)
        return;
    const uint first = 16 * tile, count = min(16u, rows - first);
    global uchar* to = store + (ulong)tile * 2 * features * BITS;
    uint codes[16 * STRIP];
    for (uint strip = 0; strip < features; strip += STRIP) {
        const uint end = min(features, strip + STRIP);
        for (uint i = 0; i < 16 * STRIP; ++i)
            codes[i] = 0;
        for (uint row = 0; row < count; ++row)
            for (uint f = strip; f < end; f += 4)
                roundFour(values + (ulong)(first + row) * features, low, perUnit, intervals, f, min(4u, end - f),
                          first + row, epoch, key, use, codes + row * STRIP + f - strip);
        packPart(codes, strip, features, WIDTH0, SHIFT0, to);
#if PARTS > 1
        packPart(codes, strip, features, WIDTH1, SHIFT1, to + 2 * features * WIDTH0);
#endif
#if PARTS > 2
        packPart(codes, strip, features, WIDTH2, SHIFT2, to + 2 * features * (WIDTH0 + WIDTH1));
#endif
#if PARTS > 3
        packPart(codes, strip, features, WIDTH3, SHIFT3, to + 2 * features * (WIDTH0 + WIDTH1 + WIDTH2));
#endif
    }
}
