import { beforeEach, describe, expect, it } from 'vitest';
import { type Core, createCore, engineNames, runSample, triggerEvent } from '../../../src/engine/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';
import { edit, failure } from '../../hardware/tiny.ts';
import { fieldOf, imageOf, indexOfField, spikeTrain, workIndex } from '../../support/core.ts';
import { eventCore, eventProgram, eventRules } from '../../support/event-core.ts';

const image = imageOf(eventProgram, eventRules, eventCore, { precision: 'own' });
const bank = (name: string): number => image.banks.findIndex((candidate) => candidate.name === name);

/** Weight of the synapse from i to j: (i + j) mod 8. */
const weights = Array.from({ length: 36 }, (_, s) => (Math.floor(s / 6) + (s % 6)) % 8);

describe('records', () => {
  it('put each field at its bit', () => {
    expect(fieldOf(image, 'n.threshold').bitOffset).toBe(3);
    expect(fieldOf(image, 'n.v').bitOffset).toBe(20);
    expect(fieldOf(image, 'p.mark').bitOffset).toBe(7);
    const layout = image.layouts[fieldOf(image, 'n.v').layout ?? -1];
    expect(layout).toMatchObject({ bank: bank('state'), itemBits: 26, itemsPerWord: 1 });
    const synapses = image.layouts[fieldOf(image, 'p.w').layout ?? -1];
    expect(synapses).toMatchObject({ bank: bank('shadow'), itemBits: 8, itemsPerWord: 4, wordsPerRow: 2 });
    expect(image.layouts[fieldOf(image, 'n.hot').layout ?? -1]?.bank).toBe(bank('registers'));
  });
});

