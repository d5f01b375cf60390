"""Losses over sampled negatives by their definitions, one query after the other, in float64 with PyTorch's autograd.

    /usr/bin/python3 tests/oracle/make_sampled.py
"""
import pathlib

import torch
import torch.nn.functional as F

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
QUERIES, KEYS, SAMPLES, DIM = 9, 7, 5, 6


def info_nce(q, k, lists, same, temperature):
    """arXiv:2006.11477, eq. 3: cosines; negatives that equal the positive are left out."""
    total = 0
    for i in range(q.shape[0]):
        kept = [s for s in range(SAMPLES) if not same[i][s]]
        logits = torch.stack([F.cosine_similarity(q[i], k[lists[i][s]], dim=0) / temperature for s in kept])
        total = total + F.cross_entropy(logits[None], torch.tensor([0]))
    return total / q.shape[0]


def binary(q, k, lists):
    """arXiv:1904.05862, eq. 2 as fairseq has it: yes or no of each, the mean over all."""
    logits = torch.stack([torch.stack([q[i] @ k[row] for row in lists[i]]) for i in range(q.shape[0])])
    targets = torch.zeros_like(logits)
    targets[:, 0] = 1
    return F.binary_cross_entropy_with_logits(logits, targets)


def main():
    torch.manual_seed(4)
    out = {}
    q = torch.randn(QUERIES, DIM, dtype=torch.float64)
    k = torch.randn(KEYS, DIM, dtype=torch.float64)
    lists = torch.randint(0, KEYS, (QUERIES, SAMPLES))
    same = torch.rand(QUERIES, SAMPLES) < 0.3
    same[:, 0] = False
    same[3, 1:] = True
    out.update(q=q.float(), k=k.float(), lists=lists.float(), same=same.float())
    for name, loss in (
            ("info_nce", lambda a, b: info_nce(a, b, lists, same, 0.1)),
            ("plain", lambda a, b: info_nce(a, b, lists, torch.zeros_like(same), 0.5)),
            ("binary", lambda a, b: binary(a, b, lists))):
        a, b = q.float().double().requires_grad_(), k.float().double().requires_grad_()
        value = loss(a, b)
        value.backward()
        out.update({f"{name}.loss": value.detach().float(), f"{name}.d_q": a.grad.float(), f"{name}.d_k": b.grad.float()})
    save(DATA / "sampled.safetensors", out)


main()
