// The kernel that reads samples. The sums of one batch, a group for each chunk (many = 0); or, where a group is one
// item, all of many batches, steps included (many = 1): for batches that are done faster than a kernel is launched. The
// sums are cut into the same chunks either way, so that the results are the same bits.

#if GROUP > 1
KERNEL void train(MEMORY, uint begin, uint end, uint many) {
    ROOM
    EXCHANGE
    const Batch batch = batchAt(plan, order, begin);
    runChunk(get_group_id(0), batch, offsetOf(ARGUMENTS, room), ARGUMENTS, room, exchange);
}
#else
KERNEL void train(MEMORY, uint begin, uint end, uint many) {
    ROOM
    EXCHANGE
    const uint spans = many ? spansOf(plan->features) : 0; // none: the host launches the step
    const uint clipped = plan->proximal == BALL ? spans : 0;
    for (uint index = begin; index < end; ++index) {
        const Batch batch = batchAt(plan, order, index);
        const double offset = offsetOf(ARGUMENTS, room);
        const uint firstChunk = many ? 0 : get_group_id(0), endChunk = many ? batch.chunks : firstChunk + 1;
        for (uint chunk = firstChunk; chunk < endChunk; ++chunk)
            runChunk(chunk, batch, offset, ARGUMENTS, room, exchange);
        for (uint span = 0; span < spans; ++span)
            gather(span, batch, ARGUMENTS, room);
        double largest = gradientNorm(ARGUMENTS);
        for (uint span = 0; span < spans; ++span)
            move(span, batch, largest, ARGUMENTS, room);
        const double norm = normOf(norms + spansOf(plan->features), plan->features, 0);
        for (uint span = 0; span < clipped; ++span)
            clip(span, norm, ARGUMENTS, room);
        largest = modelNorm(ARGUMENTS);
        for (uint span = 0; span < spans; ++span)
            send(span, index + 1, index, largest, ARGUMENTS, room);
    }
}
#endif
