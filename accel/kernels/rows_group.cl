// A batch on float32 rows, for devices whose work-items run side by side: a work-group owns a chunk of rows, its items
// read neighbouring features. It works through blocks of rows that stay in a cache between the dot product and the
// gradient.
//
// Options: GROUP; MOST_BLOCK_ROWS. Tuned: GROUP and Plan.blockRows (accel/tuning.h).

void runChunk(uint chunk, const Batch batch, double offset, MEMORY, local double* room, local float* exchange) {
    const uint features = plan->features, blockRows = plan->blockRows;
    const uint begin = (ulong)batch.rows * chunk / batch.chunks, end = (ulong)batch.rows * (chunk + 1) / batch.chunks;
    global float* mine = sums + (ulong)chunk * features;
    local float4* parts = (local float4*)exchange; // GROUP of them, behind them the residuals
    local float* residuals = exchange + 4 * GROUP;
    for (uint f = ITEM; f < features; f += GROUP)
        mine[f] = 0;
    double residualSum = 0;
    uint block = begin; // a chunk has at least one row
    do {
        const uint count = min(blockRows, end - block);
        global const float* from = (global const float*)data + (ulong)(batch.first + block) * features;
        uint r = 0;
        do { // four rows share the loads of y; past the end the last one is repeated
            global const float* a = from + (ulong)r * features;
            global const float* b = from + (ulong)min(r + 1, count - 1) * features;
            global const float* c = from + (ulong)min(r + 2, count - 1) * features;
            global const float* d = from + (ulong)min(r + 3, count - 1) * features;
            float4 sum = 0;
            for (uint f = ITEM; f < features; f += GROUP)
                sum += (float4)(a[f], b[f], c[f], d[f]) * y[f];
            parts[ITEM] = sum;
            for (uint half_ = GROUP / 2; half_ > 0; half_ /= 2) {
                BARRIER;
                if (ITEM < half_)
                    parts[ITEM] += parts[ITEM + half_];
            }
            if (ITEM == 0) {
                const float4 all = parts[0];
                const float each[] = {all.x, all.y, all.z, all.w};
                for (uint i = 0; i < min(4u, count - r); ++i) {
                    const float residual = slopeOf(plan, each[i], offset, labels[batch.first + block + r + i]);
                    residuals[r + i] = residual;
                    residualSum += residual;
                }
            }
            BARRIER;
            r += 4;
        } while (r < count);
        for (uint f = ITEM; f < features; f += GROUP) {
            float sum = 0;
            for (uint row = 0; row < count; ++row)
                sum += from[(ulong)row * features + f] * residuals[row];
            mine[f] += sum;
        }
        BARRIER;
        block += blockRows;
    } while (block < end);
    if (ITEM == 0)
        residualSums[chunk] = residualSum;
}
