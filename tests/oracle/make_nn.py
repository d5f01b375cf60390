"""Reference vectors for Tacit.Nn and Tacit.Models: layers, optimisers, schedules, metrics, residual networks.

    /usr/bin/python3 tests/oracle/make_nn.py

Large inputs and weights are not stored: both sides compute them by `hashed`, an exact integer hash.
"""
import copy
import math
import pathlib

import numpy as np
import torch
import torchvision
from torch import nn

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
torch.manual_seed(7)


def hashed(count, salt):
    """count numbers in [-1, 1): murmur3's finaliser over the index, salted."""
    h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32((salt * 40503 + 1) % 2**32)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return (h >> np.uint32(8)).astype(np.float64) / 2**23 - 1


def layers():
    """Each layer: weights, input, output, the gradient of sum(output * c) by input and weights. Channels last on disk."""
    out = {}

    def record(name, module, x, to_torch=lambda t: t, from_torch=lambda t: t, call=None):
        module.train()
        for key, value in copy.deepcopy(module.state_dict()).items():
            out[f"{name}.before.{key}"] = value.float() if value.dtype != torch.int64 else value
        x = x.clone().requires_grad_()
        y = from_torch((call or module)(to_torch(x)))
        c = torch.randn(y.shape)
        (y * c).sum().backward()
        out[f"{name}.x"], out[f"{name}.y"], out[f"{name}.c"], out[f"{name}.dx"] = x, y, c, x.grad
        for key, value in module.named_parameters():
            out[f"{name}.grad.{key}"] = value.grad.clone()
        for key, value in module.named_buffers():
            out[f"{name}.after.{key}"] = value.clone()
        module.eval()
        with torch.no_grad():
            out[f"{name}.eval"] = from_torch((call or module)(to_torch(x)))

    image = dict(to_torch=lambda t: t.permute(0, 3, 1, 2), from_torch=lambda t: t.permute(0, 2, 3, 1))
    sequence = dict(to_torch=lambda t: t.permute(0, 2, 1), from_torch=lambda t: t.permute(0, 2, 1))
    record("linear", nn.Linear(5, 7), torch.randn(4, 3, 5))
    record("conv2d", nn.Conv2d(6, 8, 3, stride=2, padding=1, groups=2), torch.randn(2, 7, 9, 6), **image)
    record("conv1d", nn.Conv1d(6, 4, 5, stride=2, padding=2, dilation=2), torch.randn(2, 17, 6), **sequence)
    norm = nn.BatchNorm2d(5)
    nn.init.normal_(norm.weight), nn.init.normal_(norm.bias)
    record("batchnorm", norm, 3 * torch.randn(3, 4, 5, 5) + 2, **image)
    norm = nn.LayerNorm(11)
    nn.init.normal_(norm.weight), nn.init.normal_(norm.bias)
    record("layernorm", norm, torch.randn(3, 4, 11) + 1)
    norm = nn.GroupNorm(3, 12)
    nn.init.normal_(norm.weight), nn.init.normal_(norm.bias)
    record("groupnorm", norm, torch.randn(2, 3, 4, 12) + 1, **image)
    # Projectors as the methods use them: plain, with norms, and with a last norm without scale.
    record("mlp.plain", nn.Sequential(nn.Linear(6, 9), nn.ReLU(), nn.Linear(9, 4)), torch.randn(8, 6))
    record("mlp.norms", nn.Sequential(
        nn.Linear(6, 9, bias=False), nn.BatchNorm1d(9), nn.ReLU(), nn.Linear(9, 7), nn.LayerNorm(7), nn.GELU(),
        nn.Linear(7, 4, bias=False), nn.BatchNorm1d(4, affine=False)), torch.randn(8, 6))
    record("weightnorm.linear", nn.utils.weight_norm(nn.Linear(5, 4)), torch.randn(3, 5))
    record("weightnorm.conv", nn.utils.weight_norm(nn.Conv1d(4, 6, 3, padding=1, groups=2)), torch.randn(2, 7, 4), **sequence)
    record("weightnorm.places", nn.utils.weight_norm(nn.Conv1d(4, 6, 3, padding=1, groups=2), dim=2), torch.randn(2, 7, 4), **sequence)
    attention = nn.MultiheadAttention(12, 3, batch_first=True)
    nn.init.normal_(attention.in_proj_bias), nn.init.normal_(attention.out_proj.bias)
    record("attention", attention, torch.randn(2, 5, 12), call=lambda t: attention(t, t, t, need_weights=False)[0])
    causal = torch.triu(torch.ones(5, 5, dtype=torch.bool), diagonal=1)
    padding = torch.tensor([[False] * 5, [False, False, False, True, True]])
    attention.zero_grad()
    record("attention.causal", attention, torch.randn(2, 5, 12), call=lambda t: attention(t, t, t, attn_mask=causal, need_weights=False)[0])
    attention.zero_grad()
    record("attention.lengths", attention, torch.randn(2, 5, 12), call=lambda t: attention(t, t, t, key_padding_mask=padding, need_weights=False)[0])
    memory = torch.randn(2, 7, 12)
    out["attention.memory"] = memory
    attention.zero_grad()
    record("attention.cross", attention, torch.randn(2, 5, 12), call=lambda t: attention(t, memory, memory, need_weights=False)[0])
    save(DATA / "nn-layers.safetensors", out)


