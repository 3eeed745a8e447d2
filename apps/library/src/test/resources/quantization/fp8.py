"""Writes fp8.gz: what ml_dtypes (0.6.0) rounds every float16 to, and what every byte means.

65536 bytes: float16 bit patterns 0 to 65535 as float8_e4m3fn; 65536 bytes: as float8_e5m2;
256 float32: the values of all bytes as float8_e4m3fn; 256 float32: as float8_e5m2.
"""
import gzip
import ml_dtypes
import numpy as np

halves = np.arange(65536, dtype=np.uint16).view(np.float16)
parts = []
for kind in (ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2):
    parts.append(halves.astype(np.float64).astype(kind).view(np.uint8).tobytes())
for kind in (ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2):
    parts.append(np.arange(256, dtype=np.uint8).view(kind).astype("<f4").tobytes())
with open("fp8.gz", "wb") as out:
    out.write(gzip.compress(b"".join(parts), mtime=0))
