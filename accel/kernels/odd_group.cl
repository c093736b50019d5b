// As in odd.cl; an item counts a feature.
KERNEL void countOdd(global const uchar* data, global const Plan* plan, uint groups, global float* sums,
                     global COUNT* counts) {
    const uint features = plan->features, tileBytes = TILE_BYTES(features);
    const uint width = LAST_WIDTH, lineFeatures = 32 / width, whole = features / lineFeatures * lineFeatures;
    for (uint batch = get_group_id(0); batch * plan->batch < plan->rows; batch += groups) {
        const uint begin = batch * (plan->batch / 16);
        const uint end = min((plan->rows + 15) / 16, (batch + 1) * ((plan->batch + 15) / 16));
        for (uint f = ITEM; f < features; f += GROUP) {
            uint count = 0;
            for (uint tile = begin; tile < end; ++tile) {
                global const uchar* part = data + (ulong)tile * tileBytes + 2 * features * (BITS - width);
                const uint at = f / lineFeatures * 64 + f % 4, shift = f % lineFeatures / 4 * width;
                for (uint row = 0; row < 16; ++row)
                    count += f < whole ? part[at + 4 * row] >> shift & 1u : tailCode(part, width, features, f, row) & 1u;
            }
            counts[(ulong)batch * features + f] = (COUNT)count;
        }
    }
}
