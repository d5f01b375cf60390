"""Reference vectors for the layers over sequences, from torch and torchaudio in float64.

    /usr/bin/python3 tests/oracle/make_sequences.py

Inputs and weights are not stored: both sides compute them by `hashed`, parameter by parameter in the order of PyTorch's names.
Gradients of parameters are stored as their norm and five entries.
"""
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
import torchaudio
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
torch.set_default_dtype(torch.float64)


def hashed(count, salt):
    """count numbers in [-1, 1): murmur3's finaliser over the index, salted."""
    h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32((salt * 40503 + 1) % 2**32)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return (h >> np.uint32(8)).astype(np.float64) / 2**23 - 1


def tensor(shape, salt):
    """As float32 holds them."""
    return torch.tensor(hashed(math.prod(shape), salt).reshape(shape)).float().double()


def gradients(parameters):
    """One row a parameter: norm, then five entries."""
    rows = []
    for _, p in parameters:
        flat = p.grad.flatten()
        rows.append([float(flat.norm())] + [float(flat[i * len(flat) // 5]) for i in range(5)])
    return np.array(rows, dtype=np.float32)


def f32(t):
    return t.detach().numpy().astype(np.float32)


def fill(parameters):
    """Matrices and kernels within 1.5 / sqrt(fan-in), norms' scales around 1, the rest within 0.2; values as float32 holds them."""
    for salt, (name, p) in enumerate(parameters):
        scale = 1.5 / math.sqrt(math.prod(p.shape[1:])) if p.dim() > 1 else 0.2
        shift = 1 if p.dim() == 1 and name.endswith("weight") else 0
        with torch.no_grad():
            p.copy_((scale * tensor(p.shape, salt) + shift).float().double())


def names(module):
    lines = "\n".join(f"{n} {'x'.join(map(str, p.shape))}" for n, p in module.named_parameters())
    return np.frombuffer(lines.encode(), dtype=np.uint8).copy()


def record(out, label, module, x, y):
    (y * tensor(y.shape, 1001)).sum().backward()
    out[f"{label}.y"], out[f"{label}.dx"] = f32(y), f32(x.grad)
    out[f"{label}.gradients"] = gradients(list(module.named_parameters()))
    out[f"{label}.names"] = names(module)


def recurrent(out):
    items, frames, width, hidden = 3, 7, 5, 19
    lengths = torch.tensor([7, 3, 5])
    for label, kind in (("gru", nn.GRU), ("lstm", nn.LSTM)):
        for suffix, both, packed in (("", False, False), (".both", True, False), (".lengths", False, True), (".both.lengths", True, True)):
            layer = kind(width, hidden, 2, batch_first=True, bidirectional=both)
            fill(list(layer.named_parameters()))
            x = tensor((items, frames, width), 1000).requires_grad_()
            if packed:
                y, _ = pad_packed_sequence(
                    layer(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))[0], batch_first=True, total_length=frames)
            else:
                y, _ = layer(x)
            record(out, label + suffix, layer, x, y)


def ctc(out):
    frames, letters = 12, 6
    lengths, targets = [12, 9, 7, 4], [[1, 2, 3, 3, 4], [5], [2, 2, 2], []]
    x = (3 * tensor((4, frames, letters), 1000)).requires_grad_()
    for reduction in ("mean", "sum"):
        x.grad = None
        y = F.ctc_loss(
            x.log_softmax(-1).transpose(0, 1), torch.tensor(sum(targets, [])), torch.tensor(lengths), torch.tensor([len(t) for t in targets]), reduction=reduction)
        y.backward()
        out[f"ctc.{reduction}.y"], out[f"ctc.{reduction}.dx"] = f32(y), f32(x.grad)


class FrameNorm(nn.LayerNorm):
    """A layer norm over the channels of [N, C, T]."""

    def forward(self, x):
        return super().forward(x.transpose(1, 2)).transpose(1, 2)


def conformers(out):
    """torchaudio's, one item at a time and so without padding; with batch statistics, all items of one length."""
    items, frames, width = 3, 11, 16
    for label, first, layer_norm, training, lengths in (
            ("conformer", False, False, False, [11, 6, 9]), ("conformer.first", True, False, False, [11, 6, 9]),
            ("conformer.layer", False, True, False, [11, 6, 9]), ("conformer.train", False, False, True, [11, 11, 11])):
        model = torchaudio.models.Conformer(width, 4, 24, 2, 5, dropout=0.0, convolution_first=first)
        for layer in model.conformer_layers:
            if layer_norm:
                layer.conv_module.sequential[3] = FrameNorm(width)
        fill(list(model.named_parameters()))
        model.train(training)
        x = tensor((items, frames, width), 1000).requires_grad_()
        if training:
            y, _ = model(x, torch.tensor(lengths))
        else:
            y = torch.cat([F.pad(model(x[i:i + 1, :n], torch.tensor([n]))[0], (0, 0, 0, frames - n)) for i, n in enumerate(lengths)])
        record(out, label, model, x, y)
        if training:
            norm = model.conformer_layers[1].conv_module.sequential[3]
            out[f"{label}.mean"], out[f"{label}.variance"] = f32(norm.running_mean), f32(norm.running_var)


class RelativeAttention(nn.Module):
    """Equation of Dai et al. 2019 (Transformer-XL), section 3.3, place by place."""

    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.pos_bias_u, self.pos_bias_v = (nn.Parameter(torch.empty(heads, dim // heads)) for _ in range(2))
        self.linear_q, self.linear_k, self.linear_v, self.linear_out = (nn.Linear(dim, dim) for _ in range(4))
        self.linear_pos = nn.Linear(dim, dim, bias=False)

    def forward(self, x):
        frames, dim = x.shape
        q, k, v = (layer(x).reshape(frames, self.heads, -1) for layer in (self.linear_q, self.linear_k, self.linear_v))
        scores = torch.stack([torch.stack([
            ((q[i] + self.pos_bias_u) * k[j] + (q[i] + self.pos_bias_v) * self.linear_pos(sinusoids([i - j], dim)[0]).reshape(self.heads, -1)).sum(-1)
            for j in range(frames)]) for i in range(frames)]) / math.sqrt(dim // self.heads)         # [i, j, heads]
        return self.linear_out(torch.einsum("ijh,jhd->ihd", scores.softmax(1), v).reshape(frames, dim))


def sinusoids(places, dim):
    table = [[(math.sin if i % 2 == 0 else math.cos)(p / 10000 ** ((i - i % 2) / dim)) for i in range(dim)] for p in places]
    return torch.tensor(table).float().double()


def relative(out):
    items, frames, lengths = 2, 6, [6, 4]
    model = RelativeAttention(12, 3)
    fill(list(model.named_parameters()))
    x = tensor((items, frames, 12), 1000).requires_grad_()
    y = torch.stack([F.pad(model(x[i, :n]), (0, 0, 0, frames - n)) for i, n in enumerate(lengths)])
    record(out, "relative", model, x, y)


class AudioNtt(nn.Module):
    def __init__(self, dim):
        super().__init__()
        blocks = [layer for i in range(3) for layer in (nn.Conv2d(1 if i == 0 else 64, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2))]
        self.features = nn.Sequential(*blocks)
        self.fc = nn.Sequential(nn.Linear(64 * 2, dim), nn.ReLU(), nn.Identity(), nn.Linear(dim, dim), nn.ReLU())

    def forward(self, x):
        y = self.features(x.transpose(1, 2)[:, None])           # [N, 64, F / 8, T / 8]
        y = self.fc(y.permute(0, 3, 2, 1).flatten(2))
        return y.max(1).values + y.mean(1)


def audio(out):
    model = AudioNtt(20)
    fill(list(model.named_parameters()))
    x = tensor((3, 27, 16), 1000).requires_grad_()
    record(out, "audio", model, x, model(x))


class Bert(nn.Module):
    """Post-norm layers of a BERT under its names; F frames in."""

    def __init__(self, width, dim, heads, hidden, layers):
        super().__init__()
        self.heads = heads
        self.input_representations = nn.ModuleDict({"spec_transform": nn.Linear(width, dim), "LayerNorm": nn.LayerNorm(dim, eps=1e-12)})
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(nn.ModuleDict({
            "attention": nn.ModuleDict({
                "self": nn.ModuleDict({"query": nn.Linear(dim, dim), "key": nn.Linear(dim, dim), "value": nn.Linear(dim, dim)}),
                "output": nn.ModuleDict({"dense": nn.Linear(dim, dim), "LayerNorm": nn.LayerNorm(dim, eps=1e-12)})}),
            "intermediate": nn.ModuleDict({"dense": nn.Linear(dim, hidden)}),
            "output": nn.ModuleDict({"dense": nn.Linear(hidden, dim), "LayerNorm": nn.LayerNorm(dim, eps=1e-12)})}) for _ in range(layers))})

    def forward(self, x):
        first = self.input_representations
        x = first["spec_transform"](x)
        x = first["LayerNorm"](x + sinusoids(range(len(x)), x.shape[1]))
        states = [x]
        for layer in self.encoder["layer"]:
            own, after = layer["attention"]["self"], layer["attention"]["output"]
            q, k, v = (own[name](x).reshape(len(x), self.heads, -1).transpose(0, 1) for name in ("query", "key", "value"))
            seen = (q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])).softmax(-1) @ v
            x = after["LayerNorm"](x + after["dense"](seen.transpose(0, 1).flatten(1)))
            x = layer["output"]["LayerNorm"](x + layer["output"]["dense"](F.gelu(layer["intermediate"]["dense"](x))))
            states.append(x)
        return torch.stack(states)


def bert(out):
    frames, lengths = 7, [7, 4]
    model = Bert(5, 12, 3, 20, 2)
    fill(list(model.named_parameters()))
    x = tensor((2, frames, 5), 1000).requires_grad_()
    y = torch.stack([F.pad(model(x[i, :n]), (0, 0, 0, frames - n)) for i, n in enumerate(lengths)], 1)       # [states, N, T, D]
    record(out, "bert", model, x, y)


class Decoar(nn.Module):
    def __init__(self, width, hidden, layers):
        super().__init__()
        self.post_extract_proj = nn.Linear(width, hidden)
        self.forward_lstm = nn.LSTM(hidden, hidden, layers, batch_first=True)
        self.backward_lstm = nn.LSTM(hidden, hidden, layers, batch_first=True)

    def forward(self, x):
        x = self.post_extract_proj(x)
        return torch.cat([self.forward_lstm(x)[0], self.backward_lstm(x.flip(1))[0].flip(1)], -1)


def decoar(out):
    frames, lengths = 6, [6, 3]
    model = Decoar(4, 7, 3)
    fill(list(model.named_parameters()))
    x = tensor((2, frames, 4), 1000).requires_grad_()
    y = torch.cat([F.pad(model(x[i:i + 1, :n]), (0, 0, 0, frames - n)) for i, n in enumerate(lengths)])
    record(out, "decoar", model, x, y)


class Apc(nn.Module):
    def __init__(self, width, hidden, layers):
        super().__init__()
        self.rnn_layers = nn.ModuleList(nn.GRU(width if i == 0 else hidden, hidden, batch_first=True) for i in range(layers))

    def forward(self, x):
        for i, layer in enumerate(self.rnn_layers):
            y, _ = layer(x)
            x = y if i == 0 else y + x
        return x


def apc(out):
    frames, lengths = 6, [6, 3]
    model = Apc(4, 7, 3)
    fill(list(model.named_parameters()))
    x = tensor((2, frames, 4), 1000).requires_grad_()
    y = torch.cat([F.pad(model(x[i:i + 1, :n]), (0, 0, 0, frames - n)) for i, n in enumerate(lengths)])
    record(out, "apc", model, x, y)


def main():
    out = {}
    recurrent(out)
    ctc(out)
    conformers(out)
    relative(out)
    audio(out)
    bert(out)
    decoar(out)
    apc(out)
    save(DATA / "sequences.safetensors", out)


if __name__ == "__main__":
    main()
