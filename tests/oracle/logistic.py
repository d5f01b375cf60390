"""Multinomial logistic regression in double precision by PyTorch: what Evaluation/LogisticTests expects.

Features x[i, j] = sin(0.7 i + 1.3 j) + 0.1 j, 24 rows, 3 columns; label of row i = floor(1.5 (1 + cos(0.7 i + 0.4))) mod 3.
Standardised by mean and population deviation; mean cross-entropy + lambda / 2 * squared weights, biases free.
"""
import torch

torch.set_default_dtype(torch.float64)
n, d, k = 24, 3, 3
i, j = torch.arange(n)[:, None].double(), torch.arange(d)[None].double()
x = (torch.sin(0.7 * i + 1.3 * j) + 0.1 * j).float().double()
y = torch.floor(1.5 * (1 + torch.cos(0.7 * torch.arange(n).double() + 0.4))).long() % 3
z = (x - x.mean(0)) / x.std(0, unbiased=False)
print("labels", y.tolist())
for strength in (0.1, 0.001):
    w, b = torch.zeros(k, d, requires_grad=True), torch.zeros(k, requires_grad=True)
    optimiser = torch.optim.LBFGS([w, b], max_iter=5000, tolerance_grad=1e-12, tolerance_change=1e-16, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(z @ w.T + b, y) + strength / 2 * w.pow(2).sum()
        loss.backward()
        return loss

    for _ in range(20):
        optimiser.step(closure)
    print(strength, "loss %.9f" % closure().item())
    print(" weights", [round(v, 6) for v in w.flatten().tolist()])
    print(" bias (its mean taken off)", [round(v, 6) for v in (b - b.mean()).tolist()])
