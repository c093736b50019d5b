// Rounds float32 rows and packs them: the bytes of core/quant/sample_store.h. One work-item builds one tile; a vector
// holds a feature of its 16 rows. Arithmetic is in double, operation by operation as in core/kernels/round_scalar.cpp.
//
// Options: COPIES (0: to the nearest level), PARTS, WIDTH0.. and SHIFT0.., as in core/quant/tile_layout.h.

#pragma OPENCL EXTENSION cl_khr_fp64 : enable
#pragma OPENCL FP_CONTRACT OFF

#define STRIP 32 // features: whole lines of every width
#define ROWS (uint16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

// 1 where it holds.
uint16 oneIf(long16 holds) {
    return convert_uint16(holds & 1);
}

// Codes of up to 4 features, which share a draw's words. values: 16 a feature.
void roundFour(const float* values, global const double* low, global const double* perUnit,
               global const double* intervals, uint first, uint count, uint tile, uint epoch, uint2 key, uint use,
               uint16* codes) {
    uint16 drawn[4 * (COPIES > 0 ? COPIES : 1)];
    for (uint copy = 0; copy < COPIES; ++copy) {
        uint16* words = drawn + 4 * copy;
        words[0] = 16 * tile + ROWS;
        words[1] = first / 4;
        words[2] = epoch;
        words[3] = use | copy;
        philox16(key, words, words + 1, words + 2, words + 3);
    }
    for (uint i = 0; i < count; ++i) {
        const uint f = first + i;
        const double16 highest = intervals[f];
        const double16 scaled = (convert_double16(vload16(i, values)) - low[f]) * perUnit[f];
        const double16 place = scaled > 0 ? (scaled < highest ? scaled : highest) : 0;
        const uint16 index = as_uint16(convert_int16(place));
        const double16 fraction = place - convert_double16(as_int16(index));
        uint16 sum = 0;
        for (uint copy = 0; copy < COPIES; ++copy)
            sum += index + oneIf(convert_double16(drawn[4 * copy + i]) < fraction * 4294967296.0);
        codes[i] = COPIES > 0 ? sum : index + oneIf(fraction >= 0.5);
    }
}

// The part of the strip's codes, to a tile whose part begins at `to`.
void packPart(const uint16* codes, uint first, uint features, uint width, uint shift, global uchar* to) {
    const uint mask = (1u << width) - 1u, fields = 8 / width, lineFeatures = 4 * fields;
    const uint end = min(features, first + STRIP);
    uint f = first;
    for (; f + lineFeatures <= end; f += lineFeatures, codes += lineFeatures) {
        uint16 words = 0;
        for (uint i = 0; i < lineFeatures; ++i)
            words |= (codes[i] >> shift & mask) << (8 * (i % 4) + i / 4 * width);
        storeLine(words, to + f / lineFeatures * 64);
    }
    if (end < features)
        return;
    to += features / lineFeatures * 64;
    for (; f + fields <= end; f += fields, codes += fields, to += 16) {
        uint16 bytes = 0;
        for (uint i = 0; i < fields; ++i)
            bytes |= (codes[i] >> shift & mask) << (i * width);
        vstore16(convert_uchar16(bytes), 0, to);
    }
    for (; f < end; ++f, ++codes)
        for (uint plane = 0; plane < width; ++plane, to += 2) {
            const uint16 bits = (*codes >> (shift + plane) & 1u) << ROWS;
            const uint8 a = bits.lo | bits.hi;
            const uint4 b = a.lo | a.hi;
            const uint2 c = b.lo | b.hi;
            to[0] = (uchar)(c.x | c.y);
            to[1] = (uchar)((c.x | c.y) >> 8);
        }
}

kernel void quantize(global const float* values, global const double* low, global const double* perUnit,
                     global const double* intervals, uint rows, uint features, uint2 key, uint epoch, uint use,
                     global uchar* store) {
    const uint tile = get_global_id(0);
    if (tile >= (rows + 15) / 16)
        return;
    const uint first = 16 * tile, count = min(16u, rows - first);
    const uint16 present = ROWS < count ? (uint16)0xFFFFFFFFu : (uint16)0;
    global uchar* to = store + (ulong)tile * 2 * features * BITS;
    float columns[STRIP * 16];
    uint16 codes[STRIP];
    for (uint strip = 0; strip < features; strip += STRIP) {
        const uint end = min(features, strip + STRIP);
        for (uint row = 0; row < 16; ++row) {
            global const float* from = values + (ulong)(first + min(row, count - 1)) * features;
            for (uint f = strip; f < end; ++f)
                columns[16 * (f - strip) + row] = from[f];
        }
        for (uint f = strip; f < end; f += 4)
            roundFour(columns + 16 * (f - strip), low, perUnit, intervals, f, min(4u, end - f), tile, epoch, key, use,
                      codes + f - strip);
        for (uint i = 0; i < end - strip; ++i)
            codes[i] &= present;
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
