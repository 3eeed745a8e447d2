"""Writes small Keras models with h5py in the layouts of Keras 2.12 to 2.15 and 3.0 to 3.5, and what a reader must find in them.

Usage: /usr/bin/python3 write_keras_older_files.py FOLDER     (Debian: python3-h5py)

Keras itself is not needed. Those versions write no attribute "name": a group is called by its layer's class in snake case and
numbered in the order of the layers, whether they have variables or not. 2.12 and 2.13 go through a list in which layers with
variables stand twice; 2.13 to 2.15 join paths with backslashes on Windows. Many layers have one shape, so that only the right
order gives the right accumulator. In expected.json the accumulator of every parameter by name, and all names that are none.
"""
import io
import json
import pathlib
import re
import sys
import zipfile

import h5py
import numpy as np

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(17)
expected = {}


def snake3(name):
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def snake2(name):
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)).lower()


class Layer:
    """A layer: its variables (name, shape, trained), and layers in attributes, of which those with "layers" are models."""

    def __init__(self, class_name, name, variables=(), parts=(), layers=None, parts_config=None, **config):
        self.class_name, self.name, self.variables, self.parts = class_name, name, variables, parts
        self.layers, self.config = layers, dict(config, name=name, **(parts_config or {}))

    def settings(self):
        config = dict(self.config)
        if self.layers is not None:
            config["layers"] = [layer.settings() for layer in self.layers]
        return {"module": "keras.layers", "class_name": self.class_name, "config": config, "registered_name": None}

    def has_variables(self):
        inside = list(self.layers or []) + [part for _, part in self.parts]
        return bool(self.variables) or any(layer.has_variables() for layer in inside)

    def walk(self, path):
        """Names of variables with their shapes, whether an optimizer trains them: in the model's order."""
        frozen = self.config.get("trainable") is False
        own = [(f"{path}{name}", shape, trained and not frozen) for name, shape, trained in self.variables]
        for layer in [part for _, part in self.parts] + list(self.layers or []):
            own += [(n, s, t and not frozen) for n, s, t in layer.walk(f"{path}{layer.name}/" if layer.name else path)]
        return own

    def save(self, h5, path, twice, snake, join):
        group = h5.create_group(f"{path}/vars" if path else "vars")
        for i, (_, shape, _) in enumerate(self.variables):
            group[str(i)] = random.standard_normal(shape).astype("float32")
        for attribute, part in self.parts:
            part.save(h5, join(path, attribute), twice, snake, join)
        if self.layers is not None:
            container = join(path, "_layer_checkpoint_dependencies" if twice else "layers")
            used = {}

            def name_of(layer):
                name = snake(layer.class_name)
                used[name] = used.get(name, -1) + 1
                return f"{name}_{used[name]}" if used[name] else name

            for layer in self.layers:
                name = name_of(layer)
                layer.save(h5, join(container, name), twice, snake, join)
                if twice and layer.has_variables():
                    name_of(layer)


def dense(name, inputs=3, outputs=3, **config):
    return Layer("Dense", name, [("kernel", (inputs, outputs), True), ("bias", (outputs,), True)], **config)


def plain(class_name, name):
    return Layer(class_name, name)


def norm(name, size=3):
    return Layer("BatchNormalization", name, [("gamma", (size,), True), ("beta", (size,), True),
                                              ("moving_mean", (size,), False), ("moving_variance", (size,), False)],
                 scale=True, center=True)


def conv(name):
    return Layer("Conv2D", name, [("kernel", (1, 1, 3, 3), True), ("bias", (3,), True)])


def cell(name):
    return Layer("LSTMCell", name, [("kernel", (2, 8), True), ("recurrent_kernel", (2, 8), True), ("bias", (8,), True)])


def lstm(name):
    return Layer("LSTM", name, parts=[("cell", cell("lstm_cell"))])


def bidirectional(name):
    """Keras 3 has the way forward in its settings."""
    return Layer("Bidirectional", name, parts=[("forward_layer", lstm("forward_a")), ("backward_layer", lstm("backward_a"))],
                 parts_config={"layer": lstm("forward_a").settings()})


