import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReferenceCore, runSample } from '../../src/engine/index.ts';
import { type ActivityCounts, type Counters, rangesOfKernel } from '../../src/image/index.ts';
import { at } from '../../src/text/index.ts';
import { ActivityRecorder } from '../../src/trace/index.ts';
import { trainOf } from '../engine/random/program.ts';
import { randomState } from '../engine/random/state.ts';
import { load } from '../hardware/tiny.ts';
import { imageOf, roundCore } from '../support/core.ts';
import { needs } from '../support/needs.ts';
import { checkImage } from './random.ts';
import { Dump, differing, extended } from './read-dump.ts';

// The toggles that the model counts, beside those in a dump of the generated core: the words at the ports of its banks,
// and the values of its lanes, in the cycles in which they are there.

const core = roundCore.replaceAll('bitMask: false', 'bitMask: true');
const program = `format: plasticore/program/1
name: small
steps: 5
populations:
  a: {size: 4, fields: {}}
  n:
    size: 8
    fields: {v: {kind: integer, bits: 8, signed: true}, x: {kind: integer, bits: 4}}
input: a
projections: {p: {from: a, to: n, weights: none, fields: {w: {kind: integer, bits: 4, signed: true}}}}
microcode: {rule: rule.uc}
events: {tick: [{run: settle, over: n}, {deliver: a}, {clear: [n.x], every: 2}], spike: {a: [{run: gather, over: p}]}}
readout: n.v
`;
const rules = `kernel settle over neurons
  ld    r0, self.v
  ld    r1, self.x
  sra   r2, r0, 1
  sub   r0, r2, r1
  st    r0, self.v
end
kernel gather over row
  ld    r0, post.v
  ld    r1, syn.w
  mul   r2, r1, r1
  add   r0, r0, r2
  st    r0, post.v
end
`;
/** Of each line of both kernels: the lines that its operands come from, -1 for a constant. */
const operands = [
  [[], [], [0, -1], [2, 1], [3]],
  [[], [], [1, 1], [0, 2], [3]],
];
const names = [
  ['self_n_v', 'self_n_x', 'l3_1', 'l4_1'],
  ['post_n_v', 'syn_p_w', 'l3_1', 'l4_1'],
];
/** The class of units of each line, if it uses any. */
const classes = [
  ['', '', 'integer shift', 'integer add', ''],
  ['', '', 'integer multiply', 'integer add', ''],
];

const compiled = imageOf(program, rules, core);
const image = { ...compiled, contents: [...randomState(compiled, 1).banks] };
const sample = { epoch: 0, label: 1, learn: true, spikes: [[0, 1], [2], [3, 0, 1], [1], [2, 0]] };

/** Toggles of the model. */
function modelled(): { readonly counts: ActivityCounts; readonly counters: Counters } {
  const recorder = new ActivityRecorder(image);
  const model = new ReferenceCore(image, { data: recorder.watch, visited: recorder.visited });
  model.setEpoch(0);
  runSample(model, trainOf(sample, image), sample);
  return { counts: recorder.counts({ first: 0, last: 4 }, model.counters()), counters: model.counters() };
}

