// A batch on float32 rows as they are, for CPUs. A work-item owns a chunk of rows: it works through blocks of them
// that stay in its cache between the dot product and the gradient.
//
// Options: MOST_BLOCK_ROWS. Tuned: Plan.blockRows, the rows of a block (accel/tuning.h).

float sumOf(float16 v) {
    const float8 a = v.lo + v.hi;
    const float4 b = a.lo + a.hi;
    const float2 c = b.lo + b.hi;
    return c.x + c.y;
}

// Four rows' products at a time: they share the loads of y.
float4 dotFour(global const float* row, uint stride, uint features, global const float* y) {
    float16 a = 0, b = 0, c = 0, d = 0;
    uint f = 0;
    for (; f + 16 <= features; f += 16) {
        const float16 v = vload16(0, y + f);
        a += vload16(0, row + f) * v;
        b += vload16(0, row + stride + f) * v;
        c += vload16(0, row + 2 * stride + f) * v;
        d += vload16(0, row + 3 * stride + f) * v;
    }
    float4 sum = (float4)(sumOf(a), sumOf(b), sumOf(c), sumOf(d));
    for (; f < features; ++f)
        sum += (float4)(row[f], row[stride + f], row[2 * stride + f], row[3 * stride + f]) * y[f];
    return sum;
}

// sums += four rows times their factors.
void addFour(global const float* row, uint stride, uint features, float4 factors, global float* sums) {
    uint f = 0;
    for (; f + 16 <= features; f += 16)
        vstore16(vload16(0, sums + f) + (vload16(0, row + f) * factors.x + vload16(0, row + stride + f) * factors.y) +
                     (vload16(0, row + 2 * stride + f) * factors.z + vload16(0, row + 3 * stride + f) * factors.w),
                 0, sums + f);
    for (; f < features; ++f)
        sums[f] += (row[f] * factors.x + row[stride + f] * factors.y) +
                   (row[2 * stride + f] * factors.z + row[3 * stride + f] * factors.w);
}

void runChunk(uint chunk, const Batch batch, double offset, MEMORY, local double* room,
              local float* exchange) {
    const uint features = plan->features, blockRows = plan->blockRows;
    const uint begin = (ulong)batch.rows * chunk / batch.chunks, end = (ulong)batch.rows * (chunk + 1) / batch.chunks;
    global const float* samples = (global const float*)data;
    global float* mine = sums + (ulong)chunk * features;
    for (uint f = 0; f < features; ++f)
        mine[f] = 0;
    double residualSum = 0;
    float4 residuals[MOST_BLOCK_ROWS / 4];
    for (uint block = begin; block < end; block += blockRows) {
        const uint count = min(blockRows, end - block);
        for (uint r = 0; r < count; r += 4) {
            const uint stride = r + 4 <= count ? features : 0; // 0: fewer than 4 rows are left, each goes alone
            for (uint i = 0; i < (stride > 0 ? 1u : count - r); ++i) {
                const uint row = batch.first + block + r + i;
                const float4 sum = dotFour(samples + (ulong)row * features, stride, features, y);
                float4 each = (float4)(slopeOf(plan, sum.x, offset, labels[row]), 0, 0, 0);
                if (stride > 0) {
                    each.y = slopeOf(plan, sum.y, offset, labels[row + 1]);
                    each.z = slopeOf(plan, sum.z, offset, labels[row + 2]);
                    each.w = slopeOf(plan, sum.w, offset, labels[row + 3]);
                }
                residualSum += ((double)each.x + each.y) + ((double)each.z + each.w);
                if (stride > 0)
                    residuals[r / 4] = each;
                else
                    addFour(samples + (ulong)row * features, 0, features, each, mine);
            }
        }
        for (uint r = 0; r + 4 <= count; r += 4)
            addFour(samples + (ulong)(batch.first + block + r) * features, features, features, residuals[r / 4], mine);
    }
    residualSums[chunk] = residualSum;
}
