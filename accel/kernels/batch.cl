// The kernel that reads samples. The sums of one batch, a group for each chunk (many = 0); or, in a single group, all
// of many batches, steps included: for batches that are done faster than a kernel is launched. The sums are cut into
// the same chunks either way, so that the results are the same bits.

KERNEL void train(MEMORY, uint begin, uint end, uint many) {
    ROOM
    EXCHANGE
    const uint spans = spansOf(plan->features);
    for (uint index = begin; index < end; ++index) {
        const Batch batch = batchAt(plan, order, index);
        const double offset = offsetOf(ARGUMENTS, room);
        const uint firstChunk = many ? 0 : get_group_id(0), endChunk = many ? batch.chunks : firstChunk + 1;
        for (uint chunk = firstChunk; chunk < endChunk; ++chunk)
            runChunk(chunk, batch, offset, ARGUMENTS, room, exchange);
        if (!many)
            return;
        MEET;
        for (uint span = 0; span < spans; ++span)
            gather(span, batch, ARGUMENTS, room);
        MEET;
        double largest = gradientNorm(ARGUMENTS);
        for (uint span = 0; span < spans; ++span)
            move(span, batch, largest, ARGUMENTS, room);
        MEET;
        if (plan->proximal == BALL) {
            const double norm = normOf(norms + spans, plan->features, 0);
            MEET;
            for (uint span = 0; span < spans; ++span)
                clip(span, norm, ARGUMENTS, room);
            MEET;
        }
        largest = modelNorm(ARGUMENTS);
        for (uint span = 0; span < spans; ++span)
            send(span, index + 1, index, largest, ARGUMENTS, room);
        MEET;
    }
}
