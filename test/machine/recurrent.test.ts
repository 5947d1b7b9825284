import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type EngineName, engineNames } from '../../src/engine/index.ts';
import { inThorough } from '../support/thorough.ts';
import { fanOut, recurrent, sparse, sparseNeurons, sparseSynapses } from './recurrent.ts';

/*
 * What SANA-FE 2.2.1 recorded of its first steps: SHA-256 of the lines 'step,neuron\n' of the first 100, and how many
 * fired in the first five.
 */
const sha256 = 'b8a32366e325bbadba1f6406c85623be3a78eb3e9e85974790b8f49b910b307a';
const fired = [55, 90, 45, 42, 51];

type Case = readonly [engine: EngineName, cores: number, steps: number];

/** The quick run has each engine on several cores once. */
const isTaken = ([engine, cores]: Case) =>
  inThorough(true, cores === 4 || (cores === 16 && engine === 'fast'));

const dense: readonly Case[] = [
  ['fast', 1, 100],
  ['fast', 4, 100],
  ['fast', 8, 100],
  ['reference', 4, 5],
];

test.each(dense.filter(isTaken))(
  'the %s engine spikes as SANA-FE does, on %i cores',
  (engine, cores, steps) => {
    expect(engineNames).toContain(engine);
    const system = recurrent(cores, { engine });
    const hash = createHash('sha256');
    const counts: number[] = [];
    for (let step = 1; step <= steps; step++) {
      counts.push(system.step());
      for (const neuron of system.spikesOf(1)) hash.update(`${step},${neuron}\n`);
    }
    expect(counts.slice(0, 5)).toEqual(fired);
    if (steps === 100) expect(hash.digest('hex')).toBe(sha256);
    // Each spike goes to all other cores, in the step after it was emitted.
    const sent = counts.slice(0, -1).reduce((sum, count) => sum + count, 0) * (cores - 1);
    expect(system.counters().network?.send).toBe(sent);
  },
);

/* The first 40 steps of `sparse16384`, likewise, and how many fired in the first five. */
const sparseSha256 = '7f2964c3f7f0b05be7f250a0f607366857a143ad6ed8292cf31c9050e5fd6a11';
const sparseFired = [887, 1222, 795, 877, 882];

const listed: readonly Case[] = [
  ['fast', 1, 5],
  ['fast', 16, 40],
  ['reference', 16, 2],
];

test.each(listed.filter(isTaken))(
  'the %s engine spikes as SANA-FE does where targets are listed, on %i cores',
  (engine, cores, steps) => {
    const system = sparse(cores, { engine });
    const { targets } = sparseSynapses();
    const size = sparseNeurons / cores;
    const hash = createHash('sha256');
    const counts: number[] = [];
    let packets = 0;
    for (let step = 1; step <= steps; step++) {
      counts.push(system.step());
      for (const neuron of system.spikesOf(1)) {
        hash.update(`${step},${neuron}\n`);
        if (step === steps) continue;
        // A packet for each core that holds a target, but for its own.
        const own = targets.subarray(neuron * fanOut, (neuron + 1) * fanOut);
        const reached = new Set(Array.from(own, (post) => Math.floor(post / size)));
        reached.delete(Math.floor(neuron / size));
        packets += reached.size;
      }
    }
    expect(counts.slice(0, 5)).toEqual(sparseFired.slice(0, steps));
    if (steps === 40) expect(hash.digest('hex')).toBe(sparseSha256);
    expect(system.counters().network?.send).toBe(packets);
  },
);
