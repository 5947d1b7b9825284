import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/index.ts';
import { createCore, engineNames, runSample } from '../../../src/engine/index.ts';
import { imageOfCore, readImage, writeImage } from '../../../src/image/index.ts';
import { createMachine } from '../../../src/machine/index.ts';
import { memoryOf } from '../../../src/report/index.ts';
import { load } from '../../hardware/tiny.ts';
import {
  costOf,
  counts,
  countsOf,
  imageOf,
  indexOfField,
  programOf,
  roundCore,
  spikeTrain,
  valuesOf,
} from '../../support/core.ts';
import { expectError } from '../../support/errors.ts';

/*
 * 4 lanes, words of 16 bits: two 8-bit weights to a word, one potential, and five targets of 3 bits. Neuron 0 leads to
 * neurons 0, 1 and 5, neuron 1 to none, neuron 2 twice to neuron 2.
 */
const listed = (
  tick: string,
  connect = '{starts: {values: [0, 3, 3, 5]}, targets: {values: [0, 1, 5, 2, 2]}}',
) =>
  `format: plasticore/program/1
name: sparse
input: in
populations:
  in: {size: 3, fields: {trace: {bits: 8}, back: {bits: 16}}}
  out: {size: 6, fields: {v: {bits: 16}, signal: {bits: 16}}}
projections:
  p: {from: in, to: out, connect: {sparse: ${connect}}, initialWeights: {values: [1, 2, 3, 4, 5]}}
microcode: {rule: rule.uc}
events:
  tick:
    - deliver: in
${tick}
  spike: {in: [{run: integrate, over: p}]}
readout: out.v
`;

const rules = `kernel integrate over row
  ld  r0, syn.weight
  ld  r1, post.v
  add r1, r1, r0
  st  r1, post.v
end
kernel learn over synapses where pre.trace and post.signal
  ld  r0, syn.shadow
  ld  r1, post.signal
  add r0, r0, r1
  st  r0, syn.shadow
end
kernel gather over synapses
  ld     r0, syn.weight
  ld     r1, post.signal
  mul    r0, r0, r1
  reduce r0, pre.back
end
`;

