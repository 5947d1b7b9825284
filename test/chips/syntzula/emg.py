"""Writes emg.npz, the recording of SYNtzulA as arrays, from the folder emg/ of its repository (README.md).

samples       [20000, 16]  the values of the sensor, by step and channel
delta         [16]         the thresholds of the encoder, by channel
encodedBits   [20000, 4]   the 32 spikes of the encoder in each step, eight in a byte
layer1Bits    [10000, 8]   the 64 spikes of layer 1, in the first half of the steps
inference     [10000]      the outputs, in the first half of the steps
weights1..4   [8192]       the weights in the four files of the flash
"""

import re
import sys
from pathlib import Path

import numpy as np


def text(name):
    return (Path(sys.argv[1]) / f"{name}.txt").read_text()


def numbers(name):
    """The numbers of an array in C, or of a list."""
    return np.array(re.findall(r"-?\d+", text(name).split("=")[-1]), int)


def packed(name):
    """The bits of each line, eight in a byte."""
    rows = [[int(bit) for bit in re.sub(r"\s", "", line)] for line in text(name).splitlines()]
    return np.packbits(rows, axis=1)


np.savez_compressed(
    "emg.npz",
    samples=numbers("samples").reshape(-1, 16).astype("int8"),
    delta=np.array([int(line, 16) for line in text("delta").split()], "uint8"),
    encodedBits=packed("encoded_input"),
    layer1Bits=packed("spike_1")[:10000],
    inference=numbers("snn_inference")[:10000].astype("int32"),
    **{f"weights{n}": numbers(f"weights_{n}").astype("int8") for n in (1, 2, 3, 4)},
)
