"""PyTorch on the rows of an NPY file, the label last, for peers.py: prints seconds of training and the model as JSON.

torch_peer.py FILE sgd|lbfgs BUDGET LAMBDA CLASSES: epochs of minibatches of 256, momentum 0.9 and a step that falls to
0, the best of those tried by hand; or iterations over all rows.
"""
import json
import sys
import time

import numpy as np
import torch

torch.set_num_threads(1)
file, method, budget, price, classes = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), sys.argv[5] == "1"
table = np.load(file)
rows, labels = torch.from_numpy(table[:, :-1].copy()), torch.from_numpy(table[:, -1].copy())
weights = torch.zeros(rows.shape[1], requires_grad=True)
intercept = torch.zeros((), requires_grad=True)


def objective(some_rows, some_labels):
    scores = some_rows @ weights + intercept
    if classes:
        loss = torch.nn.functional.softplus(-some_labels * scores).mean()
    else:
        loss = ((scores - some_labels) ** 2).mean() / 2
    return loss + price / 2 * (weights @ weights)


begin = time.perf_counter()
if method == "sgd":
    batch = 256
    longest = float((rows[:4096] ** 2).sum(1).mean())
    first_step = (4.0 if classes else 1.0) * 0.5 / longest
    optimizer = torch.optim.SGD([weights, intercept], lr=first_step, momentum=0.9)
    steps = budget * ((len(rows) + batch - 1) // batch)
    done = 0
    for epoch in range(budget):
        order = torch.randperm(len(rows))
        for at in range(0, len(rows), batch):
            chosen = order[at : at + batch]
            for group in optimizer.param_groups:
                group["lr"] = first_step * (1 - done / steps)
            optimizer.zero_grad()
            objective(rows[chosen], labels[chosen]).backward()
            optimizer.step()
            done += 1
else:
    optimizer = torch.optim.LBFGS([weights, intercept], max_iter=budget, tolerance_grad=0, tolerance_change=0,
                                  line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        value = objective(rows, labels)
        value.backward()
        return value

    optimizer.step(closure)
seconds = time.perf_counter() - begin
print(json.dumps({"seconds": seconds, "weights": weights.detach().tolist(), "intercept": float(intercept)}))
