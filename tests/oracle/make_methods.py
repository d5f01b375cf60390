"""NT-Xent losses and gradients by SimCLR's Algorithm 1 as a plain double loop, in float64 with PyTorch's autograd.

    /usr/bin/python3 tests/oracle/make_methods.py
"""
import pathlib

import torch

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"


def nt_xent(z, temperature):
    """Algorithm 1 of arXiv:2002.05709, pairs (i, i + N)."""
    rows = z.shape[0]
    n = rows // 2
    unit = [row / row.norm() for row in z]
    total = 0
    for i in range(rows):
        partner = (i + n) % rows
        others = torch.stack([unit[i] @ unit[j] / temperature for j in range(rows) if j != i])
        total = total - unit[i] @ unit[partner] / temperature + torch.logsumexp(others, 0)
    return total / rows


torch.manual_seed(0)
tensors = {}
for n, d in [(1, 1), (1, 16), (2, 2), (4, 64), (8, 5), (9, 33), (25, 17)]:
    for t in [0.1, 1.0, 10.0, -1.0]:
        z = torch.randn(2 * n, d, dtype=torch.float64).float().double().requires_grad_()
        loss = nt_xent(z, t)
        loss.backward()
        key = f"nt_xent.{n}.{d}.{t}"
        tensors[key + ".z"] = z.detach()
        tensors[key + ".loss"] = loss.detach()
        tensors[key + ".gradient"] = z.grad
save(DATA / "methods.safetensors", tensors)
