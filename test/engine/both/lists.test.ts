import { describe, expect, it } from 'vitest';
import { type Core, engineNames, runSample } from '../../../src/engine/index.ts';
import { counts, countsOf, imageOf, loaderOn, roundCore, spikeTrain, valuesOf } from '../../support/core.ts';

describe.each(engineNames)('on the %s engine', (engineName) => {
  const engineWith = loaderOn(engineName);

  const program = (steps: number, lists: string): string => `format: plasticore/program/1
name: lists
steps: ${steps}
parameters: {two: 2}
input: p
populations:
  p: {size: 3, fields: {log: {kind: integer, bits: 30, signed: false, overflow: wrap}, stop: {bits: 8}}}
projections:
  q: {from: p, to: p}
microcode: {rule: rule.uc}
events:
${lists}
readout: p.log
`;

  // The log gets a digit for each run, in base 8.
  const microcode = `
kernel note over neurons
  ld    r0, self.log
  shl.w r0, r0, 3
  add.w r0, r0, #digit
  st    r0, self.log
end
kernel noteStep over neurons
  ld    r0, self.log
  shl.w r0, r0, 3
  ld    r1, host.step
  add.w r0, r0, r1
  st    r0, self.log
end
kernel noteLabel over neurons
  ld    r0, host.label
  st    r0, self.log
end
kernel raise over neurons
  ld    r0, self.stop
  add   r0, r0, 1
  st    r0, self.stop
end
kernel hit over neuron
  ld    r0, self.log
  shl.w r0, r0, 3
  add.w r0, r0, 1
  st    r0, self.log
end
`;

  const wide = roundCore.replaceAll('wordBits: 16', 'wordBits: 32');

  function run(
    steps: number,
    lists: string,
    { learn = true, label = 0, spikes = [] as number[][] } = {},
  ): Core {
    const engine = engineWith(imageOf(program(steps, lists), microcode, wide));
    const given = Array.from({ length: steps }, (_, step) => spikes[step] ?? []);
    runSample(engine, spikeTrain(...given), { label, learn });
    return engine;
  }

  const logOf = (engine: Core): string => (valuesOf(engine, 'p.log')[0] ?? 0).toString(8);

  describe('a list', () => {
    it('runs its actions in order, the sample list once before the steps', () => {
      const engine = run(
        2,
        `  sample: [{run: note, over: p, with: {digit: 7}}]
  tick: [{run: note, over: p, with: {digit: 1}}, {run: note, over: p, with: {digit: 2}}]`,
      );
      expect(logOf(engine)).toBe('71212');
    });

    it.each([
      // option, digits of the steps in which it runs, of 8
      ['from: 3', '34567'],
      ['every: 3', '36'],
      ['from: 1, every: 3', '147'],
      ['until: 4', '123'],
      ['from: 2, until: 6, every: two', '24'],
      ['until: 7, last: 3', '56'],
      ['last: 2', '67'],
      ['from: two, every: two, last: 5', '46'],
      ['last: 8', '1234567'],
    ])('has the option %s', (option, digits) => {
      const engine = run(8, `  tick: [{run: noteStep, over: p, ${option}}]`);
      expect(logOf(engine)).toBe(digits); // the 0 of step 0 leads and does not show
    });

    it('has options on a group, and within it', () => {
      const list = `  tick: [{from: 2, do: [{run: noteStep, over: p}, {run: note, over: p, every: 2, with: {digit: 7}}]}]`;
      // Steps count from the start of the sample, in a group too.
      expect(logOf(run(5, list))).toBe('27347');
    });

    it.each([
      [true, '12'],
      [false, '1'],
    ])('leaves learning out where the sample does not learn (%s)', (learn, digits) => {
      const list = `  tick: [{run: note, over: p, with: {digit: 1}}, {when: learning, do: [{run: note, over: p, with: {digit: 2}}]}]`;
      expect(logOf(run(1, list, { learn }))).toBe(digits);
    });

    it('is ended by a test, alone', () => {
      const list = `  tick:
    - do:
      - {run: note, over: p, with: {digit: 1}}
      - stopUnlessAny: p.stop
      - {run: note, over: p, with: {digit: 2}}
    - {run: raise, over: p}
    - {run: note, over: p, with: {digit: 3}}`;
      const engine = run(2, list);
      expect(logOf(engine)).toBe('13' + '123');
      // Three fields of 8 bits in a word of 32, and a tile of four lanes.
      expect(countsOf(engine, 'any p.stop')).toEqual(counts({ runs: 2, scannedTiles: 2, reads: [0, 0, 2] }));
    });

    it('sees the label that the host writes', () => {
      const engine = run(1, `  tick: [{run: noteLabel, over: p}]`, { label: 2 });
      expect(valuesOf(engine, 'p.log')).toEqual([2, 2, 2]);
    });

    it('runs for the neuron that a spike names', () => {
      const list = `  tick: [{deliver: p}]
  spike: {p: [{run: hit, over: p}]}`;
      const engine = run(2, list, { spikes: [[2, 0], [2]] });
      expect(valuesOf(engine, 'p.log')).toEqual([0o1, 0, 0o11]);
      expect(engine.spikesOf(0)).toEqual([2]); // of the latest step
    });

    it('clears fields', () => {
      const engine = run(
        1,
        `  tick: [{run: note, over: p, with: {digit: 5}}, {run: raise, over: p}, {clear: [p.log, p.stop]}]`,
      );
      expect(valuesOf(engine, 'p.log')).toEqual([0, 0, 0]);
      expect(valuesOf(engine, 'p.stop')).toEqual([0, 0, 0]);
      // Three words of 30 bits each, and one of three times 8.
      expect(countsOf(engine, 'clear p.log, p.stop')).toEqual(
        counts({ runs: 1, tiles: 4, writes: [0, 0, 4] }),
      );
    });
  });

  describe('a load with a predicate', () => {
    const predicated = `format: plasticore/program/1
name: predicate
steps: 1
input: pre
populations:
  pre: {size: 3, fields: {on: {kind: flag}}}
  post: {size: 4, fields: {x: {bits: 16}, y: {bits: 16}}}
projections:
  p: {from: pre, to: post}
microcode: {rule: rule.uc}
events:
  tick: [{run: look, over: p}]
readout: post.x
`;
    const look = `
kernel look over synapses
  ld      r0, pre.on
  ld.row  r1, post.x, r0
  ld      r2, post.y
  add     r2, r2, r1
  add     r2, r2, 1
  st      r2, post.y
end
`;

    it('loads, and counts, only in rows where it holds', () => {
      // Rows 0 and 2 are on. Words: flags, then x 10, 20, 30, 40, then y.
      const engine = engineWith(imageOf(predicated, look), { state: [0b101, 10, 20, 30, 40, 0, 0, 0, 0] });
      runSample(engine, spikeTrain([]), { label: 0, learn: true });
      expect(valuesOf(engine, 'post.y')).toEqual([23, 43, 63, 83]);
      // A flag a row, four words of x in two rows, four of y in three.
      expect(countsOf(engine, 'look(p)').reads).toEqual([0, 0, 3 + 2 * 4 + 3 * 4]);
    });
  });
});
