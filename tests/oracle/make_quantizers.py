"""Reference vectors for the quantisers of Tacit.Methods, from torch in float64.

    /usr/bin/python3 tests/oracle/make_quantizers.py

Weights and inputs are computed on both sides, as in make_wav2vec2.py; Gumbel noise is a tensor that both sides are given.
"""
import pathlib

import torch
import torch.nn.functional as F

from make_wav2vec2 import f32, fill, gradients, tensor
from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
ROWS, INPUT, GROUPS, ENTRIES, DIM, TAU = 7, 6, 2, 5, 8, 0.7


def perplexity(mean):
    return torch.exp(-(mean * torch.log(mean + 1e-7)).sum(-1)).sum()


def gumbel(out, name, depth, combined):
    p = {"codevectors": torch.zeros(1, ENTRIES * (1 if combined else GROUPS), DIM // GROUPS)}
    widths = [INPUT] + [INPUT * 2] * (depth - 1) + [GROUPS * ENTRIES]
    for i in range(depth):
        at = "weight_proj" if depth == 1 else f"weight_proj.{i}" + ("" if i == depth - 1 else ".0")
        p[f"{at}.weight"], p[f"{at}.bias"] = torch.zeros(widths[i + 1], widths[i]), torch.zeros(widths[i + 1])
    fill(p)
    for value in p.values():
        value.requires_grad_()
    x = (2 * tensor((ROWS, INPUT), 3000)).float().double().requires_grad_()
    h = x
    for i in range(depth):
        at = "weight_proj" if depth == 1 else f"weight_proj.{i}" + ("" if i == depth - 1 else ".0")
        h = F.linear(h if i == 0 else F.gelu(h), p[f"{at}.weight"], p[f"{at}.bias"])
    logits = h.reshape(ROWS * GROUPS, ENTRIES)
    books = p["codevectors"][0].reshape(-1, ENTRIES, DIM // GROUPS)
    if combined:
        books = books.repeat(GROUPS, 1, 1)

    def read(choice):
        return torch.einsum("ngv,gvd->ngd", choice.reshape(ROWS, GROUPS, ENTRIES), books).reshape(ROWS, DIM)

    best = F.one_hot(logits.argmax(-1), ENTRIES).double()
    soft_perplexity = perplexity(torch.softmax(logits, -1).reshape(ROWS, GROUPS, ENTRIES).mean(0))
    out[f"{name}.values"], out[f"{name}.codes"] = f32(read(best)), logits.argmax(-1).int()
    out[f"{name}.perplexities"] = f32(torch.stack([soft_perplexity, perplexity(best.reshape(ROWS, GROUPS, ENTRIES).mean(0))]))

    noise = 2 * tensor((ROWS * GROUPS, ENTRIES), 3001).float().double()
    soft = torch.softmax((logits + noise) / TAU, -1)
    hard = F.one_hot(soft.argmax(-1), ENTRIES).double()
    values = read(hard - soft.detach() + soft)
    loss = (values * tensor((ROWS, DIM), 3002)).sum() + (GROUPS * ENTRIES - soft_perplexity) / (GROUPS * ENTRIES)
    loss.backward()
    out[f"{name}.drawn"], out[f"{name}.x_gradient"], out[f"{name}.gradients"] = f32(values), f32(x.grad), gradients(p)


def kmeans(out, name, combined):
    lengths, frames = [5, 3], 5
    p = {"embedding": torch.zeros(ENTRIES, 1 if combined else GROUPS, DIM // GROUPS), "projection.0.weight": torch.zeros(DIM, DIM // GROUPS, 1),
         "projection.1.weight": torch.zeros(DIM), "projection.1.bias": torch.zeros(DIM)}
    fill(p)
    for value in p.values():
        value.requires_grad_()
    x = tensor((2, frames, DIM), 3003).float().double().requires_grad_()
    weights = tensor((2, frames, DIM), 3004)
    values, codes, before, loss = [], [], [], 0
    for n, length in enumerate(lengths):
        h = F.conv1d(x[n:n + 1, :length].transpose(1, 2), p["projection.0.weight"], groups=GROUPS)
        h = F.group_norm(h, GROUPS, p["projection.1.weight"], p["projection.1.bias"])[0].T.reshape(length, GROUPS, -1)
        distances = ((h[:, :, None] - p["embedding"].expand(ENTRIES, GROUPS, -1).transpose(0, 1)) ** 2).sum(-1)
        code = distances.argmin(-1)
        z = p["embedding"].expand(ENTRIES, GROUPS, -1)[code, torch.arange(GROUPS)]
        y = (z.detach() + (h - h.detach())).reshape(length, DIM)
        loss = loss + (y * weights[n, :length]).sum()
        values.append(y), codes.append(code), before.append((h, z))
    h, z = torch.cat([b[0] for b in before]), torch.cat([b[1] for b in before])
    both = F.mse_loss(z, h.detach()) + 0.25 * F.mse_loss(h, z.detach())
    (loss + both).backward()
    out[f"{name}.values"], out[f"{name}.codes"], out[f"{name}.loss"] = f32(torch.cat(values)), torch.cat(codes).int(), f32(both)
    out[f"{name}.perplexity"] = f32(perplexity(F.one_hot(torch.cat(codes), ENTRIES).double().mean(0)))
    out[f"{name}.x_gradient"], out[f"{name}.gradients"] = f32(x.grad), gradients(p)


def main():
    out = {}
    gumbel(out, "gumbel", 1, False)
    gumbel(out, "gumbel.deep", 2, False)
    gumbel(out, "gumbel.combined", 1, True)
    kmeans(out, "kmeans", False)
    kmeans(out, "kmeans.combined", True)
    save(DATA / "quantizers.safetensors", out)


main()
