"""Writes small Keras models with h5py, in the layouts of Keras 3 and 2, and what a reader must find in them.

Usage: /usr/bin/python3 write_keras_files.py FOLDER     (Debian: python3-h5py)

Keras itself is not needed: the layouts are those of keras/src/saving/saving_lib.py and legacy_h5_format.py. Two dense layers
with a normalization between them; the order of the layers in the settings is not that of their groups by name. Weights and
slots are all different, so that a wrong pairing shows. For each case <case>.keras, .weights.h5 or .h5, and in expected.json the
accumulator of every parameter by name.
"""
import io
import json
import pathlib
import sys
import zipfile

import h5py
import numpy as np

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(0)
expected = {}

# Layer name, its group in the file, and its variables with their shapes; those of the statistics are not trained.
LAYERS = [
    ("second", "dense", [("kernel", (3, 3)), ("bias", (3,))]),
    ("norm", "batch_normalization", [("gamma", (3,)), ("beta", (3,)), ("moving_mean", (3,)), ("moving_variance", (3,))]),
    ("first", "dense_1", [("kernel", (3, 3)), ("bias", (3,))]),
]
CLASSES = {"dense": "Dense", "dense_1": "Dense", "batch_normalization": "BatchNormalization"}
TRAINED = [(f"{layer}/{name}", shape) for layer, _, variables in LAYERS for name, shape in variables
           if not name.startswith("moving")]


def values(shape, sign=True):
    array = random.standard_normal(shape).astype("float32")
    return array if sign else np.square(array)


def save(group, name, array):
    """As saving_lib stores a variable: bfloat16 as 16-bit numbers with a remark."""
    group[name] = array


def weights(h5, optimizer):
    for layer, path, variables in LAYERS:
        group = h5.create_group(f"layers/{path}/vars")
        group.attrs["name"] = layer
        for i, (_, shape) in enumerate(variables):
            save(group, str(i), values(shape))
    group = h5.create_group("optimizer/vars")
    group.attrs["name"] = "adam"
    for i, array in enumerate(optimizer):
        save(group, str(i), array)


def settings(class_name, config):
    layers = [{"class_name": CLASSES[group], "config": {"name": layer}} for layer, group, _ in LAYERS]
    return {"class_name": "Sequential", "config": {"name": "sequential", "layers": layers},
            "compile_config": {"optimizer": {"class_name": class_name, "config": config}}}


def h5_bytes(write):
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as h5:
        write(h5)
    return buffer.getvalue()


def keras3(case, class_name, slots, squares, before=0, after=0, apart=False, rate=True, bare=False, **config):
    """An optimizer's variables: iteration, rate, blocks before, the slots, blocks after."""
    variables = [np.int64(41)] + ([np.float32(0.001)] if rate else [])
    for _ in range(before):
        variables += [values(shape) for _, shape in TRAINED]
    made = {name: {slot: values(shape, sign=slot != squares) for slot in slots} for name, shape in TRAINED}
    if apart:
        variables += [made[name][slot] for slot in slots for name, _ in TRAINED]
    else:
        variables += [made[name][slot] for name, _ in TRAINED for slot in slots]
    for _ in range(after):
        variables += [values(shape, sign=False) for _, shape in TRAINED]
    data = h5_bytes(lambda h5: weights(h5, variables))
    if bare:
        (folder / f"{case}.weights.h5").write_bytes(data)
        (folder / f"{case}.config.json").write_text(json.dumps(settings(class_name, config)))
    else:
        with zipfile.ZipFile(folder / f"{case}.keras", "w") as archive:
            archive.writestr("metadata.json", json.dumps({"keras_version": "3.9.0"}))
            archive.writestr("config.json", json.dumps(settings(class_name, config)))
            archive.writestr("model.weights.h5", data)
    expected[case] = {"optimizer": class_name, "step": 41 // config.get("gradient_accumulation_steps", 1),
                      "decay": config.get("beta_2", config.get("rho")),
                      "values": {name: made[name][squares].astype("float64").flatten().tolist() for name, _ in TRAINED}}