def attention(name):
    def part(called):
        return Layer("EinsumDense", called, [("kernel", (2, 2), True), ("bias", (2,), True)])
    return Layer("MultiHeadAttention", name, parts=[
        ("_query_dense", part("query")), ("_key_dense", part("key")), ("_value_dense", part("value")),
        ("_output_dense", part("attention_output"))])


def distributed(name):
    inner = dense("shared_in_time")
    return Layer("TimeDistributed", name, parts=[("layer", inner)], parts_config={"layer": inner.settings()})


def metric(h5, join):
    group = h5.create_group(f"{join('metrics', 'mean')}/vars")
    group["0"], group["1"] = np.float32(3), np.float32(9)


def write(case, model, optimizer, windows=False, twice=False, snake=snake3, rate=True, metrics=True):
    def join(*parts):
        # As os.path.join of Windows: what is below the first part is one name to HDF5.
        return ("\\" if windows else "/").join(part for part in parts if part)

    names = model.walk("")
    trained = [(name, shape) for name, shape, is_trained in names if is_trained]
    values = {}
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as h5:
        model.save(h5, "", twice, snake, join)
        if metrics:
            metric(h5, join)
        slots = h5.create_group("optimizer/vars")
        variables = [np.int64(77)] + ([np.float32(0.001)] if rate else [])
        for name, shape in trained:
            squares = np.square(random.standard_normal(shape)).astype("float32")
            variables += [random.standard_normal(shape).astype("float32"), squares]
            values[name] = squares.astype("float64").flatten().tolist()
        for i, variable in enumerate(variables):
            slots[str(i)] = variable
    settings = dict(model.settings(), compile_config={"optimizer": optimizer})
    with zipfile.ZipFile(folder / f"{case}.keras", "w") as archive:
        archive.writestr("metadata.json", "{}")
        archive.writestr("config.json", json.dumps(settings))
        archive.writestr("model.weights.h5", buffer.getvalue())
    class_name = optimizer if isinstance(optimizer, str) else optimizer["class_name"]
    expected[f"{case}.keras"] = {
        "optimizer": {"adam": "Adam"}.get(class_name, class_name), "step": 77, "decay": 0.999, "values": values,
        "others": [name for name, _, is_trained in names if not is_trained]
        + (["metrics/mean/0", "metrics/mean/1"] if metrics else [])}


ADAM = {"class_name": "Adam", "config": {"beta_2": 0.999}}

# Twelve of a class, so that dense_10 sorts before dense_2; names of layers that sort otherwise; others between.
many = []
for i in range(12):
    many += [dense(f"layer_{'lkjihgfedcba'[i]}"), plain("Dropout", f"dropout_{i}")]
    if i % 4 == 1:
        many.append(norm(f"norm_{9 - i}"))
write("many", Layer("Sequential", "sequential", layers=[plain("InputLayer", "input")] + many), ADAM)


def everything():
    inner = Layer("Functional", "encoder", layers=[plain("InputLayer", "in"), dense("z"), conv("c2"), dense("y"), norm("n")])
    deeper = Layer("Sequential", "outer", layers=[dense("b"), inner, dense("a", trainable=False), dense("a2")])
    embedding = Layer("Embedding", "words", [("embeddings", (5, 3), True)])
    # Its variables are called by number: of such a class nothing is known.
    custom = Layer("MyV2Layer", "mine", [("0", (3,), True), ("1", (3,), True)])
    return Layer("Functional", "model", layers=[
        plain("InputLayer", "tokens"), embedding, conv("c1"), deeper, lstm("last_but"), bidirectional("both"), conv("c0"),
        lstm("again"), attention("look"), attention("back"), distributed("each"), custom, dense("head"),
        Layer("PReLU", "slope", [("alpha", (3,), True)]),
        Layer("Normalization", "scaled", [("mean", (3,), False), ("variance", (3,), False)])])


write("nested", everything(), ADAM)
write("nested_windows", everything(), ADAM, windows=True, snake=snake2, rate=False)
write("nested_twice", everything(), "adam", twice=True, snake=snake2, rate=False)
write("by_name", Layer("Sequential", "s", layers=[dense("second"), dense("first")]), "adam", metrics=False)

(folder / "expected.json").write_text(json.dumps(expected) + "\n")
print(f"{len(expected)} cases written by h5py {h5py.__version__}")
