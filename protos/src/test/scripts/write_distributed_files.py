"""Writes a small folder of torch.distributed.checkpoint, as FSDP's two ranks write it.

Usage: /usr/bin/python3 write_distributed_files.py FOLDER     (Debian: python3-torch)

Debian's PyTorch is older than the format, so the classes of .metadata are made here, under the names and with the states that
PyTorch 2 gives them; each piece of a tensor is what torch.save writes.
"""
import dataclasses
import enum
import io
import pathlib
import pickle
import sys
import types

import torch

folder = pathlib.Path(sys.argv[1])
MODULE = "torch.distributed.checkpoint.metadata"


def published(module, cls):
    """Lets pickle find cls in a module of that name."""
    cls.__module__, cls.__qualname__ = module, cls.__name__
    holder = sys.modules.setdefault(module, types.ModuleType(module))
    setattr(holder, cls.__name__, cls)
    return cls


def dataclass(name, fields, module=MODULE, **kwargs):
    return published(module, dataclasses.make_dataclass(name, fields, **kwargs))


Encoding = published(MODULE, enum.Enum("_MEM_FORMAT_ENCODING", {"TORCH_CONTIGUOUS_FORMAT": 0}))
Chunk = dataclass("ChunkStorageMetadata", ["offsets", "sizes"])
Tensor = dataclass("TensorStorageMetadata", ["properties", "size", "chunks"])
Bytes = dataclass("BytesStorageMetadata", [])
Index = dataclass("MetadataIndex", ["fqn", "offset", "index"], frozen=True)
Info = dataclass("_StorageInfo", ["relative_path", "offset", "length"], "torch.distributed.checkpoint.filesystem")
Metadata = dataclass("Metadata", ["state_dict_metadata", "planner_data", "storage_data"])


class Properties:
    def __init__(self, dtype):
        self.dtype = dtype

    def __getstate__(self):
        return (self.dtype, torch.strided, False, Encoding.TORCH_CONTIGUOUS_FORMAT, False)


Properties.__name__ = "TensorProperties"
published(MODULE, Properties)


def save(path, entries):
    """entries: name to (path of keys, tensor cut along its first axis at the given rows, or a plain object)."""
    path.mkdir(parents=True, exist_ok=True)
    files = {0: io.BytesIO(), 1: io.BytesIO()}
    metadata, places, keys = {}, {}, {}

    def store(rank, index, content):
        buffer = io.BytesIO()
        torch.save(content, buffer)
        places[index] = Info(f"__{rank}_0.distcp", files[rank].tell(), buffer.tell())
        files[rank].write(buffer.getvalue())

    for name, (key, content, cut) in entries.items():
        keys[name] = key
        if not torch.is_tensor(content):
            metadata[name] = Bytes()
            store(0, Index(name, None, None), content)
            continue
        pieces = [content] if cut is None else [content[:cut], content[cut:]]
        chunks, start = [], 0
        for rank, piece in enumerate(pieces):
            offsets = torch.Size([start] + [0] * (content.dim() - 1)) if content.dim() else torch.Size([])
            chunks.append(Chunk(offsets, piece.size()))
            store(rank, Index(name, offsets, rank), piece.clone())
            start += piece.size(0) if piece.dim() else 0
        metadata[name] = Tensor(Properties(content.dtype), content.size(), chunks)
    for rank, file in files.items():
        (path / f"__{rank}_0.distcp").write_bytes(file.getvalue())
    with open(path / ".metadata", "wb") as out:
        pickle.dump(Metadata(metadata, keys, places), out)


weight, bias = torch.arange(6.0).view(3, 2), torch.tensor([7.0, 8.0, 9.0])
step = torch.tensor(5.0)


def flat(*key, content, cut=None):
    return ".".join(key), (key, content, cut)


model = [("fc.weight", weight), ("fc.bias", bias)]
groups = [{"lr": 0.1, "betas": (0.9, 0.95), "weight_decay": 0.0, "params": ["fc.weight", "fc.bias"]}]
save(folder / "fsdp", dict(
    [flat("model", n, content=-w, cut=2) for n, w in model]
    + [flat("optim", "state", n, "exp_avg_sq", content=w, cut=2) for n, w in model]
    + [flat("optim", "state", n, "exp_avg", content=w, cut=2) for n, w in model]
    + [flat("optim", "state", n, "step", content=step) for n, _ in model]
    + [flat("optim", "param_groups", content=groups)]))
# torchtitan flattens the groups too, by parameter; accelerate writes two folders.
save(folder / "titan", dict(
    [flat(n, content=-w, cut=1) for n, w in model]
    + [flat("optimizer", f"state.{n}.exp_avg_sq", content=w, cut=1) for n, w in model]
    + [flat("optimizer", f"state.{n}.step", content=step) for n, _ in model]
    + [flat("optimizer", f"param_groups.{n}.betas", content=(0.9, 0.95)) for n, _ in model]))
save(folder / "accelerate" / "pytorch_model_fsdp_0", dict(flat("model", n, content=-w, cut=1) for n, w in model))
save(folder / "accelerate" / "optimizer_0", dict(
    [flat("optimizer", "state", n, "exp_avg_sq", content=w, cut=2) for n, w in model]
    + [flat("optimizer", "state", n, "step", content=step) for n, _ in model]
    + [flat("optimizer", "param_groups", "0", "betas", content=(0.9, 0.95))]))
# Megatron's torch_dist: the slot before the parameter; columns cut, as its tensor parallelism does.
save(folder / "megatron", dict(
    [flat(n, content=-w) for n, w in model]
    + [flat(f"optimizer.state.exp_avg_sq.{n}", content=w, cut=2) for n, w in model]
    + [flat(f"optimizer.state.exp_avg.{n}", content=w) for n, w in model]))
