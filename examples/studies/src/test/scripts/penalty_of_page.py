"""Computes the penalty of docs/pytorch.md at a checkpoint whose parameters are all moved by 0.1, with PyTorch.

Run in the folder of penalty.py and the files that it reads; prints the penalty, and the largest difference between its
gradient and lambda F (theta - theta*).
"""

import json
import struct
import sys
import types

import torch


def load_file(name):
    """What safetensors.torch.load_file gives, for float32 alone, where that library is not installed."""
    with open(name, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for key, entry in header.items():
        assert entry["dtype"] == "F32", entry
        start, end = entry["data_offsets"]
        tensors[key] = torch.frombuffer(bytearray(data[start:end]), dtype=torch.float32).reshape(entry["shape"])
    return tensors


library = types.ModuleType("safetensors.torch")
library.load_file = load_file
sys.modules["safetensors"] = types.ModuleType("safetensors")
sys.modules["safetensors.torch"] = library
sys.path.insert(0, ".")
import penalty  # noqa: E402


class Moved(torch.nn.Module):
    def __init__(self, state):
        super().__init__()
        for key, value in state.items():
            module, parameter = key.split(".")
            if not hasattr(self, module):
                self.add_module(module, torch.nn.Module())
            getattr(self, module).register_parameter(parameter, torch.nn.Parameter(value + 0.1))


state = torch.load("checkpoint.pt")["model"]
model = Moved(state)
loss = penalty.penalty(model)
loss.backward()
difference = 0.0
for name, parameter in model.named_parameters():
    if name in penalty.fisher:
        expected = penalty.strength * penalty.fisher[name] * (parameter.detach() - penalty.anchor[name])
        difference = max(difference, (parameter.grad - expected).abs().max().item())
print(json.dumps({"penalty": loss.item(), "gradient": difference}))
