"""Writes fenn.npz from a clone of FeNN's repository (README.md): weights, the recorded sample, and what it does not say.

inputToHidden  [700, 256]   weights in 16 bits, 7 of them behind the point; so are
hiddenToHidden [256, 256]   these
hiddenToOutput [256, 20]    with 11 behind the point; so has bias [20]
input          [1, 1169, 700]  the input spikes of steps 0 to 1168, each of which acts in the step after it
hidden         [1169, 256]  the recorded spikes of steps 1 to 1169
current        [256]        what the recorded spikes of step 0 bring

Found of each hidden neuron, the first that gives its recorded spikes: the draw with which its potential is rounded in
each step, the potential v after step 0, its adaptation a, which a spike raises by 128, and its steps of rest.
"""

import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
steps, threshold, rest = 1170, 77, 5


def weights(name, shape, bits):
    return np.rint(np.load(folder / f"examples/99-{name}.npy").astype(float) * 2**bits).astype(int).reshape(shape)


def spikes(name, neurons):
    seen = np.zeros((steps, neurons), int)
    step, neuron = np.loadtxt(folder / f"nice_paper/shd_{name}_spikes_1.csv", delimiter=",").astype(int).T
    seen[step, neuron] = 1
    return seen


def survivors(drive, seen, draw, v, count, wait, first):
    """Which candidates give the recorded spikes of a neuron from a step on, begun in step 1."""
    left = np.arange(len(draw))
    for step in range(1, steps):
        v = ((v * 122 + draw) >> 7) + drive[step]
        fires = (wait == 0) & (v >= threshold + 2 * count)
        wait = np.maximum(wait - 1, 0)
        if step >= first:
            same = fires == seen[step]
            left, draw, v, count, wait = (each[same] for each in (left, draw, v, count, wait))
        if seen[step]:
            v, count, wait = v - threshold, np.minimum(count + 1, 255), np.full(len(v), rest)
    return left


def found(drive, seen):
    """Draw, potential, spikes before, and steps of rest of a neuron."""
    draw, count = (each.ravel() for each in np.meshgrid(np.arange(128), np.arange(256)))
    wait = np.full(len(draw), rest if seen[0] else 0)
    # A potential is forgotten within some 150 steps.
    late = survivors(drive, seen, draw, np.zeros(len(draw), int), count, wait, 150)
    rests = [rest] if seen[0] else np.arange(rest)
    late = np.random.default_rng(1).permutation(late)
    for grid in 64, 8, 1:
        for some in np.array_split(late, -(-len(late) // 64)):
            many = np.meshgrid(some, np.arange(-4096, 3072, grid), rests)
            pick, v, wait = (each.ravel() for each in many)
            left = survivors(drive, seen, draw[pick], v, count[pick], wait, 1)
            if len(left) > 0:
                one = left[len(left) // 2]
                return draw[pick[one]], v[one], count[pick[one]], wait[one]
    raise SystemExit("no state gives the recorded spikes of a neuron")


to_hidden, recurrent = weights("Conn_Pop0_Pop1-g", (700, 256), 7), weights("Conn_Pop1_Pop1-g", (256, 256), 7)
given, hidden = spikes("input", 700), spikes("hidden", 256)
drive = np.zeros((steps, 256), int)
drive[1:] = given[:-1] @ to_hidden + hidden[:-1] @ recurrent
draw, v, count, wait = np.array([found(drive[:, n], hidden[:, n]) for n in range(256)]).T

np.savez_compressed(
    "fenn.npz",
    inputToHidden=to_hidden,
    hiddenToHidden=recurrent,
    hiddenToOutput=weights("Conn_Pop1_Pop2-g", (256, 20), 11),
    bias=weights("Pop2-Bias", (20,), 11),
    input=given[None, :-1].astype("uint8"),
    hidden=hidden[1:].astype("uint8"),
    current=hidden[0] @ recurrent,
    draw=draw,
    v=v,
    a=count * 128,
    wait=wait,
)
