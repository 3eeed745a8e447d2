"""Writes src/test/resources/tf1 with TensorFlow 2.21 in its mode for version 1: variables and slots of each optimizer after some
steps, with minimize() under a scope, and in expected.json what the slots of squared gradients hold, by variable.

Usage: python write_tf1_files.py FOLDER
"""
import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np
import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
expected = {}
STEPS = 3


def write(case, make, squares, scope="train", optimizer=None, decay=None, model="net", ema=False, partitions=None):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(5)
        with tf.variable_scope(model, partitioner=partitions and tf.fixed_size_partitioner(partitions)):
            x = tf.constant(np.random.default_rng(2).normal(size=(6, 3)).astype("float32"))
            for layer in ("l1", "l2"):
                with tf.variable_scope(layer):
                    x = tf.matmul(x, tf.convert_to_tensor(tf.get_variable("kernel", (3, 3)))) + tf.get_variable(
                        "bias", (3,), initializer=tf.zeros_initializer(), partitioner=None)
        loss = tf.reduce_mean(tf.square(x - 1))
        variables = tf.trainable_variables()
        step = tf.train.get_or_create_global_step()
        one = make()
        if scope:
            with tf.variable_scope(scope):
                train = one.minimize(loss, global_step=step)
        else:
            train = one.minimize(loss, global_step=step)
        if ema:
            with tf.control_dependencies([train]):
                train = tf.train.ExponentialMovingAverage(0.9).apply(variables)
        session.run(tf.global_variables_initializer())
        for _ in range(STEPS):
            session.run(train)
        tf.train.Saver().save(session, os.path.join(folder, case), write_meta_graph=False, write_state=False)
        values = {} if squares is None else {
            v.op.name: session.run(one.get_slot(v, squares)).astype("float64").ravel().tolist() for v in variables}
        expected[case] = {
            "optimizer": optimizer, "decay": decay, "values": values, "names": [v.op.name for v in tf.global_variables()]}


T = tf.train
write("adam", lambda: T.AdamOptimizer(0.1), "v", optimizer="Adam", decay=0.999)
write("adam_deep_scope", lambda: T.AdamOptimizer(0.1, beta2=0.99), "v", scope="a/b/OptimizeLoss", optimizer="Adam", decay=0.99)
write("adam_own_name", lambda: T.AdamOptimizer(0.1, name="gen_opt"), "v", optimizer="Adam", decay=0.999)
write("adam_same_scope", lambda: T.AdamOptimizer(0.1), "v", scope="net", optimizer="Adam", decay=0.999)
write("adam_ema", lambda: T.AdamOptimizer(0.1), "v", ema=True, optimizer="Adam", decay=0.999)
write("rmsprop", lambda: T.RMSPropOptimizer(0.1), "rms", optimizer="RMSProp")
write("rmsprop_centered", lambda: T.RMSPropOptimizer(0.1, centered=True), "rms", optimizer="RMSProp")
write("rmsprop_centered_plain", lambda: T.RMSPropOptimizer(0.1, centered=True), "rms", scope="", optimizer="RMSProp")
write("adagrad", lambda: T.AdagradOptimizer(0.1), "accumulator", optimizer="Adagrad")
write("adadelta", lambda: T.AdadeltaOptimizer(0.1), "accum", optimizer="Adadelta")
write("ftrl", lambda: T.FtrlOptimizer(0.1), "accum", optimizer="Ftrl")
write("proximal", lambda: T.ProximalAdagradOptimizer(0.1), "accumulator", optimizer="ProximalAdagrad")
write("momentum", lambda: T.MomentumOptimizer(0.1, 0.9), None)
write("sgd", lambda: T.GradientDescentOptimizer(0.1), None)
write("dual", lambda: T.AdagradDAOptimizer(0.1, T.get_global_step()), "gradient_squared_accumulator", optimizer="AdagradDA")
write("partitioned", lambda: T.AdamOptimizer(0.1), None, partitions=2)
with open(os.path.join(folder, "expected.json"), "w") as file:
    json.dump(expected, file)
