#!/usr/bin/python3
"""Times steps of Adam on a sentence encoder of the sizes of all-MiniLM-L6-v2 in PyTorch, beside TrainingBenchmark.

Prints one JSON object for 32 and one for 128 tokens: the medians of a forward pass without gradients and of a whole step
(forward, backward, Adam), in milliseconds, in turns within one run. Random weights: their values cost no time.

    training_step.py [batch=32] [rounds=15] [threads=2]
"""
import json
import statistics
import sys
import time

import torch
from torch import nn

WORDS, WIDTH, LAYERS, HEADS, INNER, CLASSES = 30_522, 384, 6, 12, 1_536, 6


class Encoder(nn.Module):
    """Token, position and type embeddings, six layers with normalization after each part, the mean over tokens, a head."""

    def __init__(self):
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.types = nn.Embedding(2, WIDTH)
        self.normalization = nn.LayerNorm(WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, HEADS, INNER, dropout=0.0, activation="gelu", batch_first=True)
        self.layers = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, tokens, mask):
        positions = torch.arange(tokens.shape[1])
        embedded = self.words(tokens) + self.positions(positions) + self.types(torch.zeros_like(tokens))
        encoded = self.layers(self.normalization(embedded), src_key_padding_mask=mask)
        return self.head(encoded.mean(1))


def milliseconds(work):
    begun = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - begun)


def measure(tokens, batch, rounds, foreach):
    torch.manual_seed(1)
    model = Encoder().train()
    optimizer = torch.optim.Adam(model.parameters(), 1e-5, foreach=foreach)
    words = torch.randint(WORDS, (batch, tokens))
    mask = torch.zeros(batch, tokens, dtype=torch.bool)
    labels = torch.randint(CLASSES, (batch,))

    def forward():
        with torch.no_grad():
            model(words, mask)

    def step():
        optimizer.zero_grad(set_to_none=True)
        nn.functional.cross_entropy(model(words, mask), labels).backward()
        optimizer.step()

    for _ in range(3):
        forward()
        step()
    times = [(milliseconds(forward), milliseconds(step)) for _ in range(rounds)]
    return {
        "batch": batch,
        "tokens": tokens,
        "adam": "foreach" if foreach else "loop",
        "forward_ms": round(statistics.median(f for f, _ in times), 1),
        "step_ms": round(statistics.median(s for _, s in times), 1),
        "ratio": round(statistics.median(s / f for f, s in times), 2),
    }


def main():
    given = dict(argument.split("=") for argument in sys.argv[1:])
    torch.set_num_threads(int(given.get("threads", 2)))
    for tokens in (32, 128):
        for foreach in (False, True):
            print(json.dumps(measure(tokens, int(given.get("batch", 32)), int(given.get("rounds", 15)), foreach)), flush=True)


if __name__ == "__main__":
    main()
