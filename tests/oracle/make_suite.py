"""Reference vectors for Tacit.Evaluation.Suite: the x-vector with additive-margin softmax, and the head for whole recordings.

    /usr/bin/python3 tests/oracle/make_suite.py
"""
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
torch.manual_seed(11)
LAYERS, ITEMS, STATES, WIDTH, CLASSES = 3, 4, 20, 8, 3
PROJECTOR, FRAME, LAST, EMBEDDING = 6, 5, 7, 4


def statistics(x):
    """Mean and unbiased deviation over time of [N, T, C]."""
    return torch.cat([x.mean(1), x.var(1).clamp(min=1e-6).sqrt()], 1)


class XVector(nn.Module):
    def __init__(self):
        super().__init__()
        self.featurizer = nn.Module()
        self.featurizer.weights = nn.Parameter(torch.randn(LAYERS))
        self.projector = nn.Linear(WIDTH, PROJECTOR)
        width = PROJECTOR
        for i, (kernel, dilation, out) in enumerate([(5, 1, FRAME), (3, 2, FRAME), (3, 3, FRAME), (1, 1, FRAME), (1, 1, LAST)], 1):
            self.add_module(f"frame{i}", nn.Conv1d(width, out, kernel, dilation=dilation))
            self.add_module(f"frame{i}_norm", nn.BatchNorm1d(out))
            width = out
        self.segment6 = nn.Linear(2 * width, EMBEDDING)

    def forward(self, states):
        x = self.projector(torch.einsum("l,lntd->ntd", self.featurizer.weights.softmax(0), states)).transpose(1, 2)
        for i in range(1, 6):
            x = getattr(self, f"frame{i}_norm")(F.relu(getattr(self, f"frame{i}")(x)))
        return self.segment6(statistics(x.transpose(1, 2)))


def am_softmax(embeddings, weight, targets, scale=30, margin=0.4):
    cosines = F.normalize(embeddings) @ F.normalize(weight).T
    return F.cross_entropy(scale * (cosines - margin * F.one_hot(targets, CLASSES)), targets)


def main():
    out = {}
    network = XVector().train()
    weight = torch.randn(CLASSES, EMBEDDING, requires_grad=True)
    states = torch.randn(LAYERS, ITEMS, STATES, WIDTH)
    targets = torch.tensor([0, 2, 1, 2])
    for key, value in network.state_dict().items():
        if "num_batches" not in key:
            out[f"xvector.{key}"] = value.clone()
    out["am.weight"], out["states"], out["targets"] = weight.detach().clone(), states, targets
    embeddings = network(states)
    loss = am_softmax(embeddings, weight, targets)
    loss.backward()
    out["embeddings"], out["loss"], out["grad.am.weight"] = embeddings, loss.reshape(1), weight.grad
    for key, value in network.named_parameters():
        out[f"grad.xvector.{key}"] = value.grad.clone()

    # The head for whole recordings, in the benchmark's order: sum of layers, projector, mean over the recording's own states, linear.
    lengths = torch.tensor([20, 13, 5, 1])
    projector, linear, shares = nn.Linear(WIDTH, PROJECTOR), nn.Linear(PROJECTOR, 5), torch.randn(LAYERS)
    y = projector(torch.einsum("l,lntd->ntd", shares.softmax(0), states))
    pooled = torch.stack([y[n, :length].mean(0) for n, length in enumerate(lengths)])
    out["head.featurizer.weights"] = shares
    for name, layer in (("projector", projector), ("linear", linear)):
        out[f"head.{name}.weight"], out[f"head.{name}.bias"] = layer.weight, layer.bias
    out["head.lengths"], out["head.logits"] = lengths, linear(pooled)
    save(DATA / "suite.safetensors", out)


main()
