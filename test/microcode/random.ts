import type { HwModel } from '../../src/hardware/index.ts';
import { Dice } from '../engine/random/dice.ts';
import { randomState } from '../engine/random/state.ts';
import { imageOf } from '../support/core.ts';
import type { ProgramRun } from './bench.ts';

/** The kernel of a random program: what it may load, store and be gated by. */
interface KernelPlan {
  readonly name: string;
  readonly domain: string;
  readonly loads: readonly string[];
  readonly stores: readonly string[];
  readonly gates: readonly string[];
  readonly emits?: boolean;
  readonly sum?: string;
}

/** The most registers that a random kernel names; the last one makes reals for weights. */
const registers = 14;

/**
 * Random microcode of a kernel that fits the datapath: what may overflow saturates or wraps, and factors are clipped.
 */
function kernelText(dice: Dice, { name, domain, loads, stores, gates, emits, sum }: KernelPlan): string {
  const lines: string[] = [];
  const numbers: string[] = [];
  let next = 0;
  const into = (text: (register: string) => string): string => {
    const register = `r${next++ % registers}`;
    const before = numbers.indexOf(register);
    const line = text(register);
    if (before >= 0) numbers.splice(before, 1);
    lines.push(line);
    return register;
  };
  const keep = (text: (register: string) => string): void => void numbers.push(into(text));
  const load = (field: string): void => {
    const register = into((target) => `ld ${target}, ${field}`);
    numbers.push(register);
    if (field === 'syn.weight') lines.push(`floor ${register}, ${register}`);
  };
  const some = (): string => dice.pick(numbers);
  const other = (): string => (dice.chance(0.7) ? some() : String(dice.whole(-100, 99)));
  const rounding = (): string => dice.pick(['', '.rn', '.ru', '.rz', '.sr']);
  const edge = (): number => 2 ** dice.whole(1, 14) - 1;
  const steps: readonly (() => void)[] = [
    () =>
      keep(
        (r) => `${dice.pick(['add.s', 'sub.s', 'add.w', 'sub.w', 'min', 'max'])} ${r}, ${some()}, ${other()}`,
      ),
    () => keep((r) => `${dice.pick(['and', 'or', 'xor'])} ${r}, ${some()}, ${other()}`),
    () => keep((r) => `${dice.pick(['neg.s', 'abs.s'])} ${r}, ${some()}`),
    () => keep((r) => `sra${rounding()} ${r}, ${some()}, ${dice.whole(0, 12)}`),
    () => keep((r) => `shr ${r}, ${some()}, ${dice.whole(0, 20)}`),
    () => keep((r) => `rnd ${r}, ${dice.whole(1, 15)}`),
    () => {
      const high = edge();
      keep((r) => `clip ${r}, ${some()}, ${dice.pick([0, -high, -high - 1, -3])}, ${high}`);
    },
    () => {
      const test = dice.pick(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'ltu', 'geu']);
      const flag = into((r) => `cmp.${test} ${r}, ${some()}, ${other()}`);
      if (numbers.length > 0) keep((r) => `sel ${r}, ${flag}, ${some()}, ${other()}`);
    },
    () => {
      const factor = into((r) => `clip ${r}, ${some()}, -181, ${dice.pick([127, 180])}`);
      numbers.push(factor);
      const product = into((r) => `mul ${r}, ${factor}, ${dice.pick([factor, '-50', '48'])}`);
      numbers.push(product);
      if (dice.chance(0.5)) keep((r) => `sra${rounding()} ${r}, ${product}, ${dice.whole(1, 9)}`);
    },
  ];
  for (const [index, field] of loads.entries()) if (index === 0 || dice.chance(0.7)) load(field);
  for (let left = dice.whole(1, 7); left > 0; left--) dice.pick(steps)();
  for (const [index, field] of stores.entries()) {
    if (index > 0 && dice.chance(0.4)) continue;
    if (field === 'syn.weight') lines.push(`real r15, ${some()}`, `st r15, ${field}`);
    else lines.push(`st ${some()}, ${field}`);
  }
  if (sum !== undefined && dice.chance(0.5)) {
    const term = into((r) => `clip ${r}, ${some()}, -999, 999`);
    lines.push(`reduce ${term}, ${sum}`);
  }
  if (emits === true && numbers.length > 0 && dice.chance(0.5)) lines.push(`emit ${some()}`);
  const where = gates.length === 0 ? '' : ` where ${gates.join(' and ')}`;
  return `kernel ${name} over ${domain}${where}\n${lines.join('\n')}\nend\n`;
}

