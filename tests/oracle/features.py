#!/usr/bin/python3
"""What torchaudio makes of one short sound: Kaldi's features, the transforms, deltas and sliding normalisation.

Writes tests/oracle/data/features.safetensors; features are [frames, numbers]. torchaudio 0.13 made the committed file.
Kaldi's are computed in double where torchaudio does.

    /usr/bin/python3 tests/oracle/features.py
"""
import pathlib

import numpy as np
import torch
import torchaudio.compliance.kaldi as kaldi
import torchaudio.functional as F
import torchaudio.transforms as T

from tiny_safetensors import save

out = {}
rng = np.random.RandomState(3)
RATE = 16000


def speech_like(seconds):
    """Pulses of a gliding pitch through three moving resonances, a hiss, a pause, and an offset."""
    n = int(RATE * seconds)
    t = np.arange(n) / RATE
    phase = np.cumsum(110 + 40 * np.sin(2 * np.pi * 1.7 * t)) / RATE
    source = np.diff(np.floor(phase), prepend=0) + 0.01 * rng.normal(size=n)
    y = np.zeros(n)
    for centre, width, level in ((500, 80, 1.0), (1500, 120, 0.6), (2600, 160, 0.4)):
        f = centre * (1 + 0.3 * np.sin(2 * np.pi * 2.3 * t + centre))
        r = np.exp(-np.pi * width / RATE)
        a = b = 0.0
        for i in range(n):
            a, b = source[i] * level + 2 * r * np.cos(2 * np.pi * f[i] / RATE) * a - r * r * b, a
            y[i] += a
    hiss = rng.normal(size=n) * (np.sin(2 * np.pi * 1.1 * t) > 0.6) * 0.5
    y = (y / np.abs(y).max() + 0.3 * hiss) * (0.3 + 0.2 * np.sin(2 * np.pi * 2.9 * t))
    y[int(0.42 * n):int(0.5 * n)] *= 0.01
    return np.round((0.7 * y + 0.01) * 32768).clip(-32768, 32767) / 32768


wave = torch.from_numpy(speech_like(0.3)).float()
out["wave"] = wave

# Kaldi: sound as 16-bit levels, and as -1 ... 1.
levels = (wave * 32768)[None].double()
small = wave[None].double()
keep = lambda name, x: out.__setitem__(name, x.float().contiguous())
for bins in (23, 40, 80):
    keep(f"fbank.{bins}", kaldi.fbank(levels, num_mel_bins=bins))
keep("fbank.small", kaldi.fbank(small, num_mel_bins=80))
keep("fbank.hamming", kaldi.fbank(levels, num_mel_bins=40, window_type="hamming", preemphasis_coefficient=0.9, remove_dc_offset=False))
keep("fbank.hanning", kaldi.fbank(levels, num_mel_bins=40, window_type="hanning", low_freq=60, high_freq=-400, use_energy=True))
keep("fbank.blackman", kaldi.fbank(levels, num_mel_bins=23, window_type="blackman", use_energy=True, raw_energy=False, subtract_mean=True))
keep("fbank.rectangular", kaldi.fbank(levels, num_mel_bins=23, window_type="rectangular", use_power=False, round_to_power_of_two=False))
keep("fbank.linear", kaldi.fbank(small, num_mel_bins=23, use_log_fbank=False, preemphasis_coefficient=0.0))
keep("fbank.noedges", kaldi.fbank(levels, num_mel_bins=40, snip_edges=False))
keep("fbank.longshift", kaldi.fbank(levels, num_mel_bins=40, snip_edges=False, frame_shift=40.0, sample_frequency=8000.0, high_freq=3700.0))
keep("fbank.floor", kaldi.fbank(small, num_mel_bins=23, use_energy=True, energy_floor=0.0))
keep("mfcc", kaldi.mfcc(levels))
keep("mfcc.energy", kaldi.mfcc(levels, use_energy=True, num_ceps=20, num_mel_bins=40, cepstral_lifter=0.0, window_type="hamming"))
keep("spectrogram", kaldi.spectrogram(levels)[:12])
keep("spectrogram.energy", kaldi.spectrogram(levels, raw_energy=False, snip_edges=False, window_type="hamming")[:8])

mfcc = kaldi.mfcc(small, use_energy=False).T
delta = F.compute_deltas(mfcc)
keep("hubert", torch.cat([mfcc, delta, F.compute_deltas(delta)]).T)
keep("deltas.9", F.compute_deltas(mfcc, win_length=9).T)
keep("deltas.short", F.compute_deltas(mfcc[:, :2]).T)

# torchaudio's transforms.
single = wave[None]
keep("stft.400", T.Spectrogram(n_fft=400)(single)[0].T[:12])
keep("stft.magnitude", T.Spectrogram(n_fft=512, win_length=300, hop_length=200, power=1.0, center=False)(single)[0].T[:8])
keep("mel.default", T.MelSpectrogram(RATE, n_mels=40)(single)[0].T)
keep("mel.slaney", T.MelSpectrogram(RATE, n_fft=512, hop_length=160, n_mels=40, norm="slaney", mel_scale="slaney", f_min=50, f_max=7000)(single)[0].T)
keep("mel.slaneynorm", T.MelSpectrogram(RATE, n_fft=512, hop_length=160, n_mels=40, norm="slaney", window_fn=torch.hamming_window)(single)[0].T)
byola = T.MelSpectrogram(RATE, n_fft=1024, hop_length=160, n_mels=64, f_min=60, f_max=7800)
keep("logmel", (byola(single)[0] + torch.finfo(torch.float32).eps).log().T)
keep("db.power", T.AmplitudeToDB(top_db=60.0)(byola(single))[0].T)
keep("db.magnitude", T.AmplitudeToDB("magnitude")(byola(single))[0].T)
keep("mel.byola", byola(single)[0].T)
keep("mfcc.torch", T.MFCC(RATE, n_mfcc=20, melkwargs={"n_mels": 40, "hop_length": 160})(single)[0].T)
keep("mfcc.torchlog", T.MFCC(RATE, n_mfcc=20, log_mels=True, melkwargs={"n_mels": 40, "hop_length": 160})(single)[0].T)

frames = torch.from_numpy(rng.normal(size=(60, 5)) * [1, 2, 3, 0.1, 10] + [0, 5, -5, 1, 100])
keep("cmn.input", frames)
frames = out["cmn.input"].double()
for window, least in ((20, 5), (600, 100), (7, 30)):
    for centre in (False, True):
        for variances in (False, True):
            keep(f"cmn.{window}.{least}.{centre}.{variances}", F.sliding_window_cmn(frames, window, least, centre, variances))
keep("cmvn", (frames - frames.mean(0)) / frames.std(0, unbiased=False))

x = rng.normal(size=1260)
out["fft.input"] = x.astype(np.float32)
for n in (2, 4, 6, 8, 14, 30, 64, 400, 512, 1260):
    spectrum = np.fft.rfft(out["fft.input"][:n].astype(np.float64))
    out[f"fft.{n}"] = np.stack([spectrum.real, spectrum.imag], -1).astype(np.float32)

save(pathlib.Path(__file__).parent / "data" / "features.safetensors", out)
