"""Writes src/test/resources/keras_bare: bare weights of a model, and from its optimizer what it kept for each variable.

Keras 3.15 over PyTorch: pip install keras torch h5py. Run in protos: python3 src/test/scripts/write_keras_bare_files.py
"""

import json
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers, optimizers

FOLDER = "src/test/resources/keras_bare"
STEPS = 5


def train(optimizer):
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4, name="b"), layers.Dense(5, name="a"), layers.Dense(2, name="c")], name="seq"
    )
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    draw = np.random.default_rng(5)
    x = draw.normal(size=(4 * STEPS, 3)).astype("float32")
    y = draw.integers(0, 2, 4 * STEPS)
    model.fit(x, y, batch_size=4, epochs=1, verbose=0, shuffle=False)
    return model


def squares(model):
    kept = model.optimizer._velocities
    names = [variable.path.removeprefix("seq/") for variable in model.trainable_variables]
    return {name: np.asarray(slot.value.detach()).ravel().tolist() for name, slot in zip(names, kept)}


MODELS = {
    "ema": optimizers.Adam(0.01, use_ema=True),
    "acc": optimizers.Adam(0.01, gradient_accumulation_steps=2),
    "rms": optimizers.RMSprop(0.01, centered=True, momentum=0.5),
    "rmsc": optimizers.RMSprop(0.01, centered=True),
    "rmse": optimizers.RMSprop(0.01, use_ema=True),
}

expected = {}
for name, optimizer in MODELS.items():
    model = train(optimizer)
    model.save_weights(f"{FOLDER}/{name}.weights.h5")
    expected[f"{name}.weights.h5"] = {"values": squares(model)}
with open(f"{FOLDER}/expected.json", "w") as file:
    json.dump(expected, file)
