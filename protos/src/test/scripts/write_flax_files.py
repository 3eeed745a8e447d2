"""Writes src/test/resources/flax: training states of Flax with optax, and what the optimizer kept for each parameter.

Flax 0.12, optax 0.2.8: pip install flax optax. Run in protos: JAX_PLATFORMS=cpu python3 src/test/scripts/write_flax_files.py
"""

import json
import os

import flax
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import serialization
from flax.training import train_state

FOLDER = "src/test/resources/flax"


class Net(nn.Module):
    @nn.compact
    def __call__(self, x):
        x = nn.BatchNorm(use_running_average=False)(nn.Dense(4, name="hidden")(x))
        return nn.Dense(2, name="out")(nn.relu(x))


class State(train_state.TrainState):
    batch_stats: dict


def train(optimizer, steps=3, dtype=jnp.float32):
    net = Net()
    first = net.init(jax.random.PRNGKey(0), jnp.ones((2, 3)))
    params = jax.tree.map(lambda a: a.astype(dtype), first["params"])
    state = State.create(apply_fn=net.apply, params=params, tx=optimizer, batch_stats=first["batch_stats"])
    for i in range(steps):
        x = jax.random.normal(jax.random.PRNGKey(i), (8, 3))
        y = jax.random.randint(jax.random.PRNGKey(i), (8,), 0, 2)

        def loss(p):
            logits, new = net.apply({"params": p, "batch_stats": state.batch_stats}, x, mutable=["batch_stats"])
            return optax.softmax_cross_entropy_with_integer_labels(logits.astype("float32"), y).mean(), new

        gradients, new = jax.grad(loss, has_aux=True)(state.params)
        state = state.apply_gradients(grads=gradients).replace(batch_stats=new["batch_stats"])
    return state


def squares(opt_state, field="nu"):
    """The trees called so, wherever they stand, put together."""
    found = {}

    def visit(state):
        if isinstance(state, dict):
            if field in state:
                leaves = flax.traverse_util.flatten_dict(serialization.to_state_dict(state[field]))
                found.update({"/".join(key): np.asarray(a, "float64").ravel().tolist() for key, a in leaves.items() if hasattr(a, "shape")})
            else:
                for child in state.values():
                    visit(child)

    visit(serialization.to_state_dict(opt_state))
    return found


def save(name, state, field="nu"):
    with open(f"{FOLDER}/{name}.msgpack", "wb") as file:
        file.write(serialization.to_bytes(state))
    expected[name] = squares(getattr(state, "opt_state", state), field)


os.makedirs(FOLDER, exist_ok=True)
expected = {}
adam = train(optax.adam(1e-3))
save("adam", adam)
save("opt_state", adam.opt_state)
save("params", adam.params)
schedule = optax.warmup_cosine_decay_schedule(0, 1e-3, 2, 10)
save("chain", train(optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule))))
save("accumulated", train(optax.MultiSteps(optax.adam(1e-3), 2), 6))
save("hyperparameters", train(optax.inject_hyperparams(optax.adamw)(learning_rate=1e-3, b2=0.95)))
by_layer = lambda tree: {key: "fixed" if key == "hidden" else "trained" for key in tree}
save("parts", train(optax.multi_transform({"trained": optax.adam(1e-3), "fixed": optax.set_to_zero()}, by_layer)))
save("bfloat16", train(optax.adam(1e-3), dtype=jnp.bfloat16))
save("rmsprop", train(optax.rmsprop(1e-3, centered=True, momentum=0.9)))
save("adagrad", train(optax.adagrad(1e-2)), "sum_of_squares")
save("adadelta", train(optax.adadelta(1e-2)), "e_g")
save("amsgrad", train(optax.amsgrad(1e-3)))
for name, optimizer in {
    "novograd": optax.novograd(1e-3),
    "lion": optax.lion(1e-3),
    "sgd": optax.sgd(1e-2, momentum=0.9),
    "adafactor": optax.adafactor(1e-3, min_dim_size_to_factor=2),
}.items():
    save(name, train(optimizer), "nothing")
serialization.MAX_CHUNK_SIZE = 32
save("chunks", adam)
with open(f"{FOLDER}/expected.json", "w") as file:
    json.dump(expected, file)
