import { describe, expect, it } from 'vitest';
import { type Core, createCore, engineNames, neuronOf } from '../../../src/engine/index.ts';
import { neuronIn, valueIn } from '../../../src/image/index.ts';
import { imageOf, loaderOn, roundCore, spikeTrain, valuesOf } from '../../support/core.ts';

/*
 * `in` charges `mid`; where a neuron of `mid` has been charged, its spike carries the charge, saturated to the payload.
 * `out` adds up weight x value, over a synapse.
 */

interface Variant {
  readonly payload?: string;
  readonly delay?: string;
  /** Whether `mid` acts in the same step. */
  readonly same?: boolean;
  /** Whether neurons of `mid` spike twice in a step. */
  readonly twice?: boolean;
}

const program = ({
  payload = '{bits: 6}',
  delay = '',
  same = false,
  twice = false,
}: Variant): string => `format: plasticore/program/1
name: graded
steps: 6
input: in
populations:
  in: {size: 2}
  mid: {size: 3, payload: ${payload}, fields: {charge: {bits: 16}, last: {bits: 16}}}
  out: {size: 2, fields: {v: {bits: 16}}}
projections:
  first: {from: in, to: mid, initialWeights: {values: [5, -7, 40, 1, 0, 0]}}
  second: {from: mid, to: out, initialWeights: {values: [1, 2, 10, 0, 3, -1]}${delay}}
microcode: {rule: rule.uc}
events:
  sample: [{clear: [mid.charge, mid.last, out.v]}]
  tick:
    - {deliver: in}
${same ? '' : '    - {deliver: mid, spikes: previous}\n'}
${twice ? '    - {run: send, over: mid}\n    - {run: keep, over: mid}\n' : ''}
    - {run: send, over: mid}
    - {run: empty, over: mid}
${same ? '    - {deliver: mid}\n' : ''}
  spike:
    in: [{run: charge, over: first}]
${same ? '    mid: [{run: take, over: second}, {run: note, over: mid}]' : '  previousSpike:\n    mid: [{run: take, over: second}, {run: note, over: mid}]'}
readout: out.v
`;

const rules = `
kernel charge over row
  ld    r0, post.charge
  ld    r1, syn.weight
  add   r0, r0, r1
  st    r0, post.charge
end
kernel send over neurons
  ld    r0, self.charge
  cmp.ne r1, r0, 0
  emit  r1, r0
end
kernel keep over neurons
  ld    r0, self.charge
  cmp.ne r1, r0, 0
  sub   r2, r0, 1
  sel   r0, r1, r2, r0
  st    r0, self.charge
end
kernel empty over neurons
  ldi   r0, 0
  st    r0, self.charge
end
kernel take over row
  ld    r0, syn.weight
  ld    r1, ev.value
  mul   r0, r0, r1
  ld    r1, post.v
  add.s r0, r0, r1
  st    r0, post.v
end
kernel note over neuron
  ld    r0, ev.value
  st    r0, self.last
end
`;

const none: number[] = [];

