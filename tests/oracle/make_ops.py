"""Values and gradients of operators by PyTorch, for tests/Tacit.Tests/Tensors/Ops/PyTorchTests.cs.

Every case holds its inputs (case.0, case.1, ...), the result (case.y), the weights of the sum that is the loss (case.w)
and the gradients of the inputs (case.0.grad, ...). Pictures are [N, H, W, C] on disk and NCHW inside PyTorch. Run with
Debian's python3-torch; writes data/ops.safetensors.
"""
import math
import os

import torch
import torch.nn.functional as F

from tiny_safetensors import save

torch.manual_seed(20260101)
OUT = {}


def case(name, f, *inputs, extra=None):
    """Runs f in double precision on float32 inputs and records results and gradients as float32."""
    leaves = [x.double().requires_grad_(True) for x in inputs]
    y = f(*leaves)
    w = torch.randn(y.shape).double()
    (y * w).sum().backward()
    for i, x in enumerate(leaves):
        OUT[f"{name}.{i}"] = x.detach().float()
        OUT[f"{name}.{i}.grad"] = x.grad.float()
    OUT[f"{name}.y"] = y.detach().float()
    OUT[f"{name}.w"] = w.float()
    for key, value in (extra or {}).items():
        OUT[f"{name}.{key}"] = value.float()


def first(x):
    """Channels from last to first."""
    return x.movedim(-1, 1)


def last(x):
    """Channels from first to last."""
    return x.movedim(1, -1)


def randn(*shape):
    return torch.randn(*shape)


def attention(q, k, v, causal=False, lengths=None, bias=None):
    """[B, T, H, D] by the definition."""
    s = torch.einsum("bihd,bjhd->bhij", q, k) / math.sqrt(q.shape[-1])
    if bias is not None:
        s = s + bias
    if causal:
        s = s.masked_fill(torch.ones(s.shape[-2:], dtype=torch.bool).triu(1), -math.inf)
    if lengths is not None:
        s = s.masked_fill(torch.arange(s.shape[-1])[None, None, None, :] >= torch.tensor(lengths)[:, None, None, None], -math.inf)
    return torch.einsum("bhij,bjhd->bihd", s.softmax(-1), v)


x, weight, bias = 2 * randn(3, 4, 3, 19) + 1, randn(19), randn(19)
mean, variance = torch.zeros(19).double(), torch.ones(19).double()
case("batch_norm_train", lambda x, w, b: last(F.batch_norm(first(x), mean, variance, w, b, training=True, momentum=0.1, eps=1e-5)), x, weight, bias)
OUT["batch_norm_train.running_mean"], OUT["batch_norm_train.running_variance"] = mean.float(), variance.float()
case("batch_norm_residual", lambda x, w, b, r: F.relu(last(F.batch_norm(first(x), None, None, w, b, training=True)) + r), x, weight, bias, randn(3, 4, 3, 19))
mean, variance = randn(19), torch.rand(19) + 0.5
case("batch_norm_evaluate", lambda x, w, b: last(F.batch_norm(first(x), mean.double(), variance.double(), w, b, training=False, eps=1e-3)), x, weight, bias,
     extra={"running_mean": mean, "running_variance": variance})
case("layer_norm", lambda x, w, b: F.layer_norm(x, (19,), w, b, 1e-5), 3 * randn(5, 2, 19) - 2, weight, bias)
case("group_norm", lambda x, w, b: last(F.group_norm(first(x), 3, w, b, 1e-5)), randn(2, 5, 3, 18), randn(18), randn(18))
case("instance_norm", lambda x, w, b: last(F.group_norm(first(x), 18, w, b, 1e-5)), randn(2, 7, 18), randn(18), randn(18))
case("max_pool2d", lambda x: last(F.max_pool2d(first(x), 3, 2, 1)), randn(2, 7, 6, 5))
case("avg_pool2d", lambda x: last(F.avg_pool2d(first(x), 3, 2, 1)), randn(2, 7, 6, 5))
case("max_pool1d", lambda x: last(F.max_pool1d(first(x), 2, 2)), randn(2, 9, 5))
case("avg_pool1d", lambda x: last(F.avg_pool1d(first(x), 4, 3, 2)), randn(2, 9, 5))
case("global_average_pool", lambda x: last(F.adaptive_avg_pool2d(first(x), 1)).flatten(1), randn(2, 3, 4, 5))
spread = torch.cat([torch.linspace(-9, 9, 61), torch.tensor([0.0])])
case("gelu", F.gelu, spread)
case("gelu_tanh", lambda x: F.gelu(x, approximate="tanh"), spread)
case("silu", F.silu, spread)
case("leaky_relu", lambda x: F.leaky_relu(x, 0.2), spread)
case("tanh", torch.tanh, spread)
case("sigmoid", torch.sigmoid, spread)
case("softmax", lambda x: x.softmax(-1), 3 * randn(4, 21))
case("log_softmax", lambda x: x.log_softmax(-1), 3 * randn(4, 21))
targets = torch.tensor([3, 0, -100, 20, 7])
case("cross_entropy", lambda x: F.cross_entropy(x, targets), 2 * randn(5, 21), extra={"targets": targets})
case("cross_entropy_smooth", lambda x: F.cross_entropy(x, targets, label_smoothing=0.1), 2 * randn(5, 21), extra={"targets": targets})
targets7 = torch.tensor([3, 7, 7, 20, 1])
case("cross_entropy_ignore", lambda x: F.cross_entropy(x, targets7, ignore_index=7, label_smoothing=0.3), 2 * randn(5, 21), extra={"targets": targets7})
case("cross_entropy_soft", lambda x, t: F.cross_entropy(x, t), 2 * randn(5, 21), randn(5, 21).softmax(-1))
case("cross_entropy_soft_smooth", lambda x, t: F.cross_entropy(x, t, label_smoothing=0.2), 2 * randn(5, 21), randn(5, 21).softmax(-1))
case("normalize", lambda x: F.normalize(x, dim=-1), randn(4, 19))
case("cosine", lambda a, b: F.cosine_similarity(a, b, dim=-1), randn(4, 19), randn(4, 19))
case("variance", lambda x: x.var(1), randn(3, 5, 7))
case("max", lambda x: x.max(1).values, randn(3, 5, 7))
ids = torch.tensor([4, 0, 4, 2])
case("embedding", lambda t: F.embedding(ids, t), randn(6, 9), extra={"ids": ids})
case("attention", attention, randn(2, 5, 3, 8), randn(2, 7, 3, 8), randn(2, 7, 3, 8))
case("attention_causal", lambda q, k, v: attention(q, k, v, causal=True, lengths=[6, 4]), randn(2, 6, 2, 7), randn(2, 6, 2, 7), randn(2, 6, 2, 7))
case("attention_bias", lambda q, k, v, b: attention(q, k, v, bias=b), randn(2, 5, 3, 8), randn(2, 7, 3, 8), randn(2, 7, 3, 8), randn(1, 3, 5, 7))
case("attention_packed", lambda x: attention(x[:, :, 0], x[:, :, 1], x[:, :, 2]), randn(2, 6, 3, 2, 8))

save(os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "ops.safetensors"), OUT)
