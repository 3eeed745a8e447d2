"""Writes small PyTorch checkpoints of every optimizer, and what a reader must find in them.

Usage: /usr/bin/python3 write_torch_files.py FOLDER     (Debian: python3-torch)

For each case: <case>.pt, and in expected.json the accumulator of every parameter by name, as flat lists.
"""
import collections
import json
import pathlib
import sys

import torch

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
expected = {}


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Linear(3, 4)
        self.norm = torch.nn.LayerNorm(4)
        self.second = torch.nn.Linear(4, 4)
        self.head = torch.nn.Linear(4, 2)

    def forward(self, x):
        return self.head(torch.relu(self.second(self.norm(self.first(x)))))


def train(model, optimizer, steps=3):
    dtype = next(model.parameters()).dtype
    for step in range(steps):
        torch.manual_seed(100 + step)
        x = torch.randn(8, 3).to(dtype)
        optimizer.zero_grad()
        (model(x) ** 2).mean().backward()
        optimizer.step()


def case(name, optimizer, slot, model=None, save=None, **facts):
    torch.manual_seed(0)
    model = model or Net()
    optimizer = optimizer(model)
    train(model, optimizer)
    state = optimizer.state_dict()
    content = {"model": model.state_dict(), "optimizer": state, "epoch": 3}
    (save or torch.save)(content, folder / f"{name}.pt")
    values = {}
    for parameter_name, parameter in model.named_parameters():
        entry = optimizer.state.get(parameter)
        if slot and entry and slot in entry:
            values[parameter_name] = entry[slot].double().flatten().tolist()
    expected.setdefault(name, {"slot": slot, "values": values, **facts})


def parameters(optimizer, **settings):
    return lambda model: optimizer(model.parameters(), **settings)


def trainer_groups(model):
    decayed = [p for n, p in model.named_parameters() if "bias" not in n and "norm" not in n]
    rest = [p for n, p in model.named_parameters() if "bias" in n or "norm" in n]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=1e-2, betas=(0.9, 0.98))


class Tied(Net):
    def __init__(self):
        super().__init__()
        self.decoder = torch.nn.Linear(4, 4)
        self.decoder.weight = self.second.weight


def partly_frozen(model):
    for parameter in model.norm.parameters():
        parameter.requires_grad_(False)
    return torch.optim.Adam(model.parameters())


optim = torch.optim
case("adam", parameters(optim.Adam), "exp_avg_sq", kind="Adam", decay=0.999, step=3)
case("adamw", parameters(optim.AdamW, betas=(0.9, 0.95)), "exp_avg_sq", kind="Adam", decay=0.95, step=3)
case("amsgrad", parameters(optim.Adam, amsgrad=True), "exp_avg_sq", kind="Adam", decay=0.999, step=3)
case("nadam", parameters(optim.NAdam), "exp_avg_sq", kind="NAdam", decay=0.999, step=3)
case("radam", parameters(optim.RAdam), "exp_avg_sq", kind="Adam-like", decay=0.999, step=3)
case("rmsprop", parameters(optim.RMSprop, alpha=0.9), "square_avg", kind="RMSprop", decay=0.9, step=3)
case("adagrad", parameters(optim.Adagrad, initial_accumulator_value=0.1), "sum", kind="Adagrad", step=3)
case("adadelta", parameters(optim.Adadelta), "square_avg", kind="Adadelta", decay=0.9, step=3)
case("adamax", parameters(optim.Adamax), None)
case("sgd", parameters(optim.SGD, lr=0.1, momentum=0.9), None)
case("trainer", trainer_groups, "exp_avg_sq", kind="Adam", decay=0.98, step=3)
case("tied", parameters(optim.Adam), "exp_avg_sq", model=Tied(), kind="Adam", decay=0.999, step=3)
case("frozen", partly_frozen, "exp_avg_sq", kind="Adam", decay=0.999, step=3)
case("bfloat16", parameters(optim.Adam), "exp_avg_sq", model=Net().bfloat16(), kind="Adam", decay=0.999, step=3)


def legacy(content, path):
    torch.save(content, path, _use_new_zipfile_serialization=False)


