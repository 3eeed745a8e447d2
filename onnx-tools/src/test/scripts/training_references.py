"""Writes small models, data and PyTorch's weights and moments after some steps, for the tests of the trainer.

    python3 training_references.py ../resources/training

Needs PyTorch 1.13 and NumPy (Debian 12: python3-torch). Batches come in the order in which the trainer shuffles them.
"""
import sys

import numpy as np
import torch
from torch import nn

EXAMPLES, BATCH, SEED = 36, 20, 7
MASK64 = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


class SplittableRandom:
    """java.util.SplittableRandom, as far as a shuffle needs it."""

    def __init__(self, seed):
        self.seed = seed & MASK64

    def next_int(self):
        self.seed = (self.seed + GOLDEN) & MASK64
        z = self.seed
        z = ((z ^ (z >> 33)) * 0x62A9D9ED799705F5) & MASK64
        return (((z ^ (z >> 28)) * 0xCB24D0A5C88C35B3) & MASK64) >> 32

    def below(self, bound):
        r = self.next_int()
        if bound & (bound - 1) == 0:
            return r & (bound - 1)
        u = r >> 1
        while u - u % bound + bound - 1 > 0x7FFFFFFF:
            u = self.next_int() >> 1
        return u % bound


def batches(steps):
    """The rows of each step."""
    epoch = 0
    found = []
    while len(found) < steps:
        epoch += 1
        random = SplittableRandom(SEED + epoch * GOLDEN)
        order = list(range(EXAMPLES))
        for i in range(EXAMPLES - 1, 0, -1):
            j = random.below(i + 1)
            order[i], order[j] = order[j], order[i]
        for start in range(0, EXAMPLES, BATCH):
            found.append(order[start:start + BATCH])
    return found[:steps]


class Transformer(nn.Module):
    def __init__(self, words=24, tokens=6, width=16, heads=2, classes=3):
        super().__init__()
        self.words = nn.Embedding(words, width)
        self.places = nn.Parameter(0.1 * torch.randn(tokens, width))
        self.layers = nn.ModuleList([Layer(width, heads) for _ in range(2)])
        self.norm = nn.LayerNorm(width)
        self.classes = nn.Linear(width, classes)

    def forward(self, ids):
        x = self.norm(self.words(ids) + self.places)
        for layer in self.layers:
            x = layer(x)
        return self.classes(x.mean(1))


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 2 * width)
        self.down = nn.Linear(2 * width, width)
        self.norm2 = nn.LayerNorm(width)

    def split(self, x):
        return x.view(-1, 6, self.heads, 16 // self.heads).transpose(1, 2)

    def forward(self, x):
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        attention = torch.softmax(q @ k.transpose(-2, -1) / 8 ** 0.5, -1)
        mixed = (attention @ v).transpose(1, 2).reshape(-1, 6, 16)
        x = self.norm1(x + self.out(mixed))
        return self.norm2(x + self.down(nn.functional.gelu(self.up(x))))


def perceptron():
    return nn.Sequential(nn.Linear(8, 12), nn.Tanh(), nn.Linear(12, 12), nn.ReLU(), nn.Linear(12, 3))


def convolutional():
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.Flatten(), nn.Linear(24, 3))


def export(folder, name, model, x):
    """In eval mode, and with batch normalizations as nodes of their own."""
    model.eval()
    torch.onnx.export(
        model, x[:2], f"{folder}/{name}.onnx", input_names=["x"], output_names=["logits"],
        dynamic_axes={"x": {0: "N"}, "logits": {0: "N"}}, opset_version=14, do_constant_folding=False,
        training=torch.onnx.TrainingMode.PRESERVE)


def decayed(model, decay):
    matrices = [p for p in model.parameters() if p.dim() > 1]
    vectors = [p for p in model.parameters() if p.dim() <= 1]
    return [{"params": matrices, "weight_decay": decay}, {"params": vectors, "weight_decay": 0}]


OPTIMIZERS = {
    "adam": lambda model: torch.optim.Adam(model.parameters(), lr=1e-3),
    "adamw": lambda model: torch.optim.AdamW(decayed(model, 0.1), lr=1e-2, betas=(0.8, 0.95)),
    "adam-decay": lambda model: torch.optim.Adam(decayed(model, 0.1), lr=1e-2),
    "rmsprop": lambda model: torch.optim.RMSprop(model.parameters(), lr=1e-2, momentum=0.5),
    "sgd": lambda model: torch.optim.SGD(decayed(model, 0.01), lr=0.05, momentum=0.9),
    "nesterov": lambda model: torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True),
    "clipped": lambda model: torch.optim.Adam(model.parameters(), lr=1e-2),
    "smoothed": lambda model: torch.optim.Adam(model.parameters(), lr=1e-2),
}
SLOTS = {"exp_avg": "m", "exp_avg_sq": "v", "square_avg": "v", "momentum_buffer": "momentum"}


def train(folder, name, optimizer_name, build, data, stops):
    torch.manual_seed(1)
    model = build()
    model.train()
    optimizer = OPTIMIZERS[optimizer_name](model)
    x, labels = data
    smoothing = 0.1 if optimizer_name == "smoothed" else 0.0
    out = {}
    losses = []
    for step, rows in enumerate(batches(max(stops)), 1):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x[rows]), labels[rows], label_smoothing=smoothing)
        loss.backward()
        losses.append(loss.item())
        if optimizer_name == "clipped":
            nn.utils.clip_grad_norm_(model.parameters(), 0.2)
        optimizer.step()
        if step in stops:
            for parameter_name, parameter in model.named_parameters():
                out[f"{step}|weights|{parameter_name}"] = parameter.detach().numpy().copy()
                for key, value in optimizer.state[parameter].items():
                    if key in SLOTS and value is not None:
                        out[f"{step}|{SLOTS[key]}|{parameter_name}"] = value.numpy().copy()
            for buffer_name, buffer in model.named_buffers():
                if "running" in buffer_name:
                    out[f"{step}|buffer|{buffer_name}"] = buffer.numpy().copy()
    out["losses"] = np.array(losses)
    np.savez_compressed(f"{folder}/{name}-{optimizer_name}.npz", **out)


def main(folder):
    torch.set_num_threads(1)
    generator = np.random.default_rng(3)
    labels = torch.from_numpy(generator.integers(0, 3, EXAMPLES))
    inputs = {
        "mlp": (perceptron, generator.standard_normal((EXAMPLES, 8)).astype(np.float32)),
        "cnn": (convolutional, generator.standard_normal((EXAMPLES, 2, 8, 8)).astype(np.float32)),
        "transformer": (Transformer, generator.integers(0, 24, (EXAMPLES, 6))),
    }
    for name, (build, array) in inputs.items():
        x = torch.from_numpy(array)
        torch.manual_seed(1)
        export(folder, name, build(), x)
        np.savez_compressed(f"{folder}/{name}-data.npz", x=array, labels=labels.numpy())
        train(folder, name, "adam", build, (x, labels), [10, 100])
        if name == "mlp":
            for optimizer in OPTIMIZERS:
                if optimizer != "adam":
                    train(folder, name, optimizer, build, (x, labels), [10, 20])


main(sys.argv[1])
