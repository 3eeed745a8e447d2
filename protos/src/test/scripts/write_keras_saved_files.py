"""Writes models that Keras saved in its three ways, and what its optimizer kept for each variable.

Keras 3.15 over PyTorch 2.13: pip install keras torch h5py. Run in protos: python3 src/test/scripts/write_keras_saved_files.py
"""

import json
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

FOLDER = "src/test/resources/keras_saved"


def plain():
    return keras.Sequential(
        [keras.Input((5,)), layers.Dense(4, name="a"), layers.Dense(4, name="b"), layers.Dense(2, name="c")]
    )


def nested():
    inner = keras.Sequential([keras.Input((5,)), layers.Dense(4), layers.Dense(4)], name="inner")
    start = keras.Input((5,))
    return keras.Model(start, layers.Dense(2)(inner(start)))


def recurrent():
    start = keras.Input((6, 4))
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(start)
    x = layers.GRU(3, return_sequences=True)(x)
    x = layers.MultiHeadAttention(2, 2)(x, x)
    x = layers.LayerNormalization()(x)
    return keras.Model(start, layers.Dense(2)(layers.Flatten()(x)))


def convolution():
    start = keras.Input((6, 6, 2))
    x = layers.Conv2D(3, 3)(start)
    x = layers.BatchNormalization()(x)
    x = layers.PReLU()(x)
    x = layers.SpectralNormalization(layers.Dense(3))(x)
    x = layers.Dropout(0.2)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(start, layers.Dense(2)(x))


def save(model, name):
    keras.utils.set_random_seed(1)
    model.compile("adam", "mse")
    x = np.random.randn(8, *model.input_shape[1:])
    model.fit(x, np.random.randn(8, 2), batch_size=4, verbose=0)
    model.save(f"{FOLDER}/{name}.keras")
    model.save(f"{FOLDER}/{name}.h5")
    model.save_weights(f"{FOLDER}/{name}.weights.h5")
    squares = {}
    for variable, kept in zip(model.trainable_variables, model.optimizer._velocities):
        path = variable.path.removeprefix(model.name + "/")
        squares[path] = np.asarray(keras.ops.convert_to_numpy(kept)).astype("float32").ravel().tolist()
    return squares


os.makedirs(FOLDER, exist_ok=True)
keras.utils.set_random_seed(3)
expected = {
    "plain": save(plain(), "plain"),
    "nested": save(nested(), "nested"),
    "recurrent": save(recurrent(), "recurrent"),
    "convolution": save(convolution(), "convolution"),
}
keras.config.set_dtype_policy("bfloat16")
expected["bfloat16"] = save(plain(), "bfloat16")
with open(f"{FOLDER}/expected.json", "w") as file:
    json.dump(expected, file)