ADAM = ["momentum", "velocity"]
SCHEDULE = {"class_name": "CosineDecay", "config": {"initial_learning_rate": 0.1}}
keras3("adam", "Adam", ADAM, "velocity", beta_2=0.999, bare=True)
keras3("plain", "Adam", ADAM, "velocity", beta_2=0.999)
keras3("apart", "Adam", ADAM, "velocity", beta_2=0.999, apart=True)
keras3("ema", "AdamW", ADAM, "velocity", beta_2=0.99, before=1, use_ema=True)
keras3("schedule", "Adam", ADAM, "velocity", beta_2=0.99, rate=False, learning_rate=SCHEDULE)
keras3("accumulation", "Adam", ADAM, "velocity", beta_2=0.99, before=1, gradient_accumulation_steps=4)
keras3("amsgrad", "Adam", ADAM, "velocity", beta_2=0.99, after=1, amsgrad=True)
keras3("everything", "Nadam", ADAM, "velocity", beta_2=0.99, before=2, after=1, rate=False, learning_rate=SCHEDULE,
       use_ema=True, gradient_accumulation_steps=4, amsgrad=True)
keras3("rmsprop", "RMSprop", ["velocity"], "velocity", rho=0.9)
# RMSprop keeps each kind of slot together: velocities, momenta, averages.
keras3("centered", "RMSprop", ["velocity", "momentum", "average"], "velocity", apart=True, rho=0.9, momentum=0.5, centered=True)
keras3("adagrad", "Adagrad", ["accumulator"], "accumulator", initial_accumulator_value=0.1)
keras3("adadelta", "Adadelta", ["accumulated_grad", "accumulated_delta_var"], "accumulated_grad", apart=True, rho=0.95)


def legacy(case, name_of):
    """Keras 2: everything has its name."""
    def write(h5):
        h5.attrs["keras_version"] = "2.10.0"
        h5.attrs["backend"] = "tensorflow"
        layers = [{"class_name": CLASSES[g], "config": {"name": layer}} for layer, g, _ in LAYERS]
        h5.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"layers": layers}})
        h5.attrs["training_config"] = json.dumps(
            {"optimizer_config": {"class_name": "Adam", "config": {"beta_2": 0.999}}})
        model = h5.create_group("model_weights")
        model.attrs["layer_names"] = [layer.encode() for layer, _, _ in LAYERS]
        for layer, _, variables in LAYERS:
            group = model.create_group(layer)
            group.attrs["weight_names"] = [f"{layer}/{name}:0".encode() for name, _ in variables]
            for name, shape in variables:
                group[f"{layer}/{name}:0"] = values(shape)
        optimizer = h5.create_group("optimizer_weights")
        names = ["Adam/iter:0"]
        optimizer["Adam/iter:0"] = np.int64(41)
        for slot in ("m", "v"):
            for name, shape in TRAINED:
                variable = name_of(name, slot)
                names.append(variable)
                array = values(shape, sign=slot == "m")
                optimizer[variable] = array
                if slot == "v":
                    squares[name] = array.astype("float64").flatten().tolist()
        # As Keras splits lists that an attribute cannot hold.
        half = len(names) // 2
        optimizer.attrs["weight_names0"] = [n.encode() for n in names[:half]]
        optimizer.attrs["weight_names1"] = [n.encode() for n in names[half:]]

    squares = {}
    (folder / f"{case}.h5").write_bytes(h5_bytes(write))
    expected[case] = {"optimizer": "Adam", "step": 41, "decay": 0.999, "values": squares}


legacy("legacy", lambda name, slot: f"Adam/{name}/{slot}:0")
legacy("training", lambda name, slot: f"training/Adam/{name}/{slot}:0")
legacy("legacy211", lambda name, slot: f"Adam/{slot}/{name}:0")

# What a reader must refuse, or read with care: groups in a circle, a terabyte that is nowhere, compressed values.
with h5py.File(folder / "circle.h5", "w") as h5:
    h5.create_group("a/b")
    h5["a/b/a"] = h5["a"]
with h5py.File(folder / "nowhere.h5", "w") as h5:
    h5.create_dataset("w", shape=(2**19, 2**19), dtype="float32", chunks=(32, 32))
with h5py.File(folder / "compressed.h5", "w") as h5:
    h5.create_dataset("w", data=np.arange(3000, dtype="float32").reshape(30, 100), chunks=(8, 32), compression="gzip",
                      shuffle=True)
    h5.create_dataset("half", data=np.arange(6, dtype="float16").reshape(2, 3), chunks=(1, 3), compression="gzip")

(folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
print(f"{len(expected)} cases written by h5py {h5py.__version__}")
