// How many of a batch's codes are odd, a feature; the lowest bit is the last part's. A group takes every groups-th
// batch. sums: a group's own, of one a feature.
KERNEL void countOdd(global const uchar* data, global const Plan* plan, uint groups, global float* sums,
                     global COUNT* counts) {
    const uint features = plan->features, tileBytes = TILE_BYTES(features), batchTiles = plan->batch / 16;
    const uint tiles = (plan->rows + 15) / 16, width = LAST_WIDTH;
    float16 ones[MOST_BLOCK_TILES];
    for (uint t = 0; t < MOST_BLOCK_TILES; ++t)
        ones[t] = 1;
    sums += (ulong)get_group_id(0) * features;
    for (uint batch = get_group_id(0); batch * plan->batch < plan->rows; batch += groups) {
        for (uint f = 0; f < features; ++f)
            sums[f] = 0;
        const uint end = min(tiles, (batch + 1) * ((plan->batch + 15) / 16));
        for (uint tile = batch * batchTiles; tile < end; tile += plan->blockRows / 16)
            addTiles(data + (ulong)tile * tileBytes + 2 * features * (BITS - width), tileBytes,
                     min(plan->blockRows / 16, end - tile), width, 1, features, 1, ones, sums);
        for (uint f = 0; f < features; ++f)
            counts[(ulong)batch * features + f] = (COUNT)(sums[f] + 0.5f);
    }
}