case("legacy", parameters(optim.Adam), "exp_avg_sq", save=legacy, kind="Adam", decay=0.999, step=3)


def trainer_folder(content, path):
    """As Hugging Face's Trainer saves: model and optimizer in files of a folder."""
    step = path.parent / "checkpoint-3"
    step.mkdir(exist_ok=True)
    torch.save(content["optimizer"], step / "optimizer.pt")
    torch.save(content["model"], step / "pytorch_model.bin")


case("checkpoint-3", trainer_groups, "exp_avg_sq", save=trainer_folder, kind="Adam", decay=0.98, step=3)


def sharded_folder(content, path):
    """As Hugging Face saved models that are too large for one file."""
    step = path.parent / "checkpoint-4"
    step.mkdir(exist_ok=True)
    torch.save(content["optimizer"], step / "optimizer.pt")
    names = list(content["model"])
    files = [f"pytorch_model-0000{i}-of-00002.bin" for i in (1, 2)]
    for part, file in zip((names[:3], names[3:]), files):
        torch.save({n: content["model"][n].clone() for n in part}, step / file)
    index = {"metadata": {}, "weight_map": {n: files[n not in names[:3]] for n in names}}
    (step / "pytorch_model.bin.index.json").write_text(json.dumps(index, indent=2, sort_keys=True) + "\n")


case("checkpoint-4", trainer_groups, "exp_avg_sq", save=sharded_folder, kind="Adam", decay=0.98, step=3)


def fsdp(content, path):
    """Full optimizer state of FSDP: keyed by name, in file order of names."""
    model = Net()
    names = [n for n, _ in model.named_parameters()]
    state = {names[i]: s for i, s in content["optimizer"]["state"].items()}
    groups = [{**g, "params": [names[i] for i in g["params"]]} for g in content["optimizer"]["param_groups"]]
    torch.save({"state": state, "param_groups": groups}, path)


case("fsdp", parameters(optim.AdamW), "exp_avg_sq", save=fsdp, kind="Adam", decay=0.999, step=3)


