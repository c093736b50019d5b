// How a work-group shares work. On a CPU a group is one item with long vectors; elsewhere GROUP items take every
// GROUP-th element and synchronize at barriers.
// Options: GROUP, items of a work-group; EXCHANGED, floats that they exchange.

#pragma OPENCL EXTENSION cl_khr_fp64 : enable

#if GROUP > 1
#define ITEM ((uint)get_local_id(0))
#define BARRIER barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)
#define KERNEL kernel __attribute__((reqd_work_group_size(GROUP, 1, 1)))
#define ROOM local double room[GROUP];
#define EXCHANGE local float exchange[EXCHANGED];
#else
#define ITEM 0u
#define BARRIER
#define KERNEL kernel
#define ROOM local double* const room = 0;
#define EXCHANGE local float* const exchange = 0;
#endif

// No barrier stands in a branch, nor in a loop that may not run at all: PoCL copies all that follows a barrier that
// may be passed by, for each of them, and never ends. Hence loops that begin with do.

// The sum, or the largest, of all items' values, for every item. room: GROUP elements.
double groupJoin(double value, bool largest, local double* room) {
#if GROUP > 1
    BARRIER;
    room[ITEM] = value;
    for (uint half_ = GROUP / 2; half_ > 0; half_ /= 2) {
        BARRIER;
        if (ITEM < half_)
            room[ITEM] = largest ? fmax(room[ITEM], room[ITEM + half_]) : room[ITEM] + room[ITEM + half_];
    }
    BARRIER;
    return room[0];
#else
    return value;
#endif
}

double groupSum(double value, local double* room) {
    return groupJoin(value, false, room);
}
