"""Losses, logits and gradients of GPT and BERT on short padded texts, from torch and torchvision's blocks in float64.

    /usr/bin/python3 tests/oracle/make_text.py

Weights come from `hashed` and `fill` of make_models.py, parameter by parameter, so only results are stored.
"""
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models.vision_transformer import EncoderBlock

from make_models import DATA, f32, fill, gradients
from tiny_safetensors import save

V, L, D, DEPTH, HEADS = 12, 8, 16, 2, 2
TOKENS = torch.tensor([[3, 1, 4, 1, 5, 9, 2], [6, 5, 3, 5, 8, V, V], [11, 0, V, V, V, V, V]])
LENGTHS = [7, 5, 2]
MASKED = [1, 5, 8, 11, 15]       # places of the flattened batch that BERT tells


class Backbone(nn.Module):
    def __init__(self, causal):
        super().__init__()
        self.token_embedding = nn.Parameter(torch.zeros(V + 2, D))
        self.pos_embedding = nn.Parameter(torch.zeros(L, D))
        self.blocks = nn.ModuleList(EncoderBlock(HEADS, D, 4 * D, 0.0, 0.0, norm_layer=lambda d: nn.LayerNorm(d, eps=1e-5)) for _ in range(DEPTH))
        self.ln = nn.LayerNorm(D, eps=1e-5)
        self.causal = causal

    def forward(self, tokens):
        x = self.token_embedding[tokens] + self.pos_embedding[:tokens.shape[1]]
        t = tokens.shape[1]
        causal = torch.triu(torch.ones(t, t, dtype=torch.bool), diagonal=1) if self.causal else None
        padding = torch.arange(t)[None] >= torch.tensor(LENGTHS)[:, None]
        for block in self.blocks:
            y = block.ln_1(x)
            y, _ = block.self_attention(y, y, y, attn_mask=causal, key_padding_mask=padding, need_weights=False)
            x = x + y
            x = x + block.mlp(block.ln_2(x))
        return self.ln(x)


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = Backbone(causal=True)

    def forward(self, tokens):
        return F.linear(self.backbone(tokens), self.backbone.token_embedding[:V])


class Bert(nn.Module):
    def __init__(self):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(V))
        self.backbone = Backbone(causal=False)
        self.transform = nn.Linear(D, D)
        self.ln = nn.LayerNorm(D)

    def forward(self, tokens):
        return F.linear(self.ln(F.gelu(self.transform(self.backbone(tokens)))), self.backbone.token_embedding[:V], self.bias)


out = {}
for name, model in (("gpt", Gpt()), ("bert", Bert())):
    parameters = list(model.named_parameters())
    fill(parameters)
    if name == "gpt":
        logits = model(TOKENS)
        told = TOKENS.clone()
        told[told == V] = -100
        loss = F.cross_entropy(logits[:, :-1].reshape(-1, V), told[:, 1:].reshape(-1), ignore_index=-100)
        shown = logits[0]
    else:
        seen = TOKENS.flatten().clone()
        seen[MASKED] = V + 1
        shown = model(seen.reshape(TOKENS.shape)).reshape(-1, V)[MASKED]
        loss = F.cross_entropy(shown, TOKENS.flatten()[MASKED])
    loss.backward()
    out |= {f"{name}.logits": f32(shown), f"{name}.loss": f32(loss), f"{name}.gradients": gradients(parameters)}
    print(name, float(loss), [n for n, _ in parameters][:4])
save(DATA / "text.safetensors", out)
