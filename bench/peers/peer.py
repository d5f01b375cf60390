"""PyTorch's side of bench/side-by-side: reads one JSON request a line, does the work once, answers with its seconds.

Run with Debian's python3 (python3-torch, python3-torchvision, libopenblas0-pthread). Threads come from the environment
(OMP_NUM_THREADS, OPENBLAS_NUM_THREADS), which the driver sets per process.
"""
import io
import json
import sys
import tarfile
import time

import torch
import torch.nn.functional as F
import torchvision
from torchvision import transforms
from PIL import Image


def resnet18_cifar(width):
    """torchvision's ResNet-18 with a 3x3 stem and no pooling, `width` channels in the first stage."""
    net = torchvision.models.resnet18(weights=None)
    if width != 64:
        net = torchvision.models.ResNet.__new__(torchvision.models.ResNet)
        torch.nn.Module.__init__(net)
        net._norm_layer = torch.nn.BatchNorm2d
        net.inplanes, net.dilation, net.groups, net.base_width = width, 1, 1, 64
        block = torchvision.models.resnet.BasicBlock
        net.bn1, net.relu = torch.nn.BatchNorm2d(width), torch.nn.ReLU(inplace=True)
        net.layer1 = net._make_layer(block, width, 2)
        net.layer2 = net._make_layer(block, width * 2, 2, stride=2)
        net.layer3 = net._make_layer(block, width * 4, 2, stride=2)
        net.layer4 = net._make_layer(block, width * 8, 2, stride=2)
        net.avgpool = torch.nn.AdaptiveAvgPool2d((1, 1))
    net.conv1 = torch.nn.Conv2d(3, width, 3, 1, 1, bias=False)
    net.maxpool = torch.nn.Identity()
    net.fc = torch.nn.Identity()
    for module in net.modules():
        if isinstance(module, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    return net


def nt_xent(z, temperature):
    z = F.normalize(z)
    n = z.shape[0] // 2
    logits = z @ z.t() / temperature
    logits.fill_diagonal_(float("-inf"))
    return F.cross_entropy(logits, torch.arange(2 * n).roll(n))


def two_views(size):
    one = transforms.Compose([
        transforms.RandomResizedCrop(size, scale=(0.08, 1.0)),
        transforms.RandomHorizontalFlip(),
        transforms.RandomApply([transforms.ColorJitter(0.4, 0.4, 0.4, 0.1)], p=0.8),
        transforms.RandomGrayscale(p=0.2),
        transforms.ToTensor(),
        transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
    ])
    return lambda picture: torch.stack([one(picture), one(picture)])


def vit_tiny():
    """torchvision's vision transformer for pictures of 32: 64 patches and a class token, 12 blocks of width 192."""
    model = torchvision.models.vision_transformer.VisionTransformer(
        image_size=32, patch_size=4, num_layers=12, num_heads=3, hidden_dim=192, mlp_dim=768)
    model.heads = torch.nn.Identity()
    return model


class MaskedAutoencoder(torch.nn.Module):
    """MAE as its paper has it: the encoder sees a quarter of the patches, a small decoder paints the others."""

    def __init__(self, dim=192, depth=12, heads=3, decoder_dim=96, decoder_depth=2, patch=4, patches=64, visible=16):
        super().__init__()
        block = torchvision.models.vision_transformer.EncoderBlock
        self.patch, self.patches, self.visible = patch, patches, visible
        self.embed = torch.nn.Linear(patch * patch * 3, dim)
        self.register_buffer("positions", torch.randn(1, patches, dim))
        self.register_buffer("decoder_positions", torch.randn(1, patches, decoder_dim))
        self.blocks = torch.nn.Sequential(*[block(heads, dim, 4 * dim, 0.0, 0.0) for _ in range(depth)], torch.nn.LayerNorm(dim))
        self.narrow = torch.nn.Linear(dim, decoder_dim)
        self.mask_token = torch.nn.Parameter(torch.zeros(1, 1, decoder_dim))
        self.painters = torch.nn.Sequential(
            *[block(3, decoder_dim, 4 * decoder_dim, 0.0, 0.0) for _ in range(decoder_depth)],
            torch.nn.LayerNorm(decoder_dim), torch.nn.Linear(decoder_dim, patch * patch * 3))

    def forward(self, pictures):
        n, side = len(pictures), pictures.shape[2] // self.patch
        cut = pictures.reshape(n, 3, side, self.patch, side, self.patch).permute(0, 2, 4, 3, 5, 1).reshape(n, side * side, -1)
        order = torch.rand(n, self.patches).argsort(1)
        back = order.argsort(1)
        tokens = self.embed(cut) + self.positions
        kept = order[:, :self.visible, None].expand(-1, -1, tokens.shape[2])
        x = self.narrow(self.blocks(tokens.gather(1, kept)))
        x = torch.cat([x, self.mask_token.expand(n, self.patches - self.visible, -1)], 1)
        x = x.gather(1, back[:, :, None].expand_as(x)) + self.decoder_positions
        target = (cut - cut.mean(2, keepdim=True)) / (cut.var(2, keepdim=True) + 1e-6).sqrt()
        error = (self.painters(x) - target).square().mean(2)
        hidden = (back >= self.visible).float()
        return (error * hidden).sum() / hidden.sum()


def peak_memory():
    """Bytes of this process at most."""
    with open("/proc/self/status") as status:
        return next(1024 * int(line.split()[1]) for line in status if line.startswith("VmHWM"))


class Peer:
    """Work is prepared once per request text and then repeated."""

    def __init__(self):
        self.ready = {}

    def prepare(self, request):
        work = request["work"]
        if work == "gemm":
            a, b = torch.randn(request["m"], request["k"]), torch.randn(request["k"], request["n"])
            return lambda: a @ b
        if work in ("conv", "conv-dx", "conv-dw"):
            x = torch.randn(request["n"], request["c"], request["h"], request["h"])
            w = torch.randn(request["o"], request["c"], request["k"], request["k"])
            stride, pad = request["s"], request["p"]
            if request.get("channels_last"):
                x, w = x.to(memory_format=torch.channels_last), w.to(memory_format=torch.channels_last)
            if work == "conv":
                return lambda: F.conv2d(x, w, None, stride, pad)
            dy = torch.randn_like(F.conv2d(x, w, None, stride, pad))
            mask = (work == "conv-dx", work == "conv-dw", False)
            return lambda: torch.ops.aten.convolution_backward(
                dy, x, w, None, (stride, stride), (pad, pad), (1, 1), False, (0, 0), 1, mask)
        if work == "simclr-step":
            net = resnet18_cifar(request["width"])
            dim = request["width"] * 8
            head = torch.nn.Sequential(torch.nn.Linear(dim, dim), torch.nn.ReLU(), torch.nn.Linear(dim, 128))
            model = torch.nn.Sequential(net, head)
            views = torch.randn(request["views"], 3, 32, 32)
            if request.get("channels_last"):
                model, views = model.to(memory_format=torch.channels_last), views.to(memory_format=torch.channels_last)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)

            def step():
                loss = nt_xent(model(views), 0.5)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
            return step
        if work in ("gru-step", "lstm-step"):
            kind = torch.nn.GRU if work == "gru-step" else torch.nn.LSTM
            layer = kind(request["input"], request["hidden"], request["layers"], batch_first=True)
            frames = torch.randn(request["items"], request["frames"], request["input"])
            optimizer = torch.optim.Adam(layer.parameters(), lr=1e-4)

            def step():
                loss = layer(frames)[0].square().mean()
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
            return step
        if work == "wav2vec2-step":
            import torchaudio
            model = torchaudio.models.wav2vec2_model(
                "group_norm", [(256, 10, 5)] + [(256, 3, 2)] * 4 + [(256, 2, 2)] * 2, False, 256, 0.0, 128, 16, 4, 4, 0.0, 1024, 0.0, 0.0, False, 0.0, None)
            waves = torch.randn(request["items"], request["samples"])
            optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)

            def step():
                loss = model(waves)[0].square().mean()
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
            return step
        if work in ("vit-step", "mae-step"):
            model = vit_tiny() if work == "vit-step" else MaskedAutoencoder()
            pictures = torch.randn(request["items"], 3, 32, 32)
            optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)

            def step():
                loss = model(pictures).square().mean() if work == "vit-step" else model(pictures)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
            return step
        if work == "wav2vec2-base":
            import torchaudio
            model = torchaudio.models.wav2vec2_base().eval()
            wave = torch.randn(1, request["samples"])

            def forward():
                with torch.inference_mode():
                    model(wave)
            return forward
        if work == "fbank":
            import torchaudio
            pieces = [torch.randn(1, 160000) * 0.1 for _ in range(request["seconds"] // 10)]
            return lambda: [torchaudio.compliance.kaldi.fbank(piece, num_mel_bins=80) for piece in pieces]
        if work in ("whole-run", "start-up"):
            import os
            import subprocess
            script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "simclr_cifar10.py")
            length = ["--steps", str(request["steps"])] if work == "whole-run" else ["--begin"]
            return lambda: subprocess.run([sys.executable, script, request["tar"], request["tar"], "60", *length], check=True, stdout=subprocess.DEVNULL)
        if work == "loader":
            with tarfile.open(request["tar"]) as tar:
                files = [tar.extractfile(m).read() for m in tar if m.isfile()][:request["count"]]
            views = two_views(32)
            return lambda: [views(Image.open(io.BytesIO(f)).convert("RGB")) for f in files]
        raise ValueError(work)

    def answer(self, line):
        request = json.loads(line)
        if request["work"] == "versions":
            return {"torch": torch.__version__, "torchvision": torchvision.__version__, "threads": torch.get_num_threads(),
                    "config": torch.__config__.show()}
        if request["work"] == "memory":
            return {"bytes": peak_memory()}
        if line not in self.ready:
            self.ready = {line: self.prepare(request)}
            for _ in range(request.get("warmup", 1)):
                self.ready[line]()
        start = time.perf_counter()
        self.ready[line]()
        return {"seconds": time.perf_counter() - start}


def main():
    torch.manual_seed(0)
    peer = Peer()
    for line in sys.stdin:
        print(json.dumps(peer.answer(line.strip())), flush=True)


if __name__ == "__main__":
    main()