def flat_pieces(values, ranks, each):
    """Cuts flattened parameters as ZeRO does: each parameter on its own (stage 3), or all of them at once."""
    if each:
        pieces = [[] for _ in range(ranks)]
        for value in values:
            share = -(-value.numel() // ranks)
            padded = torch.nn.functional.pad(value.flatten(), (0, share * ranks - value.numel()))
            for r in range(ranks):
                pieces[r].append(padded[r * share:(r + 1) * share])
        return [torch.cat(p) for p in pieces]
    flat = torch.cat([value.flatten() for value in values])
    share = -(-flat.numel() // (2 * ranks)) * 2
    flat = torch.nn.functional.pad(flat, (0, share * ranks - flat.numel()))
    return [flat[r * share:(r + 1) * share].clone() for r in range(ranks)]


def deepspeed(stage, ranks):
    torch.manual_seed(0)
    model = Net()
    optimizer = torch.optim.Adam(model.parameters(), betas=(0.9, 0.98))
    train(model, optimizer)
    squares = {n: optimizer.state[p]["exp_avg_sq"] for n, p in model.named_parameters()}
    step = folder / f"zero{stage}" / "global_step3"
    step.mkdir(parents=True, exist_ok=True)
    (step.parent / "latest").write_text("global_step3")
    names = list(squares)
    groups = [names] if stage == 3 else [names[:3], names[3:]]
    shapes = [collections.OrderedDict((n, squares[n].shape) for n in group) for group in groups]
    prefix = "zero_pp_rank_0_" if stage == 3 else ""
    torch.save({"param_shapes": shapes, "module": {}}, step / f"{prefix}mp_rank_00_model_states.pt")
    pieces = [flat_pieces([squares[n] for n in group], ranks, stage == 3) for group in groups]
    for r in range(ranks):
        settings = [{"betas": (0.9, 0.98), "lr": 1e-3}]
        if stage == 3:
            half = len(pieces[0][r]) // 2
            parts = [pieces[0][r][:half].clone(), pieces[0][r][half:].clone()]
            state = {i: {"step": 3, "exp_avg_sq": part} for i, part in enumerate(parts)}
            inner = {"zero_stage": 3, "partition_count": ranks,
                     "optimizer_state_dict": {"state": state, "param_groups": settings}}
        else:
            state = {g: {"step": torch.tensor(3.0), "exp_avg_sq": pieces[g][r]} for g in range(len(groups))}
            inner = {"zero_stage": stage, "partition_count": [ranks] * len(groups),
                     "base_optimizer_state": {"state": state, "param_groups": settings}}
        torch.save({"optimizer_state_dict": inner}, step / f"zero_pp_rank_{r}_mp_rank_00_optim_states.pt")
    values = {n: v.double().flatten().tolist() for n, v in squares.items()}
    expected[f"zero{stage}"] = {"slot": "exp_avg_sq", "values": values, "kind": "Adam", "decay": 0.98, "step": 3}
    if stage == 3:
        for n, v in squares.items():
            parameter = folder / "universal" / "zero" / n
            parameter.mkdir(parents=True, exist_ok=True)
            torch.save({"param": v}, parameter / "exp_avg_sq.pt")
            torch.save(torch.tensor(3.0), parameter / "step.pt")
        torch.save({"param_groups": settings}, folder / "universal" / "zero" / "optimizer_state.pt")
        expected["universal"] = expected["zero3"]


deepspeed(2, ranks=3)
deepspeed(3, ranks=3)



class Normalized(Net):
    """Buffers of every sort: statistics, a mask that is saved, and one that is not."""

    def __init__(self):
        super().__init__()
        self.batch = torch.nn.BatchNorm1d(4)
        self.register_buffer("mask", torch.ones(4, 4))
        self.register_buffer("cache", torch.ones(4), persistent=False)
        self.inner = torch.nn.Sequential(collections.OrderedDict(tied=self.head, off=torch.nn.Identity()))


def whole(legacy):
    def save(content, path):
        torch.manual_seed(0)
        model = Normalized()
        optimizer = optim.Adam(model.parameters())
        train(model, optimizer)
        torch.save({"net": model, "optimizer": optimizer.state_dict(), "callback": print}, path,
                   _use_new_zipfile_serialization=not legacy)
        state = {n: v.double().flatten().tolist() for n, v in model.state_dict().items()}
        expected[path.stem] = {"state": state, "parameters": [n for n, _ in model.named_parameters()]}
    return save


for name in ("whole", "whole_legacy"):
    case(name, parameters(optim.Adam), None, save=whole(name.endswith("legacy")))


def unread(content, path):
    """Tensors beside those that matter, of elements that are no plain numbers."""
    model = dict(content["model"], frequencies=torch.ones(3, dtype=torch.complex64),
                 codes=torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8),
                 sparse=torch.eye(2).to_sparse())
    torch.save({**content, "model": model}, path, _use_new_zipfile_serialization=path.stem == "unread")


for name in ("unread", "unread_legacy"):
    case(name, parameters(optim.Adam), "exp_avg_sq", save=unread, kind="Adam", decay=0.999, step=3)

torch.save({"model": Net().state_dict(), "optimizer": optim.Adam(Net().parameters())}, folder / "optimizer_object.pt")

base = torch.arange(24, dtype=torch.float32)
views = {
    "transposed": base.view(4, 6).t(),
    "every_second": base[::2],
    "expanded": base[3:4].expand(5),
    "column": base.view(4, 6)[:, 2],
    "whole": base,
}
torch.save(views, folder / "views.pt")
expected["views"] = {"values": {name: view.flatten().tolist() for name, view in views.items()}}
torch.save(views, folder / "views_legacy.pt", _use_new_zipfile_serialization=False)
expected["views_legacy"] = expected["views"]

types = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
         torch.uint8, torch.bool]
content = {str(t).replace("torch.", ""): torch.tensor([[1, 0], [3, 5]]).to(t) for t in types}
content["empty"] = torch.zeros(0, 3)
content["scalar"] = torch.tensor(7.5)
torch.save(content, folder / "types.pt")
expected["types"] = {"values": {name: t.double().flatten().tolist() for name, t in content.items()}}

(folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
print(f"{len(expected)} cases written by PyTorch {torch.__version__}")
