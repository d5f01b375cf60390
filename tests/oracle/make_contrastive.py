"""Contrastive losses by their definitions, one anchor and one negative after the other, in float64 with PyTorch's autograd.

    /usr/bin/python3 tests/oracle/make_contrastive.py
"""
import math
import pathlib

import torch

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"


def nt_xent(z, temperature, decoupled=False, sigma=0.0, beta=0.0, debias=0.0, cap=1.0):
    """Pairs (i, i + N). arXiv:2110.06848 (decoupled, weighted) and arXiv:2010.04592 (hard, debiased negatives)."""
    rows = z.shape[0]
    n = rows // 2
    unit = [row / row.norm() for row in z]
    weights = torch.ones(n, dtype=z.dtype)
    if sigma > 0:
        pairs = torch.stack([(unit[i] @ unit[i + n]).detach() for i in range(n)])
        weights = 2 - torch.exp(pairs / sigma) / torch.exp(pairs / sigma).mean()
    total, counted = 0, 0
    for i in range(rows):
        partner = (i + n) % rows
        positive = torch.exp(unit[i] @ unit[partner] / temperature)
        cosines = [unit[i] @ unit[j] for j in range(rows) if j not in (i, partner)]
        negatives = [torch.exp(c / temperature) for c in cosines if c.item() <= cap]
        if not negatives:
            continue
        importance = [value ** beta for value in negatives]
        mean = sum(importance) / len(importance)
        hard = sum(w * value for w, value in zip(importance, negatives)) / mean
        if debias > 0:
            hard = (hard - debias * len(negatives) * positive) / (1 - debias)
            floor = len(negatives) * math.exp(-1 / temperature)
            hard = hard if hard.item() > floor else torch.tensor(floor, dtype=z.dtype)
        weight = weights[i % n]
        total = total - weight * torch.log(positive) + torch.log(hard if decoupled else positive + hard)
        counted += 1
    return total / counted


def info_nce(q, k, queue, temperature):
    """arXiv:1911.05722, equation 1: the positive first; negatives are the queue, or the other keys of the batch."""
    total = 0
    for i in range(q.shape[0]):
        a = q[i] / q[i].norm()
        keys = [k[i]] + ([row for row in queue] if queue is not None else [k[j] for j in range(k.shape[0]) if j != i])
        scores = torch.stack([a @ (row / row.norm()) / temperature for row in keys])
        total = total + torch.logsumexp(scores, 0) - scores[0]
    return total / q.shape[0]


def sinkhorn(scores, eps, iterations):
    """arXiv:2006.09882, listing 1: Q is [K, N] there."""
    q = torch.exp(scores / eps).T
    q = q / q.sum()
    k, n = q.shape
    for _ in range(iterations):
        q = q / q.sum(1, keepdim=True) / k
        q = q / q.sum(0, keepdim=True) / n
    return (q * n).T


def swav(views, codes, temperature):
    """Each code is predicted from every other view; views without a code are the small crops."""
    total = 0
    for i, code in enumerate(codes):
        part = 0
        for v, view in enumerate(views):
            if v != i:
                part = part - (code * torch.log_softmax(view / temperature, 1)).sum(1).mean()
        total = total + part / (len(views) - 1)
    return total / len(codes)


def drawn(*shape):
    return torch.randn(*shape, dtype=torch.float64).float().double().requires_grad_()


torch.manual_seed(0)
tensors = {}


def keep(key, loss, **inputs):
    loss.backward()
    tensors[key + ".loss"] = loss.detach()
    for name, value in inputs.items():
        tensors[f"{key}.{name}"] = value.detach()
        if value.requires_grad:
            tensors[f"{key}.d_{name}"] = value.grad


FORMS = {
    "plain": {},
    "decoupled": {"decoupled": True},
    "weighted": {"decoupled": True, "sigma": 0.5},
    "hard": {"beta": 0.5},
    "harder": {"beta": 1.5},
    "debiased": {"debias": 0.1},
    "hard-debiased": {"beta": 1.0, "debias": 0.1},
    "floored": {"debias": 0.45},
    "capped": {"cap": 0.2},
    "all": {"decoupled": True, "sigma": 0.5, "beta": 1.0, "debias": 0.05, "cap": 0.4},
}
for n, d in [(2, 3), (5, 7), (9, 4)]:
    for t in [0.1, 0.5]:
        for name, options in FORMS.items():
            z = drawn(2 * n, d)
            keep(f"nt_xent.{name}.{n}.{t}", nt_xent(z, t, **options), z=z)

for n, d, rows in [(1, 4, 3), (4, 6, 0), (5, 3, 11), (3, 16, 64)]:
    q, k = drawn(n, d), drawn(n, d)
    queue = torch.nn.functional.normalize(drawn(rows, d).detach(), dim=1).float().double() if rows else None
    inputs = {"q": q, "k": k} | ({"queue": queue} if rows else {})
    keep(f"info_nce.{n}", info_nce(q, k, queue, 0.2), **inputs)

for n, k, eps, iterations in [(4, 3, 0.05, 3), (7, 5, 0.05, 0), (7, 5, 0.5, 1), (16, 4, 0.1, 3), (5, 30, 0.02, 10)]:
    scores = torch.nn.functional.normalize(drawn(n, k).detach(), dim=1).float().double()
    tensors[f"sinkhorn.{n}.{k}.{iterations}.scores"] = scores
    tensors[f"sinkhorn.{n}.{k}.{iterations}.codes"] = sinkhorn(scores, eps, iterations)

for count in [2, 4]:
    views = [torch.nn.functional.normalize(drawn(6, 5).detach(), dim=1).float().double().requires_grad_() for _ in range(count)]
    codes = [sinkhorn(view.detach(), 0.05, 3) for view in views[:2]]
    keep(f"swav.{count}", swav(views, codes, 0.1), **{f"view{i}": view for i, view in enumerate(views)})

save(DATA / "contrastive.safetensors", tensors)

# What tests/Tacit.Tests quotes as numbers: sines and cosines, and ten steps of descent.
grid = torch.arange(12, dtype=torch.float64).reshape(4, 3)
x, y = torch.sin(grid + 1), torch.cos(1.3 * grid + 0.5)
both = torch.cat([x, y])
print("dcl .1", nt_xent(both, 0.1, decoupled=True).item())
print("moco v3 .2", 2 * 0.2 * info_nce(x, y, None, 0.2).item())
print("swav", swav([x, y], [sinkhorn(x, 0.05, 3), sinkhorn(y, 0.05, 3)], 0.1).item())
print("sinkhorn", sinkhorn(x, 0.05, 3)[0].tolist())
weight = (torch.arange(10, dtype=torch.float64) + 1).reshape(2, 5).div(10).requires_grad_()
for _ in range(10):
    first = (torch.arange(80, dtype=torch.float64).reshape(8, 2, 5) @ weight.T).reshape(8, 4)
    nt_xent(torch.cat([first, torch.arange(32, dtype=torch.float64).reshape(8, 4)]), 0.1, decoupled=True).backward()
    weight.data -= 0.1 * weight.grad
    weight.grad = None
print("dcl training", weight.data.tolist())
