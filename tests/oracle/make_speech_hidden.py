"""Losses of methods that hide frames of recordings, in float64: HuBERT by torchaudio, data2vec and BEST-RQ's targets from torch's functions.

    /usr/bin/python3 tests/oracle/make_speech_hidden.py

Waves, weights and targets are not stored: both sides compute them (make_wav2vec2.py). All frames but one of an item are
hidden; which that is, random numbers of the tests say. Each item is encoded alone, without padding.
"""
import math

import numpy as np
import torch
import torch.nn.functional as F
from torchaudio.models import hubert_pretrain_model

import make_wav2vec2 as w
from tiny_safetensors import save

torch.set_default_dtype(torch.float64)
w.CONVS = [(8, 10, 5)] + [(8, 3, 2)] * 4 + [(8, 2, 2)] * 2
w.LENGTHS = [4080, 2800]
UNITS, INNER, TOP = 7, 4, 2
SEEN = [11, 1]
HIDDEN = ["001110111000", "001111000000", "001111110000", "101110000000"]       # of both recordings, twice; data2vec 2.0's masks
COUNTS = [w.frames(length) for length in w.LENGTHS]


def head(shapes, first):
    """Parameters of a head, salted one after the other."""
    return [w.values(name, shape, first + i).requires_grad_() for i, (name, shape) in enumerate(shapes)]


def hubert(out):
    model = hubert_pretrain_model(
        extractor_mode="group_norm", extractor_conv_layer_config=w.CONVS, extractor_conv_bias=False, encoder_embed_dim=w.DIM,
        encoder_projection_dropout=0, encoder_pos_conv_kernel=w.KERNEL, encoder_pos_conv_groups=w.GROUPS, encoder_num_layers=w.LAYERS,
        encoder_num_heads=w.HEADS, encoder_attention_dropout=0, encoder_ff_interm_features=w.HIDDEN, encoder_ff_interm_dropout=0,
        encoder_dropout=0, encoder_layer_norm_first=False, encoder_layer_drop=0, mask_prob=0.8, mask_selection="static", mask_other=0,
        mask_length=10, no_mask_overlap=False, mask_min_space=1, mask_channel_prob=0, mask_channel_selection="static", mask_channel_other=0,
        mask_channel_length=10, no_mask_channel_overlap=False, mask_channel_min_space=1, skip_masked=False, skip_nomask=False,
        num_classes=UNITS, final_dim=INNER, feature_grad_mult=0.1).double().eval()
    parameters = {w.published_name(n.removeprefix("wav2vec2.")): p for n, p in model.named_parameters() if n.startswith("wav2vec2.")}
    parameters["masked_spec_embed"] = embedding = torch.zeros(w.DIM, requires_grad=True)
    w.fill(parameters)
    with torch.no_grad():
        for given, own in zip(
                head([("weight", (INNER, w.DIM)), ("bias", (INNER,)), ("embeddings", (UNITS, INNER))], 500),
                [model.logit_generator.final_proj.weight, model.logit_generator.final_proj.bias, model.logit_generator.label_embeddings]):
            own.copy_(given)

    class AllButOne(torch.nn.Module):
        def forward(self, x, padding_mask):
            mask = torch.ones(x.shape[:2], dtype=torch.bool)
            mask[:, self.seen] = False
            return torch.where(mask[..., None], embedding, x), mask

    model.mask_generator = AllButOne()
    masked, seen, squares, numbers = [], [], 0, 0
    for n, (length, count) in enumerate(zip(w.LENGTHS, COUNTS)):
        model.mask_generator.seen = SEEN[n]
        labels = torch.tensor([(5 * t + 3 * n) % UNITS for t in range(count)])[None]
        m, u, penalty = model(w.waves()[n:n + 1, :length], labels)
        masked.append(m)
        seen.append(u)
        squares, numbers = squares + penalty * count, numbers + count
    masked, seen = torch.cat(masked), torch.cat(seen)
    entropy = lambda logits: F.cross_entropy(logits, torch.zeros(len(logits), dtype=torch.long))
    loss = entropy(masked) + 0.5 * entropy(seen) + 10 * squares / numbers
    loss.backward()
    out["hubert.loss"] = w.f32(loss)
    out["hubert.accuracy"] = w.f32((masked[:, 0] >= masked[:, 1:].max(1).values).double().mean())
    out["hubert.gradients"] = w.gradients(parameters)
    out["hubert.mask_gradient"] = w.f32(embedding.grad)
    for name, p in [("weight", model.logit_generator.final_proj.weight), ("bias", model.logit_generator.final_proj.bias), ("embeddings", model.logit_generator.label_embeddings)]:
        out[f"hubert.{name}_gradient"] = w.f32(p.grad)


