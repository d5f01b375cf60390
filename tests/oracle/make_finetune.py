"""What PyTorch gives for label smoothing, of hard labels and of mixed ones: the constants of PictureMixingTests in
Tacit.Tests/Evaluation/FineTuning. Prints them; nothing is written."""
import torch
import torch.nn.functional as F

logits = torch.tensor([[1, -0.5, 2], [0.25, 0, -1.5]])
print("hard, smoothing 0.1: ", F.cross_entropy(logits, torch.tensor([2, 0]), label_smoothing=0.1).item())
mixed = torch.tensor([[0.4, 0, 0.6], [0.6, 0, 0.4]])
print("mixed, smoothing 0.1:", F.cross_entropy(logits, mixed, label_smoothing=0.1).item())
