"""Losses of the bootstrapping methods in float64 with PyTorch's autograd: negative cosine, DINO, smooth L1.

    /usr/bin/python3 tests/oracle/make_bootstrapping.py
"""
import pathlib

import torch
import torch.nn.functional as F

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
tensors = {}


def draw(*shape):
    """Rounded to float32, so that both sides see the very same numbers."""
    return torch.randn(*shape, dtype=torch.float64).float().double().requires_grad_()


def keep(key, loss, **inputs):
    loss.backward()
    tensors[key + ".loss"] = loss.detach()
    for name, value in inputs.items():
        tensors[f"{key}.{name}"] = value.detach()
        if value.grad is not None:
            tensors[f"{key}.{name}.gradient"] = value.grad


torch.manual_seed(0)

# SimSiam's halves (arXiv:2011.10566, Algorithm 1) and BYOL's squared distances of unit vectors (arXiv:2006.07733, equation 2).
for n, d in [(1, 3), (4, 32), (19, 5)]:
    def negative_cosine(p, z):
        return -sum((a / a.norm()) @ (b / b.norm()) for a, b in zip(p, z)) / len(p)

    def distance(p, z):
        return sum(((a / a.norm() - b / b.norm()) ** 2).sum() for a, b in zip(p, z)) / len(p)

    p1, p2, z1, z2 = draw(n, d), draw(n, d), draw(n, d), draw(n, d)
    keep(f"simsiam.{n}.{d}", negative_cosine(p1, z2.detach()) / 2 + negative_cosine(p2, z1.detach()) / 2, p1=p1, p2=p2, z1=z1, z2=z2)
    p1, p2, z1, z2 = draw(n, d), draw(n, d), draw(n, d), draw(n, d)
    keep(f"byol.{n}.{d}", distance(p1, z2) + distance(p2, z1), p1=p1, p2=p2, z1=z1, z2=z2)     # without its stop-gradient


# DINO's Algorithm 1 as its plain double loop over views.
for n in [1, 3]:
    for teachers, students in [(1, 2), (2, 2), (2, 5)]:
        for ts, tt in [(0.1, 0.04), (0.2, 0.07)]:
            k = 7
            student, teacher = draw(students * n, k), draw(teachers * n, k)
            centre = (torch.randn(k, dtype=torch.float64) * 0.1).float().double()
            total, pairs, entropy = 0, 0, 0
            for t in range(teachers):
                q = F.softmax((teacher[t * n:(t + 1) * n].detach() - centre) / tt, dim=-1)
                entropy = entropy - (q * q.clamp_min(1e-300).log()).sum(-1).mean() / teachers
                for s in range(students):
                    if s == t:
                        continue
                    log_p = F.log_softmax(student[s * n:(s + 1) * n] / ts, dim=-1)
                    total = total + (-q * log_p).sum(-1).mean()
                    pairs += 1
            key = f"dino.{n}.{teachers}.{students}.{ts}.{tt}"
            tensors[key + ".centre"] = centre
            tensors[key + ".entropy"] = entropy
            keep(key, total / pairs, student=student, teacher=teacher)

for beta in [0.5, 2.0]:
    x, y = draw(6, 11), draw(6, 11)
    with torch.no_grad():
        x *= 3
    keep(f"smooth_l1.{beta}", F.smooth_l1_loss(x, y.detach(), beta=beta), x=x, y=y)

tensors = {name: value.float() for name, value in tensors.items()}
save(DATA / "bootstrapping.safetensors", tensors)