/**
 * A random program on a core: two populations, a projection, five kernels over neurons, rows and
 * synapses, with gates and sums, from random contents of the banks.
 *
 * @throws PlasticoreError `fit` for what no word of microcode does
 */
export function randomRun(seed: number, hw: HwModel): ProgramRun {
  const dice = new Dice(seed);
  const field = (): string =>
    `{kind: integer, bits: ${dice.pick([4, 8, 16])}, signed: ${dice.chance(0.5)}, overflow: ${dice.pick(['saturate', 'saturate-symmetric', 'wrap'])}}`;
  const [size, inputs] = [dice.whole(1, 150), dice.whole(1, 40)];
  const maybe = (gate: string): string[] => (dice.chance(0.5) ? [gate] : []);
  const test = dice.pick(['', '{stopUnlessAny: n.g}, ', '{clear: [n.w]}, ']);
  const group = `, {when: learning, from: ${dice.whole(0, 1)}, do: [${test}{run: k3, over: n}]}`;
  const program = `format: plasticore/program/1
name: dice
populations:
  a: {size: ${inputs}, fields: {u: ${field()}, x: ${field()}}}
  n: {size: ${size}, fields: {v: ${field()}, w: ${field()}, g: ${field()}}}
input: a
projections: {p: {from: a, to: n, initialWeights: {uniform: 90}}}
microcode: {rule: rule.uc}
events:
  sample: ${dice.pick(['[]', '[clear: [n.v, a.x]]'])}
  tick: [{run: k0, over: n}, {run: k1, over: p, every: ${dice.whole(1, 2)}}, {deliver: a}${group}, {run: k4, over: p}]
  spike:
    a: [{run: k2, over: p}]
readout: n.v
`;
  const own = ['self.v', 'self.w', 'self.g'];
  const kernels: readonly KernelPlan[] = [
    {
      name: 'k0',
      domain: 'neurons',
      loads: [...own, 'self.index', 'host.step'],
      stores: own,
      gates: maybe('self.g'),
      emits: true,
    },
    {
      name: 'k1',
      domain: 'synapses',
      loads: ['post.v', 'pre.u', 'syn.weight', 'pre.index', 'post.w'],
      stores: ['post.w', 'post.g'],
      gates: [...maybe('pre.u'), ...maybe('post.v')],
      sum: 'pre.x',
    },
    {
      name: 'k2',
      domain: 'row',
      loads: ['pre.x', 'syn.weight', 'post.v', 'host.label'],
      stores: ['post.v'],
      gates: maybe('post.w'),
    },
    {
      name: 'k3',
      domain: 'neurons',
      loads: own,
      stores: ['self.w', 'self.g', 'self.v'],
      gates: [],
      emits: true,
    },
    {
      name: 'k4',
      domain: 'synapses',
      loads: ['pre.x', 'post.v', 'syn.weight'],
      stores: ['syn.weight'],
      gates: [...maybe('pre.u'), ...maybe('post.v')],
      sum: 'pre.u',
    },
  ];
  const rules = kernels.map((kernel) => kernelText(dice, kernel)).join('');
  const compiled = imageOf(program, rules, hw, { precision: 'mp8-8', seed });
  const image = { ...compiled, contents: [...randomState(compiled, seed).banks] };
  const spikes = (): number[] => Array.from({ length: dice.whole(0, 5) }, () => dice.whole(0, inputs - 1));
  const steps = Array.from({ length: Math.min(2, compiled.steps) }, spikes);
  return { image, samples: [{ interval: 0, learn: true, label: 0, inputs: steps }] };
}