describe.each(engineNames)('on the %s engine', (engineName) => {
  const engineWith = loaderOn(engineName);
  const coreOf = (variant: Variant): Core => engineWith(imageOf(program(variant), rules, roundCore));

  /** `out.v` after each step. */
  function follow(core: Core, spikes: readonly (readonly number[])[]): string[] {
    core.begin({ label: 0, learn: false, steps: spikes.length, spikes: spikeTrain(...spikes) });
    return spikes.map(() => {
      core.step();
      return valuesOf(core, 'out.v').join();
    });
  }

  it('a spike carries a value to the kernels that it runs', () => {
    // Input 0 charges mid with 5, -7, 40, of which 6 bits hold -32 to 31: v += 5 x (1, 2) - 7 x (10, 0) + 31 x (3, -1).
    expect(follow(coreOf({}), [[0], none])).toEqual(['0,0', '28,-21']);
    // Input 1 charges the first with 1.
    expect(follow(coreOf({}), [[1], [0], none])).toEqual(['0,0', '1,2', '29,-19']);
    const core = coreOf({});
    follow(core, [[0], none]);
    expect(valuesOf(core, 'mid.last')).toEqual([5, -7, 31]);
  });

  it('in the same step as well', () => {
    expect(follow(coreOf({ same: true }), [[0], none])).toEqual(['28,-21', '28,-21']);
  });

  it('unsigned, what is negative is sent as 0', () => {
    // 5 x (1, 2) + 0 + 40 x (3, -1).
    expect(follow(coreOf({ payload: '{bits: 6, signed: false}' }), [[0], none])).toEqual(['0,0', '125,-30']);
  });

  it('values wait for delays with their spikes', () => {
    expect(follow(coreOf({ delay: ', delay: 2' }), [[0], [1], none, none, none])).toEqual([
      '0,0',
      '0,0',
      '0,0',
      '28,-21',
      '29,-19',
    ]);
    const image = imageOf(program({ delay: ', delay: 2' }), rules, roundCore);
    const ring = image.fields.find(({ name }) => name === 'mid.delayed');
    expect(ring).toMatchObject({ bits: 7, count: 6 });
  });

  it('of a neuron that spikes twice in a step, the next one knows the last value', () => {
    // The second spikes carry one less: 4, -8, 31 (39 does not fit).
    expect(follow(coreOf({ twice: true }), [[0], none])).toEqual(['0,0', '17,-23']);
  });

  it('spikes are counted, listed and recorded by neuron', () => {
    const core = coreOf({});
    follow(core, [[0]]);
    expect(core.spikesOf(1)).toEqual([0, 1, 2]);
    const counts = core.image.populations.map(({ size }) => new Float64Array(size));
    core.countSpikes(counts);
    expect(counts[1]).toEqual(Float64Array.of(1, 1, 1));
    const { populations } = core.image;
    const sent = Array.from(core.emitted.subarray(0, 3), neuronOf);
    const mid = populations[1];
    if (mid === undefined) throw new Error('no mid');
    expect(sent.map((spike) => [neuronIn(mid, spike), valueIn(mid, spike)])).toEqual([
      [0, 5],
      [1, -7],
      [2, 31],
    ]);
  });

  it('either engine goes on from the other', () => {
    const spikes = [[0], [1], [0, 1], none, none, none];
    const expected = follow(coreOf({ delay: ', delay: {values: [0, 1, 2, 3, 0, 1]}' }), spikes);
    for (const other of engineNames) {
      for (let steps = 0; steps < 6; steps++) {
        const core = coreOf({ delay: ', delay: {values: [0, 1, 2, 3, 0, 1]}' });
        core.begin({ label: 0, learn: false, steps: 6, spikes: spikeTrain(...spikes) });
        for (let step = 0; step < steps; step++) core.step();
        const next = createCore(core.image, { engine: other });
        next.resume(structuredClone(core.checkpoint()));
        const rest = expected.slice(steps).map(() => {
          next.step();
          return valuesOf(next, 'out.v').join();
        });
        expect(rest).toEqual(expected.slice(steps));
      }
    }
  });

  describe('from outside', () => {
    const image = imageOf(
      program({}).replace('in: {size: 2}', 'in: {size: 2, payload: {bits: 3, signed: false}}'),
      rules.replace(
        'ld    r1, syn.weight\n  add',
        'ld    r1, syn.weight\n  ld r2, ev.value\n  mul r1, r1, r2\n  add',
      ),
      roundCore,
    );
    /** Neuron and value: one bit numbers two neurons. */
    const spike = (neuron: number, value: number): number => neuron + 2 * value;

    it('spikes carry the values that are given with them, to either engine from the other', () => {
      for (const other of engineNames) {
        const core = engineWith(image);
        core.begin({ label: 0, learn: false, steps: 2, spikes: spikeTrain([spike(0, 3)], []) });
        core.receive(0, [spike(1, 7)]);
        const next = createCore(image, { engine: other });
        next.resume(structuredClone(core.checkpoint()));
        for (const each of [core, next]) {
          each.step();
          // 3 x (5, -7, 40) + 7 x (1, 0, 0).
          expect(valuesOf(each, 'mid.last')).toEqual([0, 0, 0]);
          expect(each.spikesOf(0)).toEqual([0, 1]);
          const counts = image.populations.map(({ size }) => new Float64Array(size));
          each.countSpikes(counts);
          expect(counts[0]).toEqual(Float64Array.of(1, 1));
          each.step();
          expect(valuesOf(each, 'mid.last')).toEqual([22, -21, 31]);
        }
      }
    });

    it.each([
      ['a neuron that is not there', 16, 'in: expected values of 3 bits above the 1 of the neuron, found 16'],
      ['a number that is not whole', 0.5, 'in: expected'],
    ])('%s is refused', (_, wrong, message) => {
      const core = engineWith(image);
      core.begin({ label: 0, learn: false, steps: 2 });
      expect(() => core.receive(0, [wrong])).toThrow(message);
      const train = { ...spikeTrain([16], []), indices: Uint32Array.of(16) };
      expect(() => core.begin({ label: 0, learn: false, steps: 2, spikes: train })).toThrow('in: expected');
    });
  });
});
