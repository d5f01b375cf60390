"""Losses and gradients of APC, VQ-APC and DeCoAR with their encoders, and of the masked L1 of Mockingjay and TERA, in float64 with PyTorch.

    /usr/bin/python3 tests/oracle/make_frames.py

Frames and weights are not stored: both sides compute them by `hashed`, parameter by parameter in the order of registration. Items of
a batch are run one by one and without padding.
"""
import math
import pathlib

import numpy as np
import torch
from torch import nn

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
torch.set_default_dtype(torch.float64)
FRAMES, WIDTH, DIM, LENGTHS = 12, 5, 6, [12, 9, 3]
tensors = {}


def hashed(count, salt):
    h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32((salt * 40503 + 1) % 2**32)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return (h >> np.uint32(8)).astype(np.float64) / 2**23 - 1


def tensor(shape, salt):
    return torch.tensor(hashed(math.prod(shape), salt).reshape(shape)).float().double()


def fill(module):
    for salt, (name, p) in enumerate(module.named_parameters()):
        scale = 1.5 / math.sqrt(p.shape[1]) if p.dim() > 1 else 0.2
        p.data = torch.tensor(scale * hashed(p.numel(), salt).reshape(p.shape)).float().double()


def record(key, module, loss):
    loss.backward()
    tensors[f"{key}.loss"] = loss.detach().reshape(1)
    tensors[f"{key}.gradients"] = torch.cat([(p.grad if p.grad is not None else torch.zeros_like(p)).flatten() for p in module.parameters()])


X = tensor((len(LENGTHS), FRAMES, WIDTH), 1000)
ITEMS = [X[n:n + 1, :length] for n, length in enumerate(LENGTHS)]


class Apc(nn.Module):
    def __init__(self, codes=0):
        super().__init__()
        self.rnn = nn.ModuleList([nn.GRU(WIDTH, DIM, batch_first=True), nn.GRU(DIM, DIM, batch_first=True)])
        if codes:
            self.logits, self.table = nn.Linear(DIM, codes), nn.Linear(codes, DIM, bias=False)
        self.codes, self.head = codes, nn.Linear(DIM, WIDTH)

    def forward(self, x):
        h = self.rnn[0](x)[0]
        h = self.rnn[1](h)[0] + h
        if self.codes:
            h = self.table(nn.functional.one_hot(self.logits(h).argmax(-1), self.codes).double())
        return self.head(h)


for key, codes in (("apc", 0), ("vq-apc", 7)):
    model, n = Apc(codes), 4
    fill(model)
    errors = [(model(x)[:, :-n] - x[:, n:]).abs().flatten() for x in ITEMS if x.shape[1] > n]
    record(key, model, torch.cat(errors).mean())


class Decoar(nn.Module):
    def __init__(self, k, hidden):
        super().__init__()
        self.projection = nn.Linear(WIDTH, DIM)
        self.ahead, self.back = (nn.LSTM(DIM, DIM, 2, batch_first=True) for _ in range(2))
        self.heads = nn.ModuleList([nn.Sequential(nn.Linear(2 * DIM, hidden), nn.ReLU(), nn.Linear(hidden, WIDTH)) for _ in range(k + 1)])

    def forward(self, x):
        p = self.projection(x)
        return self.ahead(p)[0], self.back(p.flip(1))[0].flip(1)


K = 4
model = Decoar(K, 3)
fill(model)
errors = []
for x in ITEMS:
    ahead, back = model(x)
    for t in range(x.shape[1] - K):
        core = torch.cat([ahead[:, t], back[:, t + K]], -1)
        errors += [(head(core) - x[:, t + i]).abs().flatten() for i, head in enumerate(model.heads)]
record("decoar", model, torch.cat(errors).mean())

told = tensor(X.shape, 2000).requires_grad_()
mask = (tensor(X.shape, 2001) > 0.4).double()
loss = ((told - X).abs() * mask).sum() / mask.sum()
loss.backward()
tensors |= {"masked.mask": mask, "masked.loss": loss.detach().reshape(1), "masked.gradient": told.grad}
save(DATA / "frames.safetensors", {name: value.float() for name, value in tensors.items()})
