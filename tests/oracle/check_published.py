"""Loads a folder that Tacit saved into torchaudio's wav2vec 2.0 model, and prints the largest difference of its output.

    /usr/bin/python3 tests/oracle/check_published.py FOLDER

FOLDER holds config.json, model.safetensors and expected.safetensors (`wave` [1, T], `hidden` [1, T', D]). The explicit test
PublishedEncoderTests.What_is_saved_loads_into_torchaudio writes it and runs this.
"""
import json
import pathlib
import struct
import sys

import numpy as np
import torch
from torchaudio.models import wav2vec2_model


def read(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = (8 + length + at for at in entry["data_offsets"])
            tensors[name] = torch.tensor(np.frombuffer(data[start:end], np.float32).reshape(entry["shape"]).copy())
    return tensors


def main():
    folder = pathlib.Path(sys.argv[1])
    c = json.loads((folder / "config.json").read_text())
    model = wav2vec2_model(
        extractor_mode=c["feat_extract_norm"] + "_norm",
        extractor_conv_layer_config=list(zip(c["conv_dim"], c["conv_kernel"], c["conv_stride"])),
        extractor_conv_bias=c["conv_bias"], encoder_embed_dim=c["hidden_size"], encoder_projection_dropout=c["feat_proj_dropout"],
        encoder_pos_conv_kernel=c["num_conv_pos_embeddings"], encoder_pos_conv_groups=c["num_conv_pos_embedding_groups"],
        encoder_num_layers=c["num_hidden_layers"], encoder_num_heads=c["num_attention_heads"],
        encoder_attention_dropout=c["attention_dropout"], encoder_ff_interm_features=c["intermediate_size"],
        encoder_ff_interm_dropout=c["activation_dropout"], encoder_dropout=c["hidden_dropout"],
        encoder_layer_norm_first=c["do_stable_layer_norm"], encoder_layer_drop=c["layerdrop"], aux_num_out=None).eval()
    weights = {n: t for n, t in read(folder / "model.safetensors").items() if n != "masked_spec_embed"}
    for part, module in (("feature_extractor.", model.feature_extractor), ("feature_projection.", model.encoder.feature_projection),
                         ("encoder.", model.encoder.transformer)):
        module.load_state_dict({n[len(part):]: t for n, t in weights.items() if n.startswith(part)})
    expected = read(folder / "expected.safetensors")
    with torch.no_grad():
        difference = float((model(expected["wave"])[0] - expected["hidden"]).abs().max())
    print(difference)
    sys.exit(0 if difference < 1e-4 else 1)


main()
