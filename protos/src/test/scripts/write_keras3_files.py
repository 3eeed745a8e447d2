"""Writes src/test/resources/keras3 with Keras 3.15 and TensorFlow 2.21: small models after some steps of training, and in
expected.json what their optimizers hold, by parameter."""

import json
import os

os.environ["CUDA_VISIBLE_DEVICES"] = ""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, optimizers

OUT = os.path.join(os.path.dirname(__file__), "..", "resources", "keras3")
generator = np.random.default_rng(5)
expected = {}


def write(file, model, optimizer, slot, inputs):
    keras.utils.set_random_seed(3)
    labels = generator.integers(0, 2, len(inputs))
    model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(inputs, labels, batch_size=4, epochs=2, verbose=0, shuffle=False)
    path = os.path.join(OUT, file)
    if file == "renamed.ckpt":
        tf.train.Checkpoint(net=model, trainer=model.optimizer).write(path)
    elif file.endswith(".ckpt"):
        tf.train.Checkpoint(model=model, optimizer=model.optimizer).write(path)
    elif file.endswith(".weights.h5"):
        model.save_weights(path)
    else:
        model.save(path)
    inner = getattr(model.optimizer, "inner_optimizer", None) or model.optimizer
    values = {}
    for variable, state in zip(inner._trainable_variables, getattr(inner, slot)):
        path = variable.path
        if isinstance(model, keras.Sequential) and file.endswith((".keras", ".weights.h5")):
            # Numbered variables are called by their layers; the model itself is none.
            path = path.split("/", 1)[1]
        values[path] = [float(x) for x in np.array(state).ravel()]
    expected[file] = {
        "optimizer": type(inner).__name__,
        "step": None if inner.gradient_accumulation_steps else int(inner.iterations),
        "decay": getattr(inner, "beta_2", getattr(inner, "rho", None)) if file in ("nested.keras", "nadam.keras", "frozen.h5") else None,
        "values": values,
    }


def numbers(*shape):
    return generator.normal(size=shape).astype("float32")


def plain(*middle):
    return keras.Sequential([keras.Input((3,)), layers.Dense(3, name="b"), *middle, layers.Dense(3, name="a"), layers.Dense(2)])


def nested():
    tokens = keras.Input((3,))
    x = layers.Embedding(5, 4)(tokens)
    x = layers.MultiHeadAttention(2, 2, name="attention")(x, x)
    x = layers.Bidirectional(layers.LSTM(2), name="both")(x)
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, name="z"), layers.Dropout(0.1), layers.Dense(4, name="y")], name="inner")
    inner.layers[0].trainable = False
    x = layers.Dense(4, name="before")(x)
    x = inner(x)
    return keras.Model(tokens, layers.Dense(2, name="head")(x))


adam = optimizers.Adam
write("nested.keras", nested(), optimizers.LossScaleOptimizer(adam(0.01, amsgrad=True)), "_velocities", generator.integers(0, 5, (12, 3)))
write("nadam.keras", plain(), optimizers.Nadam(0.01), "_velocities", numbers(12, 3))
write("lamb.weights.h5", keras.Sequential([keras.Input((3,)), layers.Dense(2)]), optimizers.Lamb(0.01, name="lamb_1"), "_velocities", numbers(12, 3))
write("ftrl.keras", plain(layers.BatchNormalization(scale=False)), optimizers.Ftrl(0.01), "_accumulators", numbers(12, 3))
frozen = plain()
frozen.layers[1].trainable = False
write("frozen.h5", frozen, adam(0.01), "_velocities", numbers(12, 3))
write("lossscale.ckpt", plain(), optimizers.LossScaleOptimizer(optimizers.AdamW(0.01)), "_velocities", numbers(12, 3))
write("summed.ckpt", plain(), optimizers.Adadelta(0.01, gradient_accumulation_steps=2), "_accumulated_grads", numbers(12, 3))
write("renamed.ckpt", plain(), adam(0.01), "_velocities", numbers(12, 3))
with open(os.path.join(OUT, "expected.json"), "w") as file:
    json.dump(expected, file, indent=1)
