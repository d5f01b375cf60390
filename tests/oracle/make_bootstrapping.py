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

# data2vec's targets: blocks' outputs [N, P, D], each normalised over its features or over its places, then averaged.
blocks = [draw(2, 5, 8).detach() * (i + 1) + i for i in range(3)]
for i, block in enumerate(blocks):
    tensors[f"targets.block.{i}"] = block
tensors["targets.layer"] = sum(F.layer_norm(b.float().double(), (8,)) for b in blocks) / 3
tensors["targets.instance"] = sum(F.instance_norm(b.float().double().transpose(1, 2)).transpose(1, 2) for b in blocks) / 3


# I-JEPA's predictor (arXiv:2301.08243, section 3): context and mask tokens with positions through a pre-norm transformer.
class Block(torch.nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.ln_1 = torch.nn.LayerNorm(dim, eps=1e-6)
        self.self_attention = torch.nn.MultiheadAttention(dim, heads, batch_first=True)
        self.ln_2 = torch.nn.LayerNorm(dim, eps=1e-6)
        self.mlp = torch.nn.Sequential(
            torch.nn.Linear(dim, 4 * dim), torch.nn.GELU(), torch.nn.Identity(), torch.nn.Linear(4 * dim, dim))

    def forward(self, x):
        y = self.ln_1(x)
        x = x + self.self_attention(y, y, y, need_weights=False)[0]
        return x + self.mlp(self.ln_2(x))


class Predictor(torch.nn.Module):
    def __init__(self, dim, width, depth, heads):
        super().__init__()
        self.mask_token = torch.nn.Parameter(torch.randn(1, width))
        self.narrow = torch.nn.Linear(dim, width)
        for i in range(depth):
            setattr(self, f"block_{i}", Block(width, heads))
        self.norm = torch.nn.LayerNorm(width, eps=1e-6)
        self.widen = torch.nn.Linear(width, dim)
        self.depth = depth

    def forward(self, context, seen, asked, positions):
        """context [N, C, dim], seen [N, C], asked [blocks, N, K]: one sequence for each block and item, by itself."""
        answers = []
        for block in asked:
            for item, places in enumerate(block):
                known = self.narrow(context[item]) + positions[seen[item]]
                unknown = self.mask_token + positions[places]
                x = torch.cat([known, unknown])[None]
                for i in range(self.depth):
                    x = getattr(self, f"block_{i}")(x)
                answers.append(self.widen(self.norm(x[0, len(known):])))
        return torch.cat(answers)


predictor = Predictor(6, 8, 2, 2).double()
with torch.no_grad():
    for parameter in predictor.parameters():
        parameter.copy_((torch.randn_like(parameter) * 0.3).float().double())
context, positions = draw(2, 3, 6), draw(9, 8).detach()
seen = torch.tensor([[0, 4, 8], [1, 2, 6]])
asked = torch.tensor([[[1, 2], [4, 5]], [[5, 6], [7, 8]], [[1, 2], [3, 4]]])
answers = predictor(context, seen, asked, positions)
weights = draw(*answers.shape).detach()
keep("jepa", (answers * weights).sum(), context=context)
tensors.update({"jepa.positions": positions, "jepa.weights": weights, "jepa.answers": answers.detach()})
tensors.update({f"jepa.state.{name}": value for name, value in predictor.state_dict().items()})
tensors["jepa.mask_token.gradient"] = predictor.mask_token.grad

tensors = {name: value.float() for name, value in tensors.items()}
save(DATA / "bootstrapping.safetensors", tensors)
