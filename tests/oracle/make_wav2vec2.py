"""Reference vectors for the speech encoders of Tacit.Models, in float64: wav2vec 2.0 and HuBERT by torchaudio, WavLM and
data2vec put together here from torch's functions.

    /usr/bin/python3 tests/oracle/make_wav2vec2.py

Waves and weights are not stored: both sides compute them by `tensor`, parameter by parameter in the order of their sorted
published names. A gradient is stored as its norm and five entries. Where padding must change nothing, the reference is
each utterance alone, without any.
"""
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from torchaudio.models import wav2vec2_model

from tiny_safetensors import save

DATA = pathlib.Path(__file__).parent / "data"
torch.set_default_dtype(torch.float64)
LENGTHS = [331, 250]
CONVS = [(8, 10, 5), (10, 3, 2), (8, 2, 2)]
DIM, LAYERS, HEADS, HIDDEN, KERNEL, GROUPS = 12, 3, 3, 20, 6, 4
BUCKETS, DISTANCE = 16, 20


def tensor(shape, salt):
    """Numbers in [-1, 1): murmur3's finaliser over the index, salted."""
    h = np.arange(math.prod(shape), dtype=np.uint32) * np.uint32(2654435761) + np.uint32((salt * 40503 + 1) % 2**32)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return torch.tensor(((h >> np.uint32(8)).astype(np.float64) / 2**23 - 1).reshape(shape))


def frames(samples):
    for _, kernel, stride in CONVS:
        samples = (samples - kernel) // stride + 1
    return samples


def values(name, shape, salt):
    scale, shift = (1.5 / math.sqrt(math.prod(shape[1:])) if len(shape) > 1 else 0.2), 0
    if name.endswith(("weight_g", "rel_pos_const")) or (name.endswith("weight") and (len(shape) == 1 or "Norm" in name)):
        scale, shift = 0.2, 1
    return (scale * tensor(shape, salt) + shift).float().double()


def fill(parameters):
    """Gives parameters, by published name, their values."""
    for salt, name in enumerate(sorted(parameters)):
        with torch.no_grad():
            parameters[name].copy_(values(name, tuple(parameters[name].shape), salt))