OPTIMIZED = {"w": (7, 5), "b": (5,), "long": (170, 100)}     # the last spans two blocks of the fused update
STEPS = 10


def start(name):
    return hashed(math.prod(OPTIMIZED[name]), len(name)).reshape(OPTIMIZED[name])


def gradient(name, step):
    return 0.5 * hashed(math.prod(OPTIMIZED[name]), 100 * len(name) + step).reshape(OPTIMIZED[name])


def cosine(step):
    return 0.5 * (1 + math.cos(math.pi * step / STEPS))


def optimizers():
    out = {}

    def finish(label, parameters):
        for name, value in parameters.items():
            flat = np.asarray(value, dtype=np.float64).reshape(-1)
            out[f"{label}.{name}"] = flat[::97 if name == "long" else 1].astype(np.float32)

    def with_torch(label, make, clip=None):
        parameters = {name: nn.Parameter(torch.tensor(start(name), dtype=torch.float32)) for name in OPTIMIZED}
        optimizer = make(list(parameters.values()))
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
        for step in range(STEPS):
            for name, parameter in parameters.items():
                parameter.grad = torch.tensor(gradient(name, step), dtype=torch.float32)
            if clip:
                torch.nn.utils.clip_grad_norm_(parameters.values(), clip)
            optimizer.step()
            schedule.step()
        finish(label, {name: p.detach().numpy() for name, p in parameters.items()})

    with_torch("sgd", lambda p: torch.optim.SGD(p, lr=0.1))
    with_torch("sgd-momentum", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01))
    with_torch("sgd-nesterov", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.01, nesterov=True))
    with_torch("sgd-clip", lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9), clip=2.0)
    with_torch("adam", lambda p: torch.optim.Adam(p, lr=0.01, weight_decay=0.1))
    with_torch("adamw", lambda p: torch.optim.AdamW(p, lr=0.01, betas=(0.8, 0.95), weight_decay=0.1))
    # Groups: the second at half the rate and without decay.
    with_torch("groups", lambda p: torch.optim.SGD([
        {"params": [p[0], p[2]], "weight_decay": 0.05}, {"params": [p[1]], "lr": 0.05}], lr=0.1, momentum=0.9))

    def lars(clip):
        lr0, momentum, decay, eta, eps = 0.5, 0.9, 0.01, 0.02, 1e-8
        p = {name: start(name).astype(np.float32).astype(np.float64) for name in OPTIMIZED}
        buffer = {name: np.zeros(OPTIMIZED[name]) for name in OPTIMIZED}
        for step in range(STEPS):
            lr = lr0 * cosine(step)
            for name in OPTIMIZED:
                d = gradient(name, step)
                if p[name].ndim > 1:
                    pn, gn = np.linalg.norm(p[name]), np.linalg.norm(d)
                    trust = eta * pn / (gn + decay * pn + eps)
                    if clip:
                        trust = min(trust / lr, 1)
                    d = trust * (d + decay * p[name])
                buffer[name] = momentum * buffer[name] + d
                p[name] = p[name] - lr * buffer[name]
        return p

    finish("lars", lars(False))
    finish("lars-clip", lars(True))

    def lamb():
        lr0, b1, b2, eps, decay = 0.02, 0.9, 0.99, 1e-6, 0.1
        p = {name: start(name).astype(np.float32).astype(np.float64) for name in OPTIMIZED}
        m = {name: np.zeros(OPTIMIZED[name]) for name in OPTIMIZED}
        v = {name: np.zeros(OPTIMIZED[name]) for name in OPTIMIZED}
        for step in range(STEPS):
            for name in OPTIMIZED:
                g = gradient(name, step)
                m[name] = b1 * m[name] + (1 - b1) * g
                v[name] = b2 * v[name] + (1 - b2) * g * g
                u = (m[name] / (1 - b1 ** (step + 1))) / (np.sqrt(v[name] / (1 - b2 ** (step + 1))) + eps)
                ratio = 1.0
                if p[name].ndim > 1:
                    u = u + decay * p[name]
                    ratio = np.linalg.norm(p[name]) / np.linalg.norm(u)
                p[name] = p[name] - lr0 * cosine(step) * ratio * u
        return p

    finish("lamb", lamb())
    save(DATA / "nn-optimizers.safetensors", out)


