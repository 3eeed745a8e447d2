"""Writes what src/test/resources/keras_bare was taken from, with Keras 3.15: bare weights, and an .h5 of the same training, which names
its slots; expected.json holds the latter."""
import os; os.environ["CUDA_VISIBLE_DEVICES"]=""; os.environ["TF_CPP_MIN_LOG_LEVEL"]="3"
import keras, numpy as np, json
from keras import layers, optimizers
print(keras.__version__)
g=np.random.default_rng(5)
def model(): 
    keras.utils.set_random_seed(3)
    return keras.Sequential([keras.Input((3,)), layers.Dense(4,name="b"), layers.Dense(5,name="a"), layers.Dense(2,name="c")], name="seq")
def run(f,opt,slot,dtype=None,steps=5):
    if dtype: keras.config.set_dtype_policy(dtype)
    m=model(); m.compile(opt, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x=g.normal(size=(4*steps,3)).astype("float32"); y=g.integers(0,2,4*steps)
    m.fit(x,y,batch_size=4,epochs=1,verbose=0,shuffle=False)
    print(f,[ (v.path,v.shape,str(v.dtype)) for v in m.optimizer.variables][:20])
    for ext in (".keras",".weights.h5",".h5"):
        try: (m.save_weights if ext==".weights.h5" else m.save)(f+ext)
        except Exception as e: print(ext,repr(e)[:300])
    keras.config.set_dtype_policy("float32")
os.makedirs("k",exist_ok=True); os.chdir("k")
O=optimizers
run("ema",O.Adam(0.01,use_ema=True),"v")
run("acc",O.Adam(0.01,gradient_accumulation_steps=2),"v")
run("acc_mid",O.Adam(0.01,gradient_accumulation_steps=2),"v",steps=5)
run("ams",O.Adam(0.01,amsgrad=True),"v")
run("emaacc",O.AdamW(0.01,use_ema=True,gradient_accumulation_steps=2,amsgrad=True),"v")
run("rms",O.RMSprop(0.01,centered=True,momentum=0.5),"v")
run("rmsc",O.RMSprop(0.01,centered=True),"v")
run("rmsm",O.RMSprop(0.01,momentum=0.5),"v")
run("rmse",O.RMSprop(0.01,use_ema=True),"v")
run("ada",O.Adagrad(0.01,use_ema=True),"v")
run("adad",O.Adadelta(0.01,use_ema=True),"v")
run("ftrl",O.Ftrl(0.01,use_ema=True),"v")
run("bf16",O.Adam(0.01),"v","bfloat16")
run("mixed",O.Adam(0.01),"v","mixed_bfloat16")
