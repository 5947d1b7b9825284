import { expect, it } from 'vitest';
import { compile, compileCore } from '../../src/compiler/index.ts';
import { createCore, engineNames } from '../../src/engine/index.ts';
import type { Placement } from '../../src/image/index.ts';
import { createMachine } from '../../src/machine/index.ts';
import { programOf, spikeTrain, valuesOf } from '../support/core.ts';
import { roundMesh } from './round-mesh.ts';

/** `a` sends what it has been charged with to `b` at once, and to `c` late. */
const program = `format: plasticore/program/1
name: graded
steps: 6
input: in
populations:
  in: {size: 3}
  a: {size: 4, payload: {bits: 8}, fields: {v: {bits: 16}}}
  b: {size: 2, fields: {v: {bits: 16}}}
  c: {size: 2, fields: {v: {bits: 16}}}
projections:
  inToA: {from: in, to: a, initialWeights: {values: [3, -5, 0, 99, 0, 7, 1, 0, -2, 0, 0, 4]}}
  aToB: {from: a, to: b, initialWeights: {values: [1, 2, 3, 4, 5, 6, 7, 8]}}
  aToC: {from: a, to: c, delay: {values: [1, 2, 2, 1, 3, 1, 1, 1]}, initialWeights: {values: [1, 2, 3, 4, 5, 6, 7, 8]}}
microcode: {rule: rule.uc}
events:
  sample: [{clear: [a.v, b.v, c.v]}]
  tick: [{deliver: in}, {deliver: a, spikes: previous}, {run: fire, over: a}]
  spike: {in: [{run: integrate, over: inToA}]}
  previousSpike: {a: [{run: take, over: aToB}, {run: take, over: aToC}]}
readout: c.v
`;

const rules = `
kernel integrate over row
  ld    r0, post.v
  ld    r1, syn.weight
  add   r0, r0, r1
  st    r0, post.v
end
kernel take over row
  ld    r0, post.v
  ld    r1, syn.weight
  ld    r2, ev.value
  mul   r1, r1, r2
  add.s r0, r0, r1
  st    r0, post.v
end
kernel fire over neurons
  ld    r0, self.v
  cmp.ne r1, r0, 0
  emit  r1, r0
  ldi   r0, 0
  st    r0, self.v
end
`;

const options = { precision: 'mp16-8', seed: 1 };
const net = programOf(program, { 'rule.uc': rules });

const placement: Placement = {
  in: [{ first: 0, size: 3, core: 0 }],
  a: [
    { first: 0, size: 1, core: 3 },
    { first: 1, size: 3, core: 0 },
  ],
  b: [{ first: 0, size: 2, core: 1 }],
  c: [
    { first: 0, size: 1, core: 2 },
    { first: 1, size: 1, core: 1 },
  ],
};

const spikes = spikeTrain([0], [1, 2], [2], [0, 1, 2], [], []);

it.each(engineNames)('%s cores pass values on as one core does', (engine) => {
  const hw = roundMesh();
  const one = createCore(compileCore(net, hw, options), { engine });
  let several = createMachine(compile(net, hw, options, { slices: placement }), { engine });
  for (const core of [one, several]) core.begin({ label: 0, learn: false, steps: 6, spikes });
  for (let step = 0; step < 6; step++) {
    for (const core of [one, several]) core.step();
    for (const name of ['a.v', 'b.v', 'c.v', 'a.delayed'])
      expect(valuesOf(several, name), `${name}, step ${step}`).toEqual(valuesOf(one, name));
    expect(several.spikesOf(1)).toEqual(one.spikesOf(1));
    const next = createMachine(compile(net, hw, options, { slices: placement }), { engine });
    next.resume(structuredClone(several.checkpoint()));
    several = next;
  }
  expect(valuesOf(one, 'c.v').every((value) => value !== 0)).toBe(true);
});

it('a value that a packet does not carry takes others', () => {
  const packetsWith = (packet: string): number | undefined => {
    const several = createMachine(compile(net, roundMesh(packet), options, { slices: placement }));
    // Neuron 0 is on core 3, 1 and 3 on core 0: each sends to cores 1 and 2.
    several.begin({ label: 0, learn: false, steps: 2, spikes: spikeTrain([0], []) });
    several.finish();
    return several.counters().network?.send;
  };
  expect(packetsWith('  packet: {bits: 32, payloadBits: 8, source: guess}\n')).toBe(6);
  expect(packetsWith('  packet: {bits: 32, payloadBits: 7, source: guess}\n')).toBe(12);
  expect(packetsWith('  packet: {bits: 4, payloadBits: 0, source: guess}\n')).toBe(18);
  expect(packetsWith('')).toBe(12);
});

it('a packet that forks reaches several cores', () => {
  const networkWith = (perDestination: string) => {
    const packet = `  packet: {bits: 32, payloadBits: 8, perDestination: ${perDestination}, source: guess}\n`;
    const several = createMachine(compile(net, roundMesh(packet), options, { slices: placement }));
    several.begin({ label: 0, learn: false, steps: 2, spikes: spikeTrain([0], []) });
    several.finish();
    const { spikes, network } = several.counters();
    return { spikes, network };
  };
  const [one, tree] = [networkWith('core'), networkWith('tree')];
  expect(tree.spikes).toEqual(one.spikes);
  // Neuron 0 is on core 3, 1 and 3 on core 0. Each sends to core 1, for b and c, and to core 2, for c. From core 0, at
  // (0, 0), the way to core 1 is one hop to the east, to core 2 one to the north; from core 3, at (1, 1), one to the
  // south, and one to the west. No link is shared, but a spike takes one packet. The host sends one to core 0 and one
  // to core 3.
  expect(one.network).toMatchObject({
    send: 6,
    tile: 6,
    hopX: 3,
    hopY: 3,
    sent: [4, 0, 0, 2],
    received: [1, 3, 3, 1],
  });
  expect(tree.network).toMatchObject({
    send: 3,
    tile: 6,
    hopX: 3,
    hopY: 3,
    sent: [2, 0, 0, 1],
    received: [1, 3, 3, 1],
  });
});
