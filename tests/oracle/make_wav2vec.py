"""Reference vectors for wav2vec's encoder and context networks and for CPC's encoder, put together from torch's layers in
float64, each utterance alone.

    /usr/bin/python3 tests/oracle/make_wav2vec.py

Waves and weights are computed on both sides, as in make_wav2vec2.py.
"""
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

from make_wav2vec2 import f32, fill, gradients, tensor
from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
LENGTHS = [1300, 1010]


def conv(inputs, dim, kernel, stride, bias, first, activation):
    """Layers numbered as published: convolution at first, norm two after it."""
    layers = [nn.Identity()] * first + [nn.Conv1d(inputs, dim, kernel, stride, bias=bias), nn.Identity(), nn.GroupNorm(1, dim), activation]
    return nn.Sequential(*layers)


class Wav2Vec(nn.Module):
    def __init__(self, dim, kernels, strides, context, activation):
        super().__init__()
        self.feature_extractor, self.feature_aggregator = nn.Module(), nn.Module()
        self.feature_extractor.conv_layers = nn.ModuleList(
            conv(dim if i else 1, dim, k, s, False, 0, activation) for i, (k, s) in enumerate(zip(kernels, strides)))
        self.feature_aggregator.conv_layers = nn.ModuleList(conv(dim, dim, k, 1, True, 1, activation) for k in context)
        self.kernels = context

    def forward(self, wave):
        x = wave[None, None]
        for layer in self.feature_extractor.conv_layers:
            x = layer(x)
        x = torch.log(x.abs() + 1)
        states = [x[0].T]
        for layer, kernel in zip(self.feature_aggregator.conv_layers, self.kernels):
            x = (layer(F.pad(x, (kernel - 1, 0), mode="replicate")) + x) * 0.5 ** 0.5
            states.append(x[0].T)
        return states


class ChannelNorm(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(1, dim, 1)), nn.Parameter(torch.zeros(1, dim, 1))

    def forward(self, x):
        x = (x - x.mean(1, keepdim=True)) / torch.sqrt(x.var(1, unbiased=True, keepdim=True) + 1e-5)
        return x * self.weight + self.bias


class Cpc(nn.Module):
    def __init__(self, dim):
        super().__init__()
        for i, (kernel, stride, padding) in enumerate(((10, 5, 3), (8, 4, 2), (4, 2, 1), (4, 2, 1), (4, 2, 1))):
            setattr(self, f"conv{i}", nn.Conv1d(dim if i else 1, dim, kernel, stride, padding))
            setattr(self, f"batchNorm{i}", ChannelNorm(dim))

    def forward(self, wave):
        x = wave[None, None]
        for i in range(5):
            x = torch.relu(getattr(self, f"batchNorm{i}")(getattr(self, f"conv{i}")(x)))
        return [x[0].T]


def case(out, name, model):
    parameters = dict(model.named_parameters())
    fill(parameters)
    wave = tensor((len(LENGTHS), max(LENGTHS)), 2000).float().double().requires_grad_()
    each = [model(wave[n, :length]) for n, length in enumerate(LENGTHS)]
    states = [[item[i] for item in each] for i in range(len(each[0]))]
    loss = 0
    for layer, items in enumerate(states):
        weights = tensor((len(LENGTHS), len(items[0]), items[0].shape[1]), 1001 + layer)
        loss = loss + sum((y * weights[n, :len(y)]).sum() for n, y in enumerate(items))
    loss.backward()
    out[f"{name}.hidden"] = f32(torch.stack([torch.cat(items) for items in states]))
    out[f"{name}.wave_gradient"] = f32(wave.grad)
    out[f"{name}.gradients"] = gradients(parameters)


def main():
    out = {}
    case(out, "wav2vec", Wav2Vec(6, (10, 8, 4, 1), (5, 4, 2, 1), (2, 3, 4), nn.ReLU()))
    case(out, "vq-wav2vec", Wav2Vec(6, (10, 8, 4), (5, 4, 2), (3, 1), nn.GELU()))
    case(out, "cpc", Cpc(6))
    save(DATA / "wav2vec.safetensors", out)


main()