def data2vec(out):
    p = {n: torch.zeros(s) for n, s in w.shapes("layer", False, True).items()}
    w.fill(p)
    for value in p.values():
        value.requires_grad_()
    weight, bias = head([("weight", (w.DIM, w.DIM)), ("bias", (w.DIM,))], 600)
    plain = w.dense

    errors, deviations = [], []
    for n, (length, count) in enumerate(zip(w.LENGTHS, COUNTS)):
        wave = w.waves()[n, :length]
        with torch.no_grad():
            _, branches = w.encode(p, wave, "layer", False, True, False)
            target = sum(F.instance_norm(b.T[None])[0].T for b in branches[-TOP:]) / TOP
        hidden = torch.arange(count) != SEEN[n]
        w.dense = lambda p, name, x: (
            torch.where(hidden[:, None], p["masked_spec_embed"], plain(p, name, x)) if name == "feature_projection.projection" else plain(p, name, x))
        states, _ = w.encode(p, wave, "layer", False, True, False)
        w.dense = plain
        predicted = states[-1] @ weight.T + bias
        errors.append(((predicted - target) ** 2).sum(1)[hidden] / math.sqrt(w.DIM))
        deviations.append(target[hidden])
    loss = torch.cat(errors).mean()
    loss.backward()
    out["data2vec.loss"] = w.f32(loss)
    out["data2vec.target_deviation"] = w.f32(torch.cat(deviations).std(0, unbiased=False).mean())
    out["data2vec.gradients"] = w.gradients(p)
    out["data2vec.weight_gradient"] = w.f32(weight.grad)


def layers(p, x):
    """A post-norm transformer over rows."""
    t = len(x)
    x = w.norm(p, "encoder.layer_norm", x)
    for i in range(w.LAYERS):
        at = f"encoder.layers.{i}"
        q, k, v = (w.dense(p, f"{at}.attention.{n}_proj", x).reshape(t, w.HEADS, -1).transpose(0, 1) for n in "qkv")
        a = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(w.DIM // w.HEADS), -1) @ v
        x = w.norm(p, f"{at}.layer_norm", x + w.dense(p, f"{at}.attention.out_proj", a.transpose(0, 1).reshape(t, w.DIM)))
        f = F.gelu(w.dense(p, f"{at}.feed_forward.intermediate_dense", x))
        x = w.norm(p, f"{at}.final_layer_norm", x + w.dense(p, f"{at}.feed_forward.output_dense", f))
    return x


def data2vec2(out):
    p = {n: torch.zeros(s) for n, s in w.shapes("layer", False, True).items()}
    w.fill(p)
    for value in p.values():
        value.requires_grad_()
    groups = math.gcd(math.gcd(w.DIM, 6), 16)
    decoder = head([("weight", (6, w.DIM // groups, 3)), ("bias", (6,)), ("weight", (6, 6 // groups, 3)), ("bias", (6,)), ("weight", (w.DIM, 6)), ("bias", (w.DIM,))], 650)
    plain, errors = w.dense, []
    kept = {}

    def keeping(p, name, x):
        y = plain(p, name, x)
        if name == "feature_projection.projection":
            kept["projected"] = y
        return y

    for clone, marks in enumerate(HIDDEN):
        n = clone % 2
        hidden = torch.tensor([m == "1" for m in marks[:COUNTS[n]]])
        w.dense = keeping
        _, branches = w.encode(p, w.waves()[n, :w.LENGTHS[n]], "layer", False, True, False)
        w.dense = plain
        target = (sum(F.instance_norm(b.T[None])[0].T for b in branches[-TOP:]) / TOP).detach()
        x = torch.where(hidden[:, None], torch.zeros(()), kept["projected"])
        y = x.T[None]
        for i in range(2):
            at = f"encoder.pos_conv_embed.layers.{i}.conv"
            y = F.conv1d(y, p[f"{at}.weight"], p[f"{at}.bias"], padding=2, groups=w.GROUPS)
            y = F.gelu(F.layer_norm(y.transpose(1, 2), (w.DIM,))).transpose(1, 2)
        seen = layers(p, (x + y[0].T)[~hidden])
        z = torch.zeros(len(x), w.DIM).index_put((torch.where(~hidden)[0],), seen).T[None]
        for i in range(2):
            c = F.conv1d(z, decoder[2 * i], decoder[2 * i + 1], padding=1, groups=groups)
            c = F.gelu(F.layer_norm(c.transpose(1, 2), (6,))).transpose(1, 2)
            z = z + c if i else c
        predicted = z[0].T @ decoder[4].T + decoder[5]
        errors.append(((predicted - target) ** 2).sum(1)[hidden] / math.sqrt(w.DIM))
    loss = torch.cat(errors).mean()
    loss.backward()
    p["masked_spec_embed"].grad = torch.zeros(w.DIM)
    out["data2vec2.loss"] = w.f32(loss)
    out["data2vec2.gradients"] = w.gradients(p)
    for i in (0, 2, 4):
        out[f"data2vec2.weight{i // 2}_gradient"] = w.f32(decoder[i].grad)


def bestrq(out):
    frames = w.tensor((2, 30, 8), 700)
    projection, book = w.tensor((32, 4), 701), w.tensor((11, 4), 702)
    stacks = frames[:, :28].reshape(2, 7, 32) @ projection
    stacks, book = F.normalize(stacks, dim=-1), F.normalize(book, dim=-1)
    distances = torch.cdist(stacks.reshape(14, 4), book)
    out["bestrq.codes"] = distances.argmin(1).numpy().astype(np.int32)
    nearest = distances.sort(1).values
    assert float((nearest[:, 1] - nearest[:, 0]).min()) > 1e-4


def main():
    out = {"seen": np.array(SEEN, dtype=np.float32), "hidden": np.array([m == "1" for marks in HIDDEN for m in marks], dtype=np.float32)}
    hubert(out)
    data2vec(out)
    data2vec2(out)
    bestrq(out)
    save(w.DATA / "speech-hidden.safetensors", out)
    print({k: (v.shape, v if v.size < 3 else "") for k, v in out.items()})


if __name__ == "__main__":
    main()