def schedules():
    """Learning rates over 20 steps, peak 1."""
    def rates(make):
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
        scheduler, values = make(optimizer), []
        for _ in range(20):
            values.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return np.array(values)

    s = torch.optim.lr_scheduler
    out = {
        "cosine": rates(lambda o: s.CosineAnnealingLR(o, 20, eta_min=0.01)),
        "step": rates(lambda o: s.MultiStepLR(o, [10, 15], gamma=0.2)),
        "polynomial": rates(lambda o: s.PolynomialLR(o, 20, power=2.0)),
        # Five steps up, the last of them at the peak, then a cosine over the fifteen that are left.
        "warmup-cosine": rates(lambda o: s.SequentialLR(o, [
            s.LinearLR(o, start_factor=0.2, end_factor=1.0, total_iters=4), s.CosineAnnealingLR(o, 15)], milestones=[5])),
        "constant": rates(lambda o: s.ConstantLR(o, factor=1.0)),
    }
    # fairseq's tri-stage: warm-up 4, hold 6, decay 10 to 0.05; and the transformer's, peak scaled to 1.
    out["tri-stage"] = np.array([(i + 1) / 4 if i < 4 else 1.0 if i < 10 else math.exp(math.log(0.05) * (i - 10) / 10) for i in range(20)])
    raw = [512 ** -0.5 * min((i + 1) ** -0.5, (i + 1) * 4 ** -1.5) for i in range(20)]
    out["noam"] = np.array(raw)
    out["noam-share"] = np.array(raw) / max(raw)
    save(DATA / "nn-schedules.safetensors", out)


