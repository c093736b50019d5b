// The kernels of a step, one group a span of features: takeStep where no norm of a whole vector is asked for, else
// gatherGradient, moveModel, clipModel (ball only) and sendModel.

KERNEL void takeStep(MEMORY, uint begin, uint end) {
    ROOM
    const Batch batch = batchAt(plan, order, begin);
    gather(get_group_id(0), batch, ARGUMENTS, room);
    move(get_group_id(0), batch, 0, ARGUMENTS, room);
    send(get_group_id(0), begin + 1, begin, 0, ARGUMENTS, room);
}

KERNEL void gatherGradient(MEMORY, uint begin, uint end) {
    ROOM
    gather(get_group_id(0), batchAt(plan, order, begin), ARGUMENTS, room);
}

KERNEL void moveModel(MEMORY, uint begin, uint end) {
    ROOM
    move(get_group_id(0), batchAt(plan, order, begin), gradientNorm(ARGUMENTS), ARGUMENTS, room);
}

// A single group.
KERNEL void clipModel(MEMORY, uint begin, uint end) {
    ROOM
    const double norm = normOf(norms + spansOf(plan->features), plan->features, 0);
    BARRIER;
    uint span = 0;
    do
        clip(span, norm, ARGUMENTS, room);
    while (++span < spansOf(plan->features));
}

KERNEL void sendModel(MEMORY, uint begin, uint end) {
    ROOM
    send(get_group_id(0), begin + 1, begin, modelNorm(ARGUMENTS), ARGUMENTS, room);
}

// Before an epoch's first batch. A single group.
KERNEL void beginEpoch(MEMORY, uint begin, uint end) {
    ROOM
    const uint spans = spansOf(plan->features);
    uint span = 0;
    do
        measureModel(span, ARGUMENTS, room);
    while (++span < spans);
    BARRIER;
    const double largest = modelNorm(ARGUMENTS);
    span = 0;
    do
        send(span, 0, FIRST_SEND, largest, ARGUMENTS, room);
    while (++span < spans);
}
