"""A plain SimCLR on CIFAR-10 in PyTorch for ten minutes of wall time, then weighted kNN and a linear probe.

    python3 bench/peers/simclr_cifar10.py ../shared/data/cifar10-train.tar ../shared/data/cifar10-test.tar [minutes [--untrained]]

--steps N ends after N steps without judging, --begin where the first step would begin: what bench/side-by-side times.

ResNet-18 with a CIFAR stem at width 16, torchvision's transforms, NT-Xent at temperature 0.5, SGD with a cosine schedule:
what a reader of the paper would write. Runs with Debian's python3-torch and python3-torchvision.
"""
import io
import math
import sys
import tarfile
import time

import torch
import torch.nn.functional as F
from PIL import Image
from torchvision import transforms

from peer import nt_xent, resnet18_cifar, two_views

BATCH, WIDTH = 256, 16


class Pictures(torch.utils.data.Dataset):
    def __init__(self, path, transform):
        with tarfile.open(path) as tar:
            members = sorted((m for m in tar if m.isfile()), key=lambda m: m.name)
            self.files = [tar.extractfile(m).read() for m in members]
            names = [m.name.split("/")[0] for m in members]
        classes = sorted(set(names))
        self.labels = torch.tensor([classes.index(n) for n in names])
        self.transform = transform

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        return self.transform(Image.open(io.BytesIO(self.files[i])).convert("RGB"))


def features(net, path):
    plain = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))])
    data = Pictures(path, plain)
    net.eval()
    with torch.no_grad():
        out = torch.cat([net(x) for x in torch.utils.data.DataLoader(data, 500, num_workers=2)])
    return out, data.labels


def knn(train, labels, test, truth, k=200, temperature=0.1):
    train, test = F.normalize(train), F.normalize(test)
    right = 0
    for at in range(0, len(test), 500):
        similarity, index = (test[at:at + 500] @ train.t()).topk(k)
        votes = torch.zeros(len(similarity), 10).scatter_add_(1, labels[index], (similarity / temperature).exp())
        right += (votes.argmax(1) == truth[at:at + 500]).sum().item()
    return right / len(test)


def linear(train, labels, test, truth):
    mean, std = train.mean(0), train.std(0) + 1e-6
    train, test = (train - mean) / std, (test - mean) / std
    probe = torch.nn.Linear(train.shape[1], 10)
    optimizer = torch.optim.LBFGS(probe.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = F.cross_entropy(probe(train), labels) + 1e-4 * probe.weight.square().sum()
        loss.backward()
        return loss
    optimizer.step(closure)
    return (probe(test).argmax(1) == truth).float().mean().item()


def main():
    train_path, test_path = sys.argv[1], sys.argv[2]
    budget = 60 * float(sys.argv[3]) if len(sys.argv) > 3 else 600
    torch.manual_seed(0)
    net = resnet18_cifar(WIDTH)
    head = torch.nn.Sequential(torch.nn.Linear(WIDTH * 8, WIDTH * 8), torch.nn.ReLU(), torch.nn.Linear(WIDTH * 8, 128))
    parameters = list(net.parameters()) + list(head.parameters())
    optimizer = torch.optim.SGD(parameters, lr=0.06 * BATCH / 128, momentum=0.9, weight_decay=5e-4)
    if "--untrained" in sys.argv:
        train, labels = features(net, train_path)
        test, truth = features(net, test_path)
        print(f"untrained: kNN {knn(train, labels, test, truth):.4f} linear {linear(train, labels, test, truth):.4f}", flush=True)

    loader = torch.utils.data.DataLoader(
        Pictures(train_path, two_views(32)), BATCH, shuffle=True, num_workers=2, drop_last=True, persistent_workers=True)
    last = int(sys.argv[sys.argv.index("--steps") + 1]) if "--steps" in sys.argv else None
    net.train()
    start, seen = time.perf_counter(), 0
    while time.perf_counter() - start < budget:
        for views in loader:
            done = (time.perf_counter() - start) / budget
            if done >= 1:
                break
            if "--begin" in sys.argv or (last is not None and seen >= last * BATCH):
                return
            for group in optimizer.param_groups:
                group["lr"] = 0.06 * BATCH / 128 * min(1, done / 0.05) * 0.5 * (1 + math.cos(math.pi * done))
            loss = nt_xent(head(net(torch.cat([views[:, 0], views[:, 1]]))), 0.5)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            seen += len(views)
    seconds = time.perf_counter() - start
    train, labels = features(net, train_path)
    test, truth = features(net, test_path)
    print(f"SimCLR after {seconds:.0f} s, {seen} pictures ({seen / seconds:.0f}/s): "
          f"kNN {knn(train, labels, test, truth):.4f} linear {linear(train, labels, test, truth):.4f}")


if __name__ == "__main__":
    main()
