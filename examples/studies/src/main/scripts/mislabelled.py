#!/usr/bin/python3
"""Looks for wrong labels by the scores of 'squisher examples', and prints how well each score finds them.

In each run a twentieth of the labels of the samples' training.npz is replaced by another class, a network is trained on them, and
each training example gets scores from it. A score finds the wrong labels by as much as its area under the ROC curve is above 0.5.

    squisher samples samples
    mislabelled.py samples [runs=5] [squisher=squisher]
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy

SHARE = 0.05


def area(scores, wrong):
    """The chance that a wrong label scores above a right one; ties count half."""
    order = scores.argsort(kind="stable")
    ranks = numpy.empty(len(scores))
    ranks[order] = numpy.arange(1, len(scores) + 1)
    for value in numpy.unique(scores):
        same = scores == value
        ranks[same] = ranks[same].mean()
    positive = wrong.sum()
    return (ranks[wrong].sum() - positive * (positive + 1) / 2) / (positive * (len(scores) - positive))


def found(scores, wrong):
    """The share of wrong labels among as many of the highest scores as there are wrong labels."""
    return wrong[numpy.argsort(-scores, kind="stable")[: wrong.sum()]].mean()


def run(samples, squisher, folder, seed):
    data = numpy.load(samples / "training.npz")
    generator = numpy.random.default_rng(seed)
    labels = data["labels"].copy()
    wrong = numpy.zeros(len(labels), bool)
    wrong[generator.choice(len(labels), int(SHARE * len(labels)), replace=False)] = True
    labels[wrong] = (labels[wrong] + generator.integers(1, 10, wrong.sum())) % 10
    numpy.savez(folder / "noisy.npz", images=data["images"], labels=labels)

    def call(*words):
        subprocess.run([squisher, *words, "--quiet", "--force"], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    call("train", str(samples.resolve() / "untrained.onnx"), "--data", "noisy.npz", "--epochs", "20",
         "--learning-rate", "1e-3", "--seed", str(seed), "-o", "noisy.onnx")
    call("fisher", "noisy.onnx", "--data", "noisy.npz", "-o", "noisy.fisher.safetensors")
    scores = {}
    for name, words in {
        "error of the output, Σ (p − y)²": ["--params", "^output.bias$"],
        "squared norm": [],
        "under the inverse Fisher": ["--fisher", "noisy.fisher.safetensors"],
        "under the inverse Squisher": ["--fisher", "noisy.squisher.safetensors"],
        "weighted by the Fisher": ["--diagonal", "noisy.fisher.safetensors"],
    }.items():
        call("examples", "noisy.onnx", "--data", "noisy.npz", *words, "-o", "scores.npy")
        scores[name] = numpy.load(folder / "scores.npy")
    return {name: (area(values, wrong), found(values, wrong)) for name, values in scores.items()}


def main():
    samples = pathlib.Path(sys.argv[1])
    given = dict(argument.split("=", 1) for argument in sys.argv[2:])
    runs = []
    for seed in range(int(given.get("runs", 5))):
        with tempfile.TemporaryDirectory() as folder:
            runs.append(run(samples, given.get("squisher", "squisher"), pathlib.Path(folder), seed))
    print("| score | area under the ROC curve | wrong labels among the highest |")
    print("| --- | --- | --- |")
    for name in runs[0]:
        values = numpy.array([result[name] for result in runs])
        print("| " + name + " | " + " | ".join(
            f"{mean:.3f} ± {error:.3f}" for mean, error in zip(values.mean(0), values.std(0, ddof=1) / len(runs) ** 0.5)) + " |")


if __name__ == "__main__":
    main()