describe.each(engineNames)('named events on the %s engine', (name) => {
  let engine: Core;
  const values = (field: string): number[] => [...engine.read(indexOfField(image, field))];
  const set = (field: string, items: readonly number[]): void =>
    engine.write(indexOfField(image, field), items);
  const work = (label: string) => engine.counters().work[workIndex(image, label)];

  beforeEach(() => {
    engine = createCore(image, { engine: name });
    set('p.w', weights);
    set('n.threshold', [15, 15, 15, 15, 15, 15]);
  });

  it('run a row, with the event’s scalars, and give its spikes in order', () => {
    set('n.v', [0, 0, 10, 1, 0, 12]);
    // Row 2 has weights 2 to 7; twice those: 4, 6, 8, 10, 12, 14.
    expect(triggerEvent(engine, 'pop', { neuron: 2, gain: 2 })).toEqual([2, 5]);
    expect(values('n.v')).toEqual([4, 6, 0, 11, 12, 0]);
    expect(values('n.hot')).toEqual([0, 0, 1, 0, 0, 1]);
    expect(values('p.mark')).toEqual(weights.map((_, s) => Number(s >= 12 && s < 18)));
    expect(engine.spikesOf(0)).toEqual([2, 5]);
    expect(engine.counters().spikes).toEqual([2]);
    // One word for each neuron, two of synapses; a record that is not written whole but read needs no second read.
    const counted = work('deliver(p)');
    expect(counted).toMatchObject({ runs: 1, passes: 1, tiles: 2, items: 6 });
    expect(counted?.reads[bank('state')]).toBe(6);
    expect(counted?.writes[bank('state')]).toBe(6);
    expect(counted?.reads[bank('shadow')]).toBe(2);
    expect(counted?.writes[bank('shadow')]).toBe(2);
    expect(counted?.writes[bank('registers')]).toBe(6);
  });

  it('run one synapse of a kernel over rows', () => {
    set('n.v', [0, 0, 0, 0, 9, 0]);
    // The weight from 5 to 4 is 1.
    expect(triggerEvent(engine, 'stimulate', { neuron: 5, post: 4, gain: 6 })).toEqual([4]);
    expect(triggerEvent(engine, 'stimulate', { neuron: 5, post: 0, gain: 2 })).toEqual([]);
    expect(values('n.v')).toEqual([10, 0, 0, 0, 0, 0]);
    expect(values('p.mark').flatMap((mark, s) => (mark ? [s] : []))).toEqual([30, 34]);
    expect(work('deliver(p, one synapse)')).toMatchObject({ runs: 2, passes: 2, tiles: 2, items: 2 });
    expect(work('deliver(p, one synapse)')?.reads[bank('state')]).toBe(2);
    expect(work('deliver(p)')).toMatchObject({ runs: 0, items: 0 });
  });

  it('run one neuron, or one of a kernel over all', () => {
    set('n.v', [3, 3, 3, 13, 3, 3]);
    expect(triggerEvent(engine, 'poke', { neuron: 3, gain: 1 })).toEqual([]);
    expect(triggerEvent(engine, 'poke', { neuron: 3 })).toEqual([3]);
    triggerEvent(engine, 'decayOne', { neuron: 1 });
    expect(values('n.v')).toEqual([3, 2, 3, 0, 3, 3]);
    triggerEvent(engine, 'decay');
    expect(values('n.v')).toEqual([2, 1, 2, 0, 2, 2]);
  });

  it('run all synapses, or one row of them', () => {
    triggerEvent(engine, 'forgetRow', { neuron: 5 });
    const after = weights.map((w, s) => (s >= 30 ? Math.max(0, w - 1) : w));
    expect(values('p.w')).toEqual(after);
    triggerEvent(engine, 'forget', { keep: 1 });
    expect(values('p.w')).toEqual(after);
    triggerEvent(engine, 'forget', { keep: 0 });
    expect(values('p.w')).toEqual(after.map((w) => Math.max(0, w - 1)));
    expect(work('forget(p, one row)')).toMatchObject({ runs: 1, passes: 1, items: 6 });
    expect(work('forget(p)')).toMatchObject({ runs: 2, passes: 12, items: 72 });
  });

  it('sum a row, or one synapse of it', () => {
    // Row 2 has weights 2 to 7; row 5 has 5, 6, 7, 0, 1, 2.
    triggerEvent(engine, 'gather', { neuron: 2 });
    triggerEvent(engine, 'gatherOne', { neuron: 5, post: 1 });
    expect(values('n.sum')).toEqual([0, 0, 2 + 3 + 4 + 5 + 6 + 7, 0, 0, 6]);
    triggerEvent(engine, 'gatherOne', { neuron: 5, post: 5 });
    expect(values('n.sum')[5]).toBe(2);
  });

  it('run for each of several neurons, and leave the last one as the event’s', () => {
    const event = image.events.named.findIndex((one) => one.name === 'decayOne');
    set('n.v', [3, 3, 3, 3, 3, 3]);
    engine.triggerEach(event, [9, 1, 4, 1, 9], 1, 4);
    expect(values('n.v')).toEqual([3, 1, 3, 3, 2, 3]);
    expect([...engine.event.subarray(0, 2)]).toEqual([1, 0]);
    engine.triggerEach(event, [5], 1);
    expect(values('n.v')).toEqual([3, 1, 3, 3, 2, 3]);
    expect([...engine.event.subarray(0, 2)]).toEqual([1, 0]);
  });

  it('lead from one neuron to another, as a pointer does, where no synapse holds anything', () => {
    const program = edit(
      edit(
        eventProgram,
        'projections:\n',
        '  few: {size: 3, fields: {v: {kind: integer, bits: 6, signed: false}}}\nprojections:\n',
      ),
      'microcode:',
      '  pairs: {from: n, to: few, weights: none}\nmicrocode:',
    );
    const pairs = imageOf(
      edit(program, '    decay: ', '    hand: [{run: hand, over: pairs}]\n    decay: '),
      `${eventRules}
kernel hand over synapse
  ld   r0, pre.v
  ld   r1, post.v
  ld   r2, post.index
  add  r0, r0, r1
  add  r0, r0, r2
  st   r0, post.v
end
`,
      eventCore,
      { precision: 'own' },
    );
    const core = createCore(pairs, { engine: name });
    core.write(indexOfField(pairs, 'n.v'), [0, 1, 2, 3, 40, 5]);
    core.write(indexOfField(pairs, 'few.v'), [7, 8, 9]);
    triggerEvent(core, 'hand', { neuron: 4, post: 2 });
    triggerEvent(core, 'hand', { neuron: 3, post: 0 });
    expect([...core.read(indexOfField(pairs, 'few.v'))]).toEqual([10, 8, 51]);
    expect([...core.read(indexOfField(pairs, 'n.v'))]).toEqual([0, 1, 2, 3, 40, 5]);
    const counted = core.counters().work[workIndex(pairs, 'hand(pairs)')];
    expect(counted).toMatchObject({ runs: 2, passes: 2, tiles: 2, items: 2 });
    // The record of a neuron of n, and the word of one of few.
    expect(counted?.reads[bank('state')]).toBe(4);
    expect(counted?.writes[bank('state')]).toBe(2);
  });

  it('accept no samples, and refuse names that the image does not have', () => {
    const run = () => runSample(engine, spikeTrain([]), { label: 0, learn: false });
    expect(failure(run).message).toContain('runs on named events');
    expect(() => triggerEvent(engine, 'pup')).toThrow(PlasticoreError);
    expect(failure(() => triggerEvent(engine, 'pup')).hint).toContain('pop');
    expect(failure(() => triggerEvent(engine, 'pop', { gane: 1 })).hint).toContain('gain');
    expect(failure(() => triggerEvent(engine, 'pop', { gain: 8 })).message).toContain('0 to 7');
    expect(failure(() => set('n.v', [0, 0, 0, 0, 0, 64])).message).toBe('n.v: item 5 cannot be 64');
    expect(failure(() => set('n.v', [0])).message).toContain('expected 6 values, found 1');
  });

  describe('of populations of two sizes', () => {
    const text = edit(
      edit(
        eventProgram,
        'projections:\n',
        '  few: {size: 3, fields: {v: {kind: integer, bits: 6, signed: false}}}\nprojections:\n',
      ),
      'microcode:',
      `  fromFew: {from: few, to: n, weights: none, fields: {w: {kind: integer, bits: 3, signed: false}}}
  toFew: {from: n, to: few, weights: none, fields: {w: {kind: integer, bits: 3, signed: false}}}
microcode:`,
    );
    const small = imageOf(
      edit(
        text,
        '    decay: ',
        `    decayFew: [{run: decay, over: few, only: neuron}]
    forgetFrom: [{run: forget, over: fromFew, only: row}]
    forgetTo: [{run: forget, over: toFew, only: synapse}]
    decay: `,
      ),
      eventRules,
      eventCore,
      { precision: 'own' },
    );

    it('refuse a neuron that a kernel’s population does not have', () => {
      const core = createCore(small, { engine: name });
      const before = core.save();
      const refused = (event: string, scalars: Record<string, number>) =>
        failure(() => triggerEvent(core, event, scalars)).message;
      expect(refused('decayFew', { neuron: 3 })).toBe(
        "neuron: expected 0 to 2, a neuron of 'few' for kernel 'decay', found 3",
      );
      expect(refused('forgetFrom', { neuron: 5 })).toContain("0 to 2, a neuron of 'few'");
      expect(refused('forgetTo', { neuron: 5, post: 3 })).toContain(
        "post: expected 0 to 2, a neuron of 'few'",
      );
      expect([...core.event.subarray(0, 2)]).toEqual([0, 0]);
      expect(core.save()).toEqual(before);
      expect(core.counters().work.every(({ runs }) => runs === 0)).toBe(true);
      triggerEvent(core, 'forgetTo', { neuron: 5, post: 2 });
      triggerEvent(core, 'pop', { neuron: 5 });
      // The neuron of an earlier event stays, and may be of a larger population.
      expect(refused('decayFew', {})).toContain('found 5');
    });
  });
});
