import { describe, expect, test } from 'vitest';
import { deployCell, loadExperiment, parseSettings } from '../../src/experiment/index.ts';
import { findFile } from '../../src/fs/index.ts';
import { coreImageOf } from '../../src/image/index.ts';
import { pipelineDemand, scheduleOf } from '../../src/schedule/index.ts';
import { at } from '../../src/text/index.ts';
import { load } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';
import { lateDraw } from '../support/late-draw.ts';

function scheduled(experiment: string, precision: string, work: string, set: readonly string[] = []) {
  const { image, hw } = deployCell(
    loadExperiment(findFile('experiment', experiment, '')),
    { precision, settings: parseSettings(set) },
    findFile,
  );
  const core = coreImageOf(image);
  const kernel = core.kernels[core.work.indexOf(work)];
  if (kernel === undefined) throw new Error(`no ${work}`);
  return scheduleOf(pipelineDemand(kernel, core, hw.lanes), hw);
}

/** The schedule of a kernel over four neurons with three fields, on a core with one unit and one port of each kind. */
function scheduledAlone(microcode: string) {
  const program = `format: plasticore/program/1
name: alone
populations: {n: {size: 4, fields: {v: {kind: integer, bits: 4}, w: {kind: integer, bits: 4}, x: {kind: integer, bits: 4}}}}
input: n
projections: {}
microcode: {rule: rule.uc}
events: {tick: [{run: jitter, over: n}]}
readout: n.v
`;
  const image = imageOf(program, microcode);
  const hw = load(roundCore);
  return scheduleOf(pipelineDemand(at(image.kernels, 0), image, hw.lanes), hw);
}