def metrics():
    out = {}
    features = torch.tensor(hashed(300 * 24, 1).reshape(300, 24)) @ torch.diag(torch.tensor([1.5 ** -i for i in range(24)], dtype=torch.float64))
    sigma = torch.linalg.svdvals(features)
    p = sigma / sigma.sum() + 1e-7
    out["singular"] = sigma
    out["rankme"] = torch.exp(-(p * p.log()).sum())
    x = nn.functional.normalize(features)
    y = nn.functional.normalize(features + 0.1 * torch.tensor(hashed(300 * 24, 2).reshape(300, 24)))
    out["alignment"] = (x - y).norm(dim=1).pow(2).mean()
    out["uniformity"] = torch.pdist(x).pow(2).mul(-2).exp().mean().log()
    out["deviation"] = x.std(dim=0).mean()

    # Weighted kNN as in Wu et al. 2018, in double, a stable sort so that ties go to the lower index.
    bank = nn.functional.normalize(torch.tensor(hashed(1100 * 16, 3).reshape(1100, 16)))
    query = nn.functional.normalize(torch.tensor(hashed(140 * 16, 4).reshape(140, 16)))
    labels = torch.tensor((hashed(1100, 5) * 3.5 + 3.5).astype(np.int64))
    similarity = query @ bank.T
    values, index = similarity.sort(dim=1, descending=True, stable=True)
    k, temperature = 20, 0.1
    scores = torch.zeros(140, 7, dtype=torch.float64)
    scores.scatter_add_(1, labels[index[:, :k]], (values[:, :k] / temperature).exp())
    out["knn.labels"] = labels
    out["knn.neighbours"] = index[:, :k]
    out["knn.ranking"] = scores.argsort(dim=1, descending=True, stable=True)
    save(DATA / "nn-metrics.safetensors", out)


def fill(model):
    """Weights both sides compute: uniform with He's deviation for convolutions, near 1 and 0 for norms. Double precision."""
    model = model.double()
    for salt, (name, parameter) in enumerate(model.named_parameters()):
        values = torch.tensor(hashed(parameter.numel(), salt)).reshape(parameter.shape)
        if parameter.dim() == 4:
            fan_out = parameter.shape[0] * parameter.shape[2] * parameter.shape[3]
            values = values * math.sqrt(3) * math.sqrt(2 / fan_out)
        else:
            # The last norm of a bottleneck is small, or sixteen of them would amplify rounding errors a hundredfold.
            values = 0.2 * values + (0.25 if name.endswith("bn3.weight") else 1 if name.endswith("weight") else 0)
        parameter.data = values.float().double()
    return model


def cifar_stem(model):
    model.conv1 = nn.Conv2d(3, 64, 3, stride=1, padding=1, bias=False)
    model.maxpool = nn.Identity()
    return model


def resnets():
    out = {}
    for label, make, stem, side in [
            ("resnet18-cifar", torchvision.models.resnet18, "cifar", 32),
            ("resnet18-imagenet", torchvision.models.resnet18, "imagenet", 64),
            ("resnet50-cifar", torchvision.models.resnet50, "cifar", 16)]:
        model = make(weights=None)
        model.fc = nn.Identity()
        model = fill(cifar_stem(model) if stem == "cifar" else model)
        n = 4
        x = torch.tensor(hashed(n * side * side * 3, 1000).astype(np.float32).astype(np.float64).reshape(n, side, side, 3))
        model.train()
        y = model(x.permute(0, 3, 1, 2))
        c = torch.tensor(hashed(y.numel(), 1001).reshape(y.shape))
        (y * c).sum().backward()
        out[f"{label}.train"] = y.float()
        # One row a parameter: the gradient's norm, then five entries spread over it.
        out[f"{label}.gradients"] = np.array([
            [p.grad.norm().item()] + [p.grad.reshape(-1)[(i * p.numel()) // 5].item() for i in range(5)] for p in model.parameters()])
        out[f"{label}.buffers"] = np.array([b.double().norm().item() for b in model.buffers()])
        model.eval()
        with torch.no_grad():
            out[f"{label}.eval"] = model(x.permute(0, 3, 1, 2)).float()
    save(DATA / "nn-resnets.safetensors", out)

    lines = []
    for depth in (18, 34, 50):
        model = getattr(torchvision.models, f"resnet{depth}")(weights=None)
        lines += [f"resnet{depth} {key} {'x'.join(map(str, value.shape))}" for key, value in model.state_dict().items() if not key.startswith("fc.")]
    (DATA / "torchvision-resnets.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    layers()
    optimizers()
    schedules()
    metrics()
    resnets()
