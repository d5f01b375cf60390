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

from make_models import f32, gradients, tensor
from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
torch.set_default_dtype(torch.float64)


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


def conformers(out):
    items, frames, width = 3, 11, 16
    lengths = torch.tensor([11, 6, 9])
    for label, group, first in (("conformer", False, False), ("conformer.group", True, False), ("conformer.first", False, True)):
        for mode, training in (("", False), (".train", True)):
            model = torchaudio.models.Conformer(
                width, 4, 24, 2, 5, dropout=0.0, use_group_norm=group, convolution_first=first)
            fill(list(model.named_parameters()))
            if training and not group:
                # A batch of whole items: torchaudio's batch norm would count padding.
                seen = torch.tensor([11, 11, 11])
            else:
                seen = lengths
            model.train(training)
            x = tensor((items, frames, width), 1000).requires_grad_()
            y, _ = model(x, seen)
            # What torchaudio leaves in padding is not compared.
            y = y * (torch.arange(frames)[None, :] < seen[:, None])[..., None]
            record(out, label + mode, model, x, y)


def main():
    out = {}
    recurrent(out)
    ctc(out)
    save(DATA / "sequences.safetensors", out)


if __name__ == "__main__":
    main()