describe('the pipeline of a kernel', () => {
  test('an early draw waits, so that the draws of the next tile follow', () => {
    // Words of v, w and x come in phases 0, 1 and 2. Four adds, one of them of the rounding: an interval of 4, phases 2
    // to 5. The draw of phase 0 would be 5 phases ahead of the last one; it waits until phase 5 - 4 + 1.
    expect(scheduledAlone(lateDraw)).toMatchObject({
      intervalCycles: 4,
      lines: [2, 0, 1, 2, 2, 3, 4, 5, 5],
      boundBy: 'integer add',
    });
  });

  test.each([
    // Words come in phases 0, 1 and 2, and three adds share a unit: an interval of 3, phases 0, 2 and 4. The draw of
    // the next tile, in its phase 0, would come while this one may wait in phase 5. With an interval of 4, the last
    // add is in phase 3.
    ['stall', { intervalCycles: 4, phases: 4, boundBy: 'order of draws' }],
    ['drop', { intervalCycles: 3, phases: 5, boundBy: 'integer add' }],
  ])('a kernel that draws and emits, where a full FIFO means %s', (whenFull, expected) => {
    const field = '{kind: integer, bits: 4}';
    const program = `format: plasticore/program/1
name: drawing
populations: {a: {size: 1, fields: {}}, n: {size: 4, fields: {v: ${field}, w: ${field}, x: ${field}}}}
input: a
projections: {}
microcode: {rule: rule.uc}
events: {tick: [{run: jitter, over: n}]}
readout: n.v
`;
    const rules = `kernel jitter over neurons
  rnd   r3, 2
  ld    r0, self.v
  add.w r0, r0, r3
  ld    r1, self.w
  ld    r2, self.x
  add.w r2, r2, r1
  add.w r2, r2, r0
  emit  r2
end
`;
    const hw = roundCore.replace('whenFull: stall', `whenFull: ${whenFull}`);
    const image = imageOf(program, rules, hw);
    const { lanes, ...others } = load(hw);
    expect(scheduleOf(pipelineDemand(at(image.kernels, 0), image, lanes), others)).toMatchObject(expected);
  });

  test.each([
    // A word of weights, of the index and of potentials; the sum is there in phase 0, stored in cycle 2 + 1, and loaded
    // again in the cycle after: 4 later.
    ['[4, 4, 5]', '', { intervalCycles: 4, boundBy: 'state bank returns', fillCycles: 1 }],
    ['[4, 4, 5]', ' where post.v', { intervalCycles: 4, boundBy: 'state bank returns', fillCycles: 1 }],
    ['[1, 4, 5]', '', { intervalCycles: 2, boundBy: 'weight bank read ports', fillCycles: 2 }],
  ])('a row whose targets are %s%s', (targets, gate, expected) => {
    const program = `format: plasticore/program/1
name: listed
populations: {a: {size: 1, fields: {}}, n: {size: 6, fields: {v: {bits: 16}}}}
input: a
projections: {p: {from: a, to: n, connect: {sparse: {starts: {values: [0, 3]}, targets: {values: ${targets}}}}, initialWeights: {uniform: 0}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: a}], spike: {a: [{run: accumulate, over: p}]}}
readout: n.v
`;
    const rules = `kernel accumulate over row${gate}
  ld    r0, syn.weight
  ld    r1, post.v
  add.w r1, r1, r0
  st    r1, post.v
end
`;
    const image = imageOf(program, rules);
    const hw = load(roundCore);
    expect(scheduleOf(pipelineDemand(at(image.kernels, 0), image, hw.lanes), hw)).toMatchObject(expected);
  });

  test('integrate: a word of weights and one of potentials a tile, everything in one phase', () => {
    // Two loads, one add, one store; the shift by 0 is dropped. fill = 2 + 1 phase + 1 write - 1.
    expect(scheduled('mnist-snn', 'mp16-8', 'integrate(inputToHidden)')).toMatchObject({
      intervalCycles: 1,
      lines: [0, 0, 0, 0],
      phases: 1,
      writeCycles: 1,
      fillCycles: 3,
      rowLoadCycles: 0,
      rowStoreCycles: 0,
    });
  });

  test('learn: the adds of rounding, update and view share one unit, in three phases', () => {
    const { lines, ...learn } = scheduled('mnist-snn', 'mp16-8', 'learn(inputToHidden)');
    expect(learn).toMatchObject({
      intervalCycles: 3,
      phases: 3,
      writeCycles: 1,
      fillCycles: 3,
      rowLoadCycles: 1,
    });
    // mul and sra.sr in phase 0, add in 1, the store with its view in 2.
    expect(lines).toEqual([0, 0, 0, 0, 0, 1, 2]);
    // Without a stored copy there is no view to round: two adds.
    expect(
      scheduled('mnist-snn', 'mp16-8', 'learn(inputToHidden)', ['hw.inferenceWeights=sliced']),
    ).toMatchObject({
      intervalCycles: 2,
      fillCycles: 3,
    });
  });

  const overlapping = (microcode: string, hw: string, run = '{run: learn, over: p}') => {
    const program = `format: plasticore/program/1
name: rows
populations: {a: {size: 4, fields: {t: {bits: 8}}}, n: {size: 8, fields: {v: {bits: 8}}}}
input: a
projections: {p: {from: a, to: n, initialWeights: {uniform: 0}}}
microcode: {rule: rule.uc}
events: {tick: [${run}]}
readout: n.v
`;
    const image = imageOf(program, `kernel learn over synapses\n${microcode}\nend\n`, hw);
    return scheduleOf(pipelineDemand(at(image.kernels, 0), image, 4), load(hw)).overlapsRows;
  };
  const ownFill = roundCore.replace('fillCycles: 3, ', '').replaceAll('bitMask: false', 'bitMask: true');
  const store = 'ld r0, pre.t\nst r0, syn.shadow';

  test.each([
    ['synapses alone', store, ownFill, true],
    ['a word with what was loaded', store, ownFill.replaceAll('bitMask: true', 'bitMask: false'), false],
    ['through the port that loads', store, ownFill.replaceAll('{read: 1, write: 1}', '{shared: 1}'), false],
    ['at a fixed fill', store, roundCore.replaceAll('bitMask: false', 'bitMask: true'), false],
    ['what all rows meet', 'ld r0, pre.t\nst r0, post.v', ownFill, false],
    ['a sum of the row', 'ld r0, syn.weight\nreduce r0, pre.t', ownFill, false],
    ['what emits', 'ld r0, pre.t\nst r0, syn.shadow\nfloor r1, r0\nemit r1', ownFill, false],
    ['the number of the row', 'ld r0, pre.index\nreal r0, r0\nst r0, syn.shadow', ownFill, false],
  ])('rows that store %s', (_, microcode, hw, overlaps) => {
    expect(overlapping(microcode, hw)).toBe(overlaps);
  });

  test('feedback: a sum takes a cycle more than its tiles', () => {
    expect(scheduled('mnist-snn', 'mp16-8', 'feedback(hiddenToOutput)')).toMatchObject({ rowStoreCycles: 1 });
  });

  test('a tile of 16 lanes over words of 10 items takes up to three words', () => {
    // Spoken digits keep 24-bit potentials, 10 in a word of 256 bits; on SHD there are 20 outputs: 16 of them in 2
    // words.
    const leak = scheduled('shd-snn', 'mp16-8', 'leak(output)');
    expect(leak.loads.map(({ words }) => words)).toEqual([2]);
    expect(leak).toMatchObject({ intervalCycles: 2, writeCycles: 2, fillCycles: 4 });
    // Segments of a convolution begin anywhere.
    const accumulate = scheduled('mnist-csnn', 'mp16-8', 'accumulate(firstToSecond)');
    expect(accumulate).toMatchObject({ intervalCycles: 3, phases: 3, writeCycles: 3, fillCycles: 5 });
    expect(scheduled('mnist-csnn', 'mp16-8', 'update(firstToSecond)')).toMatchObject({
      intervalCycles: 4,
      phases: 5,
      fillCycles: 4,
    });
  });

  test('one port that reads and writes: a write waits for a cycle without a read', () => {
    const shared = ['hw.banks.shadow.ports={shared: 1}', 'hw.inferenceWeights=sliced'];
    // Two cycles a tile: read in the first, so that the write takes the second; 2 + 2 phases would be a first one.
    expect(scheduled('mnist-snn', 'mp16-8', 'learn(inputToHidden)', shared)).toMatchObject({
      intervalCycles: 2,
      phases: 2,
      writeCycles: 2,
      fillCycles: 4,
    });
  });

  test('the chain of a long rule grows deeper than its interval', () => {
    expect(scheduled('speech-snn', 'mp16-8', 'weigh(output)')).toMatchObject({
      intervalCycles: 27,
      phases: 29,
      fillCycles: 5,
    });
  });
});