def gradients(parameters):
    rows = []
    for name in sorted(parameters):
        if name == "masked_spec_embed":
            continue
        flat = parameters[name].grad.flatten()
        rows.append([float(flat.norm())] + [float(flat[i * len(flat) // 5]) for i in range(5)])
    return np.array(rows, dtype=np.float32)


def f32(t):
    return t.detach().numpy().astype(np.float32)


def weight(layer, item, count):
    """What a hidden state's frames are weighed with in the loss; branches have layers from 100."""
    return tensor((len(LENGTHS), frames(max(LENGTHS)), DIM), 1001 + layer)[item, :count]


def waves():
    return tensor((len(LENGTHS), max(LENGTHS)), 2000).float().double()


def record(out, case, states, wave, parameters, branches=()):
    """states: layer -> list of an item's [T, D]; stored as the items' frames one below the other."""
    loss = 0
    for layer, items in list(enumerate(states)) + [(100 + i, b) for i, b in enumerate(branches)]:
        loss = loss + sum((y * weight(layer, n, len(y))).sum() for n, y in enumerate(items))
    loss.backward()
    out[f"{case}.hidden"] = f32(torch.stack([torch.cat(items) for items in states]))
    if branches:
        out[f"{case}.branches"] = f32(torch.stack([torch.cat(items) for items in branches]))
    out[f"{case}.wave_gradient"] = f32(wave.grad)
    out[f"{case}.gradients"] = gradients(parameters)


def published_name(name):
    return name.replace("encoder.feature_projection.", "feature_projection.").replace("encoder.transformer.", "encoder.")


def torchaudio_hidden(model, wave, lengths=None):
    features, lengths = model.feature_extractor(wave, lengths)
    x, mask = model.encoder._preprocess(features, lengths)
    transformer = model.encoder.transformer
    x = transformer._preprocess(x)
    states = [x]
    for layer in transformer.layers:
        x = layer(x, mask)
        states.append(x)
    if not transformer.layer_norm_first:
        states[-1] = transformer.layer_norm(states[-1])
    return states


def torchaudio_case(out, case, norm, bias, pre_norm, padding):
    model = wav2vec2_model(
        extractor_mode=norm, extractor_conv_layer_config=CONVS, extractor_conv_bias=bias, encoder_embed_dim=DIM,
        encoder_projection_dropout=0, encoder_pos_conv_kernel=KERNEL, encoder_pos_conv_groups=GROUPS, encoder_num_layers=LAYERS,
        encoder_num_heads=HEADS, encoder_attention_dropout=0, encoder_ff_interm_features=HIDDEN, encoder_ff_interm_dropout=0,
        encoder_dropout=0, encoder_layer_norm_first=pre_norm, encoder_layer_drop=0, aux_num_out=None)
    model.double().eval()
    parameters = {published_name(n): p for n, p in model.named_parameters()}
    parameters["masked_spec_embed"] = torch.zeros(DIM)
    fill(parameters)
    wave = waves().requires_grad_()
    if padding == "alone":
        each = [torchaudio_hidden(model, wave[n:n + 1, :length]) for n, length in enumerate(LENGTHS)]
        states = [[item[layer][0] for item in each] for layer in range(LAYERS + 1)]
    else:
        lengths = torch.tensor(LENGTHS) if padding == "lengths" else None
        both = torchaudio_hidden(model, wave, lengths)
        assert torch.allclose(both[-1], model(wave, lengths)[0])
        counts = [frames(length) if padding == "lengths" else both[0].shape[1] for length in LENGTHS]
        states = [[h[n, :count] for n, count in enumerate(counts)] for h in both]
    record(out, case, states, wave, parameters)


# WavLM and data2vec, one utterance at a time.

def shapes(norm, wavlm, stacked):
    s = {"masked_spec_embed": (DIM,)}
    for i, (channels, kernel, _) in enumerate(CONVS):
        s[f"feature_extractor.conv_layers.{i}.conv.weight"] = (channels, CONVS[i - 1][0] if i else 1, kernel)
        if norm == "layer" or i == 0:
            for kind in ("weight", "bias"):
                s[f"feature_extractor.conv_layers.{i}.layer_norm.{kind}"] = (channels,)
    for kind in ("weight", "bias"):
        s[f"feature_projection.layer_norm.{kind}"] = (CONVS[-1][0],)
        s[f"encoder.layer_norm.{kind}"] = (DIM,)
    s["feature_projection.projection.weight"], s["feature_projection.projection.bias"] = (DIM, CONVS[-1][0]), (DIM,)
    if stacked:
        for i in range(2):
            s[f"encoder.pos_conv_embed.layers.{i}.conv.weight"] = (DIM, DIM // GROUPS, 5)
            s[f"encoder.pos_conv_embed.layers.{i}.conv.bias"] = (DIM,)
    else:
        s["encoder.pos_conv_embed.conv.weight_g"] = (1, 1, KERNEL)
        s["encoder.pos_conv_embed.conv.weight_v"] = (DIM, DIM // GROUPS, KERNEL)
        s["encoder.pos_conv_embed.conv.bias"] = (DIM,)
    for i in range(LAYERS):
        at = f"encoder.layers.{i}."
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            s[f"{at}attention.{name}.weight"], s[f"{at}attention.{name}.bias"] = (DIM, DIM), (DIM,)
        for name in ("layer_norm", "final_layer_norm"):
            s[f"{at}{name}.weight"] = s[f"{at}{name}.bias"] = (DIM,)
        s[f"{at}feed_forward.intermediate_dense.weight"], s[f"{at}feed_forward.intermediate_dense.bias"] = (HIDDEN, DIM), (HIDDEN,)
        s[f"{at}feed_forward.output_dense.weight"], s[f"{at}feed_forward.output_dense.bias"] = (DIM, HIDDEN), (DIM,)
        if wavlm:
            s[f"{at}attention.gru_rel_pos_const"] = (1, HEADS, 1, 1)
            s[f"{at}attention.gru_rel_pos_linear.weight"], s[f"{at}attention.gru_rel_pos_linear.bias"] = (8, DIM // HEADS), (8,)
    if wavlm:
        s["encoder.layers.0.attention.rel_attn_embed.weight"] = (BUCKETS, HEADS)
    return s


def buckets(offsets, count, distance):
    """Signed logarithmic buckets of key - query, in float32 as published."""
    half = count // 2
    exact = half // 2
    far = torch.abs(offsets)
    scaled = torch.log(far.float() / exact) / math.log(distance / exact) * (half - exact)
    large = torch.minimum((exact + scaled).to(torch.long), torch.full_like(far, half - 1))
    return torch.where(far < exact, far, large) + (offsets > 0).long() * half


def dense(p, name, x):
    return x @ p[f"{name}.weight"].T + p[f"{name}.bias"]


def norm(p, name, x):
    return F.layer_norm(x, x.shape[-1:], p[f"{name}.weight"], p[f"{name}.bias"])


def encode(p, wave, mode, wavlm, stacked, pre_norm):
    x = wave[None, None]
    for i, (channels, _, stride) in enumerate(CONVS):
        at = f"feature_extractor.conv_layers.{i}"
        x = F.conv1d(x, p[f"{at}.conv.weight"], stride=stride)
        if mode == "group" and i == 0:
            centred = x - x.mean(2, keepdim=True)
            x = centred / torch.sqrt((centred ** 2).mean(2, keepdim=True) + 1e-5)
            x = x * p[f"{at}.layer_norm.weight"][:, None] + p[f"{at}.layer_norm.bias"][:, None]
        elif mode == "layer":
            x = norm(p, f"{at}.layer_norm", x.transpose(1, 2)).transpose(1, 2)
        x = F.gelu(x)
    x = dense(p, "feature_projection.projection", norm(p, "feature_projection.layer_norm", x[0].T))
    t = len(x)
    y = x.T[None]
    at = "encoder.pos_conv_embed"
    if stacked:
        for i in range(2):
            y = F.conv1d(y, p[f"{at}.layers.{i}.conv.weight"], p[f"{at}.layers.{i}.conv.bias"], padding=2, groups=GROUPS)
            y = F.gelu(F.layer_norm(y.transpose(1, 2), (DIM,))).transpose(1, 2)
    else:
        v = p[f"{at}.conv.weight_v"]
        w = p[f"{at}.conv.weight_g"] * v / torch.sqrt((v ** 2).sum((0, 1), keepdim=True))
        y = F.gelu(F.conv1d(y, w, p[f"{at}.conv.bias"], padding=KERNEL // 2, groups=GROUPS)[:, :, :t])
    x = x + y[0].T
    if not pre_norm:
        x = norm(p, "encoder.layer_norm", x)
    states, branches = [x], []
    places = torch.arange(t)
    if wavlm:
        table = p["encoder.layers.0.attention.rel_attn_embed.weight"]
        bias = table[buckets(places[None, :] - places[:, None], BUCKETS, DISTANCE)].permute(2, 0, 1)
    for i in range(LAYERS):
        at = f"encoder.layers.{i}"
        a = norm(p, f"{at}.layer_norm", x) if pre_norm else x
        q, k, v = (dense(p, f"{at}.attention.{n}_proj", a).reshape(t, HEADS, -1).transpose(0, 1) for n in "qkv")
        scores = q @ k.transpose(1, 2) / math.sqrt(DIM // HEADS)
        if wavlm:
            gates = dense(p, f"{at}.attention.gru_rel_pos_linear", a.reshape(t, HEADS, -1).transpose(0, 1))
            gates = torch.sigmoid(gates.reshape(HEADS, t, 2, 4).sum(-1))
            const = p[f"{at}.attention.gru_rel_pos_const"].reshape(HEADS, 1)
            g = gates[..., 0] * (gates[..., 1] * const - 1) + 2
            scores = scores + g[..., None] * bias
        a = dense(p, f"{at}.attention.out_proj", (torch.softmax(scores, -1) @ v).transpose(0, 1).reshape(t, DIM))
        x = x + a
        if not pre_norm:
            x = norm(p, f"{at}.layer_norm", x)
        f = norm(p, f"{at}.final_layer_norm", x) if pre_norm else x
        f = dense(p, f"{at}.feed_forward.output_dense", F.gelu(dense(p, f"{at}.feed_forward.intermediate_dense", f)))
        branches.append(f)
        x = x + f
        if not pre_norm:
            x = norm(p, f"{at}.final_layer_norm", x)
        elif i == LAYERS - 1:
            x = norm(p, "encoder.layer_norm", x)
        states.append(x)
    return states, branches


def own_case(out, case, mode, wavlm=False, stacked=False, pre_norm=False):
    p = {n: torch.zeros(s, dtype=torch.float64) for n, s in shapes(mode, wavlm, stacked).items()}
    fill(p)
    for value in p.values():
        value.requires_grad_()
    wave = waves().requires_grad_()
    each = [encode(p, wave[n, :length], mode, wavlm, stacked, pre_norm) for n, length in enumerate(LENGTHS)]
    states = [[item[0][layer] for item in each] for layer in range(LAYERS + 1)]
    branches = [[item[1][layer] for item in each] for layer in range(LAYERS)]
    record(out, case, states, wave, p, branches)


def main():
    out = {}
    torchaudio_case(out, "base", "group_norm", False, False, "alone")
    torchaudio_case(out, "base.published", "group_norm", False, False, "none")
    torchaudio_case(out, "large", "layer_norm", True, True, "lengths")
    own_case(out, "wavlm", "group", wavlm=True)
    own_case(out, "wavlm.large", "layer", wavlm=True, pre_norm=True)
    own_case(out, "data2vec", "layer", stacked=True)
    out["buckets"] = buckets(torch.arange(-1200, 1201), 320, 800).to(torch.int16)
    save(DATA / "wav2vec2.safetensors", out)


if __name__ == "__main__":
    main()