describe('toggles in a dump of the generated core', needs('iverilog'), () => {
  const folder = mkdtempSync(join(tmpdir(), 'plasticore-toggles-'));
  const { counts, counters } = modelled();
  let dump: Dump;

  beforeAll(() => {
    const edit = (text: string): string =>
      text.includes('module plasticore_core')
        ? text.replace(
            /endmodule(?![\s\S]*endmodule)/,
            'initial begin $dumpfile("core.vcd"); $dumpvars(0); end\nendmodule',
          )
        : text;
    const outcome = checkImage(image, { hw: load(core), samples: [sample] }, { edit, folder });
    expect(outcome).toMatchObject({ is: 'equal' });
    dump = new Dump(readFileSync(join(folder, 'core.vcd'), 'utf8'));
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(['shadow', 'state'])('at the ports of bank %s', (name) => {
    const bank = image.banks.findIndex((other) => other.name === name);
    const path = (signal: string): string => dump.find(`core/bank${bank}_${signal}`);
    const [enable, data] = [path('r0_en'), path('r0_data')];
    const hasWrites = name === 'state';
    const [host, clock] = [dump.find('core/host_valid'), dump.find('bench/clk')];
    const found = { words: 0, toggles: 0, writes: 0, written: 0 };
    let [isReading, given] = [false, '0'];
    const taken = new Map<number, string>();
    dump.walk(clock, (bitsOf) => {
      if (isReading) {
        found.words += 1;
        found.toggles += differing(bitsOf(data), given);
        given = bitsOf(data);
      }
      isReading = bitsOf(enable) === '1' && bitsOf(host) === '0';
      if (!hasWrites || bitsOf(path('w_en')) !== '1') return;
      found.writes += 1;
      const word = bitsOf(path('w_data'));
      for (const [place, isWritten] of [...bitsOf(path('w_mask'))].entries()) {
        if (isWritten !== '1') continue;
        const bit = word[place] ?? '?';
        if (bit !== (taken.get(place) ?? '0')) found.written += 1;
        taken.set(place, bit);
      }
    });
    const sum = (does: 'reads' | 'writes') =>
      counters.work.reduce((all, work) => all + at(work[does], bank), 0);
    expect([found.words, found.writes]).toEqual([sum('reads'), sum('writes')]);
    expect(found.toggles).toBeGreaterThan(20);
    expect(at(counts.banks, bank)).toEqual({
      reads: { toggles: found.toggles, bits: 16 * found.words },
      writes: { toggles: found.written, bits: 16 * found.writes },
    });
  });

  test.each([0, 1])('in the lanes of kernel %i', (kernel) => {
    const bound = at(image.kernels, kernel);
    const widths = rangesOfKernel(bound, image).map(({ widthBits }) => widthBits);
    const module = `k${kernel}_${bound.name}`;
    const phases = [
      ...readFileSync(join(folder, `${module}.sv`), 'utf8').matchAll(/\/\/ line \d+, phase (\d+)/g),
    ].map(([, phase]) => Number(phase));
    const lanes = [0, 1, 2, 3];
    // By line and lane, the values of all tiles, one after the other.
    const values = at(names, kernel).map(() => lanes.map((): string[] => []));
    const paths = at(names, kernel).map((name) =>
      lanes.map((lane) => dump.find(`${module}_i/lane[${lane}]/${name}`)),
    );
    const valid = phases.map((phase) => dump.find(`${module}_i/valid_${2 + phase}`));
    // Tiles of the other kernel pass, too.
    const running = dump.find('core/kernel');
    dump.walk(dump.find('bench/clk'), (bitsOf) => {
      if (Number.parseInt(bitsOf(running), 2) !== kernel) return;
      for (const [line, ofLanes] of paths.entries())
        if (bitsOf(at(valid, line)) === '1')
          for (const lane of lanes) at(at(values, line), lane).push(bitsOf(at(ofLanes, lane)));
    });
    const found: Record<string, { toggles: number; bits: number }> = {};
    const add = (name: string, toggles: number, bits: number): void => {
      if (name === '') return;
      const sum = found[name] ?? { toggles: 0, bits: 0 };
      found[name] = { toggles: sum.toggles + toggles, bits: sum.bits + bits };
    };
    for (const [line, width] of widths.entries()) {
      const sources = [...at(at(operands, kernel), line), ...(line < 4 ? [line] : [])];
      for (const source of sources)
        for (const lane of lanes) {
          const seen = source < 0 ? at(at(values, 0), lane).map(() => '0') : at(at(values, source), lane);
          const words = ['0', ...seen].map((bits) => extended(source < 0 ? '0' : bits, width));
          const toggles = seen.reduce(
            (sum, _, tile) => sum + differing(at(words, tile), at(words, tile + 1)),
            0,
          );
          // A constant stands at the unit, in no register; it is there from the first tile on.
          const first = source < 0 ? 1 : 0;
          add(at(at(classes, kernel), line), toggles + first, width * seen.length);
          if (source >= 0) add('registers', toggles, width * seen.length);
        }
    }
    const { registers, units } = at(counts.kernels, kernel);
    expect(registers.bits).toBeGreaterThan(1000);
    expect({ ...units, registers }).toEqual({ ...found });
  });
});
