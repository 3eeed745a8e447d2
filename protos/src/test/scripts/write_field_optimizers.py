"""Writes states of optimizers of other libraries, as those keep them: bitsandbytes' 8-bit blocks, Adafactor's factors.

Usage: /usr/bin/python3 write_field_optimizers.py FOLDER     (Debian: python3-torch)

The libraries are not needed: what they keep is written here, with numbers that a hand can follow.
"""
import pathlib
import sys
import zipfile

import torch

folder = pathlib.Path(sys.argv[1])


def save(name, state, **settings):
    group = {"lr": 1e-3, "weight_decay": 0.0, "params": list(state), **settings}
    torch.save({"state": state, "param_groups": [group]}, folder / f"{name}.pt")


def blocks(elements, largest):
    codes = (torch.arange(elements) % 256).to(torch.uint8)
    return {"step": 5, "state1": codes, "state2": codes, "qmap1": torch.linspace(-1, 1, 256),
            "qmap2": torch.linspace(0, 1, 256), "absmax1": torch.tensor(largest), "absmax2": torch.tensor(largest)}


small = {"step": 5, "state1": torch.ones(3), "state2": torch.tensor([1.0, 2.0, 3.0])}
save("bnb8_blocks", {0: blocks(5000, [1.0, 2.0, 4.0]), 1: small}, betas=(0.9, 0.999), eps=1e-8)
torch.save({"w": torch.zeros(5000), "b": torch.zeros(3)}, folder / "bnb8_model.pt")
torch.save({"w": torch.zeros(2, 2), "b": torch.zeros(2), "two": torch.zeros(2, 2, 2)}, folder / "adafactor_model.pt")
save("bnb8_wrong", {0: blocks(5000, [1.0] * 7)}, betas=(0.9, 0.999), eps=1e-8)

# Stable-Baselines3: one archive of two files, and of settings.
policy = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Linear(2, 2))
adam = torch.optim.Adam(policy.parameters())
policy(torch.ones(1, 3)).sum().backward()
adam.step()
with zipfile.ZipFile(folder / "baselines.zip", "w") as archive:
    archive.writestr("data", "{}")
    for name, content in {"policy.pth": policy.state_dict(), "policy.optimizer.pth": adam.state_dict(),
                          "pytorch_variables.pth": {}}.items():
        with archive.open(name, "w") as member:
            torch.save(content, member)
    archive.writestr("_stable_baselines3_version", "2.3.2")

rows, columns = torch.tensor([2.0, 4.0]), torch.tensor([1.0, 3.0])
two = torch.stack([rows, torch.zeros(2)]), torch.stack([columns, torch.zeros(2)])
step = torch.tensor(7.0)
save("adafactor_torch", {
    0: {"step": step, "row_var": rows[:, None], "col_var": columns[None, :]},
    1: {"step": step, "variance": torch.tensor([5.0, 6.0])},
    2: {"step": step, "row_var": two[0][:, :, None], "col_var": two[1][:, None, :]},
}, beta2_decay=-0.8, eps=(None, 1e-3), d=1.0, foreach=None, maximize=False)
save("adafactor_hf", {
    0: {"step": 7, "exp_avg_sq_row": rows, "exp_avg_sq_col": columns, "RMS": 1.0},
    1: {"step": 7, "exp_avg_sq": torch.tensor([5.0, 6.0]), "RMS": 1.0},
    2: {"step": 7, "exp_avg_sq_row": two[0], "exp_avg_sq_col": two[1], "RMS": 1.0},
}, eps=(1e-30, 1e-3), clip_threshold=1.0, decay_rate=-0.8, beta1=None, scale_parameter=True, relative_step=True,
    warmup_init=False)
save("adafactor_wrong", {0: {"step": 7, "exp_avg_sq_row": torch.ones(3, 2), "exp_avg_sq_col": torch.ones(4, 2)}},
     decay_rate=-0.8, scale_parameter=True)
