import type { HwModel } from '../../src/hardware/index.ts';
import { sentFrom } from '../../src/image/index.ts';
import { at } from '../../src/text/index.ts';
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
  /** Whether it spikes, with values or without. */
  readonly emits?: 'plain' | 'values' | undefined;
  readonly sum?: string;
  readonly joins?: 'reduce' | 'reduce.max';
  /** Whether spikes run it while another kernel may wait, whose draws it must not take. */
  readonly serves?: boolean;
}

/** The most registers that a random kernel names; the last one makes reals for weights. */
const registers = 14;

/**
 * Random microcode of a kernel that fits the datapath: what may overflow saturates or wraps, and factors are clipped.
 */
function kernelText(
  dice: Dice,
  { name, domain, loads, stores, gates, emits, sum, joins = 'reduce', serves = false }: KernelPlan,
): string {
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
  const rounding = (): string => dice.pick(['', '.rn', '.ru', '.rz', serves ? '.rn' : '.sr']);
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
    () => keep((r) => (serves ? `neg.s ${r}, ${some()}` : `rnd ${r}, ${dice.whole(1, 15)}`)),
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
    lines.push(`${joins} ${term}, ${sum}`);
  }
  if (emits !== undefined && numbers.length > 0 && dice.chance(0.5))
    lines.push(emits === 'values' ? `emit ${some()}, ${some()}` : `emit ${some()}`);
  const where = gates.length === 0 ? '' : ` where ${gates.join(' and ')}`;
  return `kernel ${name} over ${domain}${where}\n${lines.join('\n')}\nend\n`;
}

/** Lines of a population whose spikes carry values, and which of them its kernels see; none, or of few bits. */
function randomPayload(dice: Dice): { readonly text: string; readonly loads: readonly string[] } {
  if (dice.chance(0.4)) return { text: '', loads: [] };
  const [bits, signed] = [dice.whole(1, 8), dice.chance(0.5)];
  return { text: `payload: {kind: integer, bits: ${bits}, signed: ${signed}}, `, loads: ['ev.value'] };
}

/** Pictures that a window joins, whose rows are cut into segments: shapes of both, and how they are connected. */
function randomConvolution(dice: Dice) {
  const [rows, columns, from, to] = [dice.whole(2, 5), dice.whole(2, 5), dice.whole(1, 2), dice.whole(1, 9)];
  const [window, stride, padding] = [dice.whole(1, 2), dice.whole(1, 2), dice.whole(0, 1)];
  const places = (side: number): number => Math.floor((side + 2 * padding - window) / stride) + 1;
  const shapes = [
    [rows, columns, from],
    [places(rows), places(columns), to],
  ];
  const [inputs, size] = shapes.map((shape) => shape.reduce((product, side) => product * side, 1));
  return {
    ...{ inputs: inputs ?? 0, size: size ?? 0 },
    shapes: shapes.map((shape) => `shape: [${shape.join(', ')}]`),
    connect: `connect: {convolution: {window: ${window}, stride: ${stride}, padding: ${padding}}}, `,
  };
}

/**
 * A random program on a core: two populations, a projection, kernels over neurons, rows and synapses, with gates and
 * sums, from random contents of the banks. Where items are aligned to lanes, fields have any number of bits, spikes
 * carry values, wait, and come once more in the next step, and some projections are convolutions.
 *
 * @throws PlasticoreError `fit` for what no word of microcode does
 */