describe.each(engineNames)('the %s engine', (engine) => {
  it('adds the weight of each target, and fetches words of targets one by one', () => {
    const core = createCore(imageOf(listed(''), rules), { engine });
    runSample(core, spikeTrain([0, 2, 1]), { label: 0, learn: false });
    expect(valuesOf(core, 'out.v')).toEqual([1, 2, 4 + 5, 0, 0, 3]);
    /*
     * Row 0: weights 0, 1 | 2 in two words, its targets in one. Row 2: weights 3 | 4 in two words, its targets in one.
     * Each of the five targets has a tile to itself, and its potential is read and written. Row 1 is looked up in vain.
     */
    expect(countsOf(core, 'integrate(p)')).toEqual(
      counts({
        runs: 3,
        passes: 2,
        closedRows: 1,
        closedTiles: 1,
        tiles: 5,
        items: 5,
        reads: [2 + 1 + 2 + 1, 0, 5],
        writes: [0, 0, 5],
      }),
    );
  });

  it('learns the weights whose gates are open, and reads the index of all targets of a row', () => {
    const image = imageOf(listed('    - {run: learn, over: p}'), rules);
    const core = createCore(image, { engine });
    core.write(indexOfField(image, 'p.shadow'), [1, 2, 3, 4, 5]);
    core.write(indexOfField(image, 'in.trace'), [1, 1, 0]);
    core.write(indexOfField(image, 'out.signal'), [0, 10, 0, 0, 0, 20]);
    runSample(core, spikeTrain([]), { label: 0, learn: true });
    expect(valuesOf(core, 'p.shadow')).toEqual([1, 12, 23, 4, 5]);
    /*
     * Gates: 3 words of traces of 8 bits take two words, 6 signals six; one tile and two. Row 0 has two open targets,
     * each with a shadow weight in a word of its own, and its signal, and a closed one; row 1 has no target. The words
     * of the inference weights are read before they are written in part, since their bank has no bit mask.
     */
    expect(countsOf(core, 'learn(p)')).toEqual(
      counts({
        runs: 1,
        passes: 1,
        tiles: 2,
        items: 2,
        closedRows: 1,
        closedTiles: 2,
        scannedTiles: 1 + 2,
        reads: [1 + 2, 2, 2 + 6 + 2],
        writes: [2, 2, 0],
      }),
    );
  });

  it('visits no row if the gates of all targets are closed', () => {
    const image = imageOf(listed('    - {run: learn, over: p}'), rules);
    const core = createCore(image, { engine });
    core.write(indexOfField(image, 'in.trace'), [1, 1, 1]);
    runSample(core, spikeTrain([]), { label: 0, learn: true });
    expect(countsOf(core, 'learn(p)')).toEqual(counts({ runs: 1, scannedTiles: 3, reads: [0, 0, 8] }));
  });

  it('sums over the targets of a row', () => {
    const image = imageOf(listed('    - {run: gather, over: p}'), rules);
    const core = createCore(image, { engine });
    core.write(indexOfField(image, 'out.signal'), [1, 10, 100, 0, 0, 1000]);
    core.write(indexOfField(image, 'in.back'), [7, 7, 7]);
    runSample(core, spikeTrain([]), { label: 0, learn: false });
    // A row without targets is not visited.
    expect(valuesOf(core, 'in.back')).toEqual([1 + 20 + 3000, 7, 900]);
  });

  it('serves blocks as whole tiles', () => {
    const blocks = listed('', '{fanOut: 4, block: 4}').replace('{values: [1, 2, 3, 4, 5]}', '{uniform: 1}');
    const core = createCore(imageOf(blocks, rules), { engine });
    runSample(core, spikeTrain([0, 1]), { label: 0, learn: false });
    // Only block 0 is whole: two words of weights a row, four potentials, and one target.
    expect(countsOf(core, 'integrate(p)')).toEqual(
      counts({ runs: 2, passes: 2, tiles: 2, items: 8, reads: [2 * (2 + 1), 0, 8], writes: [0, 0, 8] }),
    );
  });

  it('does the same on several cores, which hold the entries of their neurons', () => {
    const program = programOf(listed('    - {run: learn, over: p}'), { 'rule.uc': rules });
    const options = { precision: 'mp16-8', seed: 1 };
    const system = createMachine(
      compile(program, load(roundCore), options, {
        slices: {
          in: [{ first: 0, size: 3, core: 0 }],
          out: [
            { first: 0, size: 2, core: 0 },
            { first: 2, size: 4, core: 1 },
          ],
        },
      }),
      { engine },
    );
    const sizes = system.cores.map(({ image }) =>
      image.fields.filter(({ fixed }) => fixed).map(({ count, bits }) => [count, bits]),
    );
    expect(sizes).toEqual([[[2, 1]], [[3, 2]]]);
    const field = (name: string) => indexOfField(system.image, name);
    expect([...system.read(field('p.target'))]).toEqual([0, 1, 5, 2, 2]);
    system.write(field('p.shadow'), [256, 512, 768, 1024, 1280]);
    expect([...system.read(field('p.shadow'))]).toEqual([256, 512, 768, 1024, 1280]);
    system.write(field('in.trace'), [1, 0, 1]);
    system.write(field('out.signal'), [0, 1, 2, 0, 0, 3]);
    runSample(system, spikeTrain([0, 2]), { label: 0, learn: true });
    expect([...system.read(field('out.v'))]).toEqual([1, 2, 9, 0, 0, 3]);
    expect([...system.read(field('p.shadow'))]).toEqual([256, 513, 771, 1026, 1282]);
  });

  /** Each synapse of `p` has a delay of its own. */
  const late = (delays: string, tick = '') =>
    listed(tick)
      .replace('initialWeights', `delay: {values: [${delays}]}, initialWeights`)
      .replace('name: sparse', 'name: sparse\nsteps: 4');

  it('lets each synapse wait for its own delay, and lists those of each delay', () => {
    const image = imageOf(late('0, 2, 0, 1, 1'), rules);
    const core = createCore(image, { engine });
    const items = (name: string) => valuesOf(core, `p after ${name}`);
    expect(image.fields.filter(({ fixed }) => fixed).map(({ name, bits }) => [name, bits])).toEqual([
      ['p after 0.target', 3],
      ['p after 0.offset', 2],
      ['p after 1.target', 3],
      ['p after 1.offset', 1],
      ['p after 2.target', 3],
      ['p after 2.offset', 1],
    ]);
    expect([items('0.target'), items('0.offset')]).toEqual([
      [0, 5],
      [0, 2],
    ]);
    expect([items('1.target'), items('1.offset')]).toEqual([
      [2, 2],
      [0, 1],
    ]);
    expect([items('2.target'), items('2.offset')]).toEqual([[1], [1]]);
    core.begin({ label: 0, learn: false, steps: 4, spikes: spikeTrain([0, 2], [], [], []) });
    const potentials = Array.from({ length: 4 }, () => {
      core.step();
      return valuesOf(core, 'out.v');
    });
    expect(potentials).toEqual([
      [1, 0, 0, 0, 0, 3],
      [1, 0, 4 + 5, 0, 0, 3],
      [1, 2, 9, 0, 0, 3],
      [1, 2, 9, 0, 0, 3],
    ]);
    /*
     * Both spikes look for synapses of each delay. Weights stand as without delays, 0 1 | 2 3 | 4: those of delay 0 are
     * in two words, and so are those of delay 1; each index is one word of three, or four, items.
     */
    const pass = (tiles: number, words: number) =>
      counts({
        runs: 2,
        passes: 1,
        closedRows: 1,
        closedTiles: 1,
        tiles,
        items: tiles,
        reads: [words + 1, 0, tiles],
        writes: [0, 0, tiles],
      });
    expect(countsOf(core, 'integrate(p, delay 0)')).toEqual(pass(2, 2));
    expect(countsOf(core, 'integrate(p, delay 1)')).toEqual(pass(2, 2));
    expect(countsOf(core, 'integrate(p, delay 2)')).toEqual(pass(1, 1));
    expectError(
      () => core.write(indexOfField(image, 'p after 0.offset'), [0, 2]),
      'data',
      'stays as compiled',
    );
    expect(readImage(writeImage(imageOfCore(image)), 'a.pcore').projections).toEqual(image.projections);
  });

  it('counts a word once that two weights of one delay share', () => {
    const core = createCore(imageOf(late('1, 1, 3, 3, 3'), rules), { engine });
    runSample(core, spikeTrain([0, 0], [], [], []), { label: 0, learn: false });
    expect(countsOf(core, 'integrate(p, delay 1)')).toEqual(
      counts({ runs: 1, passes: 1, tiles: 2, items: 2, reads: [1 + 1, 0, 2], writes: [0, 0, 2] }),
    );
  });

  it('has an index of all synapses as well where a rule visits them, whatever their delays', () => {
    const core = createCore(imageOf(late('0, 2, 0, 1, 1', '    - {run: learn, over: p}'), rules), { engine });
    expect(valuesOf(core, 'p.target')).toEqual([0, 1, 5, 2, 2]);
    core.write(indexOfField(core.image, 'p.shadow'), [1, 2, 3, 4, 5]);
    core.write(indexOfField(core.image, 'in.trace'), [1, 0, 0]);
    core.write(indexOfField(core.image, 'out.signal'), [0, 10, 0, 0, 0, 20]);
    runSample(core, spikeTrain([]), { label: 0, learn: true });
    expect(valuesOf(core, 'p.shadow')).toEqual([1, 12, 23, 4, 5]);
  });

  it('waits on each core for what leads there', () => {
    const program = programOf(late('0, 2, 0, 1, 1'), { 'rule.uc': rules });
    const system = compile(
      program,
      load(roundCore),
      { precision: 'mp16-8', seed: 1 },
      {
        slices: {
          in: [{ first: 0, size: 3, core: 0 }],
          out: [
            { first: 0, size: 2, core: 0 },
            { first: 2, size: 4, core: 1 },
          ],
        },
      },
    );
    const several = createMachine(system, { engine });
    // Core 1 has the synapses 2, 3 and 4: weight 2 is the first one of row 0 there.
    const [, second] = several.cores;
    const onSecond = (name: string) => second && valuesOf(second, `p after ${name}`);
    expect(onSecond('0 to out[2-5].target')).toEqual([3]);
    expect(onSecond('0 to out[2-5].offset')).toEqual([0]);
    expect(onSecond('1 to out[2-5].offset')).toEqual([0, 1]);
    several.begin({ label: 0, learn: false, steps: 4, spikes: spikeTrain([0, 2], [], [], []) });
    const potentials = Array.from({ length: 3 }, () => {
      several.step();
      return valuesOf(several, 'out.v');
    });
    expect(potentials).toEqual([
      [1, 0, 0, 0, 0, 3],
      [1, 0, 9, 0, 0, 3],
      [1, 2, 9, 0, 0, 3],
    ]);
  });

  it('passes over no weights on a core that has none', () => {
    const decay = `kernel decay over weights
  ld  r0, syn.shadow
  add r0, r0, 1
  st  r0, syn.shadow
end
`;
    const program = programOf(listed('    - {run: decay, over: p}'), { 'rule.uc': rules + decay });
    const options = { precision: 'mp16-8', seed: 1 };
    const system = compile(program, load(roundCore), options, {
      slices: {
        in: [{ first: 0, size: 3, core: 0 }],
        out: [
          { first: 0, size: 3, core: 0 },
          { first: 3, size: 2, core: 1 },
          { first: 5, size: 1, core: 0 },
        ],
      },
    });
    const several = createMachine(system, { engine });
    runSample(several, spikeTrain([]), { label: 0, learn: true });
    const work = several.image.work.indexOf('decay(p)');
    // Core 0 runs over its four weights and the one of its other slice; neurons 3 and 4 have none.
    const passes = several.cores.map((core) =>
      core.image.work.flatMap((name, index) =>
        name.startsWith('decay') ? [core.counters().work[index]?.passes] : [],
      ),
    );
    expect(passes).toEqual([[1, 1], [0]]);
    expect(several.counters().work[work]).toMatchObject({ runs: 3, passes: 2, items: 5 });
  });

  it('cuts a block between cores', () => {
    const text = listed('', '{fanOut: 4, block: 4}').replace('{values: [1, 2, 3, 4, 5]}', '{uniform: 100}');
    const program = programOf(text, { 'rule.uc': rules });
    const options = { precision: 'mp16-8', seed: 1 };
    const cut = compile(program, load(roundCore), options, {
      slices: {
        in: [{ first: 0, size: 3, core: 0 }],
        out: [
          { first: 0, size: 3, core: 0 },
          { first: 3, size: 3, core: 1 },
        ],
      },
    });
    const several = createMachine(cut, { engine });
    const one = createCore(imageOf(text, rules), { engine });
    for (const core of [one, several]) runSample(core, spikeTrain([0, 1, 2]), { label: 0, learn: false });
    expect(valuesOf(several, 'out.v')).toEqual(valuesOf(one, 'out.v'));
    expect(several.cores.map((core) => valuesOf(core, core.image.fields.at(-1)?.name ?? ''))).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('keeps the index', () => {
    const image = imageOf(listed(''), rules);
    const core = createCore(image, { engine });
    const index = indexOfField(image, 'p.target');
    expect([...core.read(index)]).toEqual([0, 1, 5, 2, 2]);
    expectError(() => core.write(index, [0, 1, 5, 2, 2]), 'data', 'p.target: is where synapses lead');
    const state = core.save();
    expect(state.banks).toEqual(image.contents);
    const banks = state.banks.map((words) => words.map(() => 0));
    expectError(
      () => core.restore({ ...state, banks }),
      'data',
      'p.target: expected 1 as item 1, found 0',
      'the state is of a program with other synapses',
    );
    expect(readImage(writeImage(imageOfCore(image)), 'a.pcore').projections).toEqual(image.projections);
  });
});

describe('a sparse projection', () => {
  it('is refused in an image where a list clears the targets, or a kernel loads them', () => {
    const image = imageOf(listed('    - clear: [out.v]'), rules);
    const target = indexOfField(image, 'p.target');
    const weight = indexOfField(image, 'p.weight');
    const refused = (changed: typeof image) =>
      expectError(
        () => readImage(writeImage(imageOfCore(changed)), 'a.pcore'),
        'image',
        "'p.target' holds where synapses lead",
      );
    const tick = image.events.tick.map((action) =>
      action.does === 'clear' ? { ...action, fields: [target] } : action,
    );
    expect(tick).not.toEqual(image.events.tick);
    refused({ ...image, events: { ...image.events, tick } });
    const kernels = image.kernels.map((kernel) => ({
      ...kernel,
      code: kernel.code.map((instruction) => ({
        ...instruction,
        operands: instruction.operands.map((operand) =>
          operand.is === 'field' && operand.field === weight ? { ...operand, field: target } : operand,
        ),
      })),
    }));
    expect(kernels).not.toEqual(image.kernels);
    refused({ ...image, kernels });
  });

  it('has its index in the memory map, beside the weights', () => {
    const { fields } = memoryOf(imageOf(listed(''), rules));
    expect(fields.filter(({ name }) => name.startsWith('p.'))).toEqual([
      {
        name: 'p.weight',
        bank: 'weight',
        bitsPerItem: 8,
        count: 5,
        totalBits: 40,
        allocatedBits: 48,
        neededFor: 'inference',
      },
      {
        name: 'p.target',
        bank: 'weight',
        bitsPerItem: 3,
        count: 5,
        totalBits: 15,
        allocatedBits: 16,
        neededFor: 'inference',
      },
    ]);
  });

  it('takes the cycles of its words for each target', () => {
    // One read port a bank: a word of weights, and one of targets, which are in the same bank; a word of a potential.
    const once = '{starts: {values: [0, 3, 3, 5]}, targets: {values: [0, 1, 5, 2, 3]}}';
    const { intervalCycles, utilisation } = costOf(imageOf(listed('', once), rules), 'integrate(p)');
    expect(intervalCycles).toBe(2);
    expect(utilisation['weight bank read ports']).toBe(1);
    expect(utilisation['state bank read ports']).toBe(1 / 2);
    expect(utilisation['state bank write ports']).toBe(1 / 2);
    // A target that comes twice is read in cycle 0, unpacked, added, and written in cycle 3, before it is read again.
    expect(costOf(imageOf(listed(''), rules), 'integrate(p)').intervalCycles).toBe(4);
  });

  it('takes weights in the order of its targets', () => {
    const text = listed('').replace('[1, 2, 3, 4, 5]', '[1, 2, 3, 4]');
    expectError(
      () => imageOf(text, rules),
      'invalid-value',
      "'projections.p.initialWeights.values' has 4 values, expected 5 or 1 x 5 (synapses, row by row)",
    );
  });

  it('has no columns to choose, and kernels do not run over it by columns', () => {
    const tick = (more: string) => () => imageOf(listed(`    - {run: gather, over: p, ${more}}`), rules);
    expectError(tick('order: columns'), 'invalid-value', "cannot run by columns: 'p' is not dense");
    expectError(tick('columns: 2'), 'invalid-value', 'that is not dense has no columns to choose');
  });

  it('shows no kernel its index', () => {
    const text = rules.replace('syn.weight', 'syn.target');
    expectError(() => imageOf(listed(''), text), 'microcode', "'p' has no field 'target'");
    const clear = listed('    - {clear: [p.target]}');
    expectError(() => imageOf(clear, rules), 'invalid-value', "'p' has no field 'target'");
    const declared = listed('').replace('initialWeights', 'fields: {count: {bits: 4}}, initialWeights');
    expectError(() => imageOf(declared, rules), 'invalid-value', "'count' is a field that every population");
  });
});