export function randomRun(seed: number, hw: HwModel): ProgramRun {
  const dice = new Dice(seed);
  const isRich = hw.align === 'lanes';
  // A gate is scanned a tile a cycle, so that its tiles are one word.
  const bits = (most: number): number => (isRich ? dice.whole(2, most) : dice.pick([4, 8, 16]));
  const field = (most = 16): string =>
    `{kind: integer, bits: ${bits(most)}, signed: ${dice.chance(0.5)}, overflow: ${dice.pick(['saturate', 'saturate-symmetric', 'wrap'])}}`;
  const ofPictures = new Dice(seed + 1e6);
  const cut = isRich && ofPictures.chance(0.4) ? randomConvolution(ofPictures) : undefined;
  const dense = { size: dice.whole(1, 150), inputs: dice.whole(1, 40) };
  const { size, inputs } = cut ?? dense;
  const [sizeOfA, sizeOfN] = cut?.shapes ?? [`size: ${inputs}`, `size: ${size}`];
  const maybe = (gate: string): string[] => (dice.chance(0.5) ? [gate] : []);
  const test = dice.pick(['', '{stopUnlessAny: n.g}, ', '{clear: [n.w]}, ']);
  const group = `, {when: learning, from: ${dice.whole(0, 1)}, do: [${test}{run: k3, over: n}]}`;
  const none = { text: '', loads: [] };
  const [ofA, ofN] = isRich ? [randomPayload(dice), randomPayload(dice)] : [none, none];
  const late = isRich && dice.chance(0.5) ? `delays: [0, ${dice.pick(['1', '1, 2', '2, 3', '3'])}], ` : '';
  // A picture has no delays.
  const delays = cut === undefined ? late : '';
  const comesAgain = isRich && dice.chance(0.5);
  // Of the last step of a sample, nothing comes in the next sample.
  const ofLater = new Dice(seed + 2e6);
  const begins = comesAgain && ofLater.chance(0.5) ? ['{deliver: n, spikes: previous}'] : [];
  const again = comesAgain ? ', {deliver: n, spikes: previous}' : '';
  const spikesOfN = isRich ? '\n    n: [{run: k5, over: n}]' : '';
  const previousSpike = comesAgain ? '\n  previousSpike:\n    n: [{run: k6, over: n}]' : '';
  const program = `format: plasticore/program/1
name: dice${isRich ? '\nsteps: 5' : ''}
populations:
  a: {${sizeOfA}, ${ofA.text}${delays}fields: {u: ${field()}, x: ${field(24)}}}
  n: {${sizeOfN}, ${ofN.text}fields: {v: ${field(24)}, w: ${field()}, g: ${field()}${isRich ? `, s: ${field(24)}` : ''}}}
input: a
projections: {p: {from: a, to: n, ${cut?.connect ?? ''}initialWeights: {uniform: 90}}}
microcode: {rule: rule.uc}
events:
  sample: [${[...dice.pick([[], ['clear: [n.v, a.x]']]), ...begins].join(', ')}]
  tick: [{run: k0, over: n}, {run: k1, over: p, every: ${dice.whole(1, 2)}}, {deliver: a}${again}${group}, {run: k4, over: p}]
  spike:
    a: [{run: k2, over: p}]${spikesOfN}${previousSpike}
readout: n.v
`;
  const own = ['self.v', 'self.w', 'self.g'];
  const joins = isRich && dice.chance(0.3) ? 'reduce.max' : 'reduce';
  const emits = ofN.text === '' ? 'plain' : 'values';
  const kernels: readonly KernelPlan[] = [
    {
      name: 'k0',
      domain: 'neurons',
      loads: [...own, 'self.index', 'host.step'],
      stores: own,
      gates: maybe('self.g'),
      emits,
    },
    {
      name: 'k1',
      domain: 'synapses',
      loads: ['post.v', 'pre.u', 'syn.weight', 'pre.index', 'post.w'],
      stores: ['post.w', 'post.g'],
      gates: [...maybe('pre.u'), ...maybe(isRich ? 'post.g' : 'post.v')],
      sum: 'pre.x',
      joins,
    },
    {
      name: 'k2',
      domain: 'row',
      loads: ['pre.x', ...ofA.loads, 'syn.weight', 'post.v', 'host.label'],
      stores: ['post.v'],
      gates: maybe('post.w'),
    },
    {
      name: 'k3',
      domain: 'neurons',
      loads: own,
      stores: ['self.w', 'self.g', 'self.v'],
      gates: [],
      emits,
    },
    {
      name: 'k4',
      domain: 'synapses',
      loads: ['pre.x', 'post.v', 'syn.weight'],
      stores: ['syn.weight'],
      gates: [...maybe('pre.u'), ...maybe(isRich ? 'post.g' : 'post.v')],
      sum: 'pre.u',
      joins,
    },
    ...['k5', 'k6'].flatMap((name, index) =>
      (index === 0 ? spikesOfN : previousSpike) === ''
        ? []
        : [
            {
              name,
              domain: 'neuron',
              loads: [...ofN.loads, 'self.s'],
              stores: ['self.s'],
              gates: [],
              serves: true,
            },
          ],
    ),
  ];
  const rules = kernels.map((kernel) => kernelText(dice, kernel)).join('');
  const compiled = imageOf(program, rules, hw, {
    // Shadow weights of 16 bits are two words a tile, which begins in the first lane.
    precision: isRich && cut === undefined ? dice.pick(['mp8-8', 'mp16-8']) : 'mp8-8',
    seed,
  });
  const image = { ...compiled, contents: [...randomState(compiled, seed).banks] };
  const input = at(compiled.populations, compiled.input);
  const spikes = (of: Dice): number[] =>
    Array.from({ length: of.whole(0, 5) }, () =>
      sentFrom(input, of.whole(0, inputs - 1), isRich ? of.whole(-128, 255) : 0),
    );
  const steps = (of: Dice): number[][] =>
    Array.from({ length: Math.min(isRich ? 5 : 2, compiled.steps) }, () => spikes(of));
  const first = { interval: 0, learn: true, label: 0, inputs: steps(dice) };
  const learn = ofLater.chance(0.5);
  const later = comesAgain ? [{ ...first, learn, inputs: steps(ofLater) }] : [];
  return { image, samples: [first, ...later] };
}
