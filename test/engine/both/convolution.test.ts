import { describe, expect, it } from 'vitest';
import { type Core, engineNames } from '../../../src/engine/index.ts';
import { edit } from '../../hardware/tiny.ts';
import { imageOf, roundCore } from '../../support/core.ts';
import { run, start, valuesIn } from './driver.ts';

type Shape = readonly [rows: number, columns: number, channels: number];

interface Picture {
  readonly from: Shape;
  readonly to: Shape;
  readonly window: readonly [rows: number, columns: number];
  readonly stride: number;
  readonly padding: number;
}

const pictures: readonly (Picture & { readonly name: string })[] = [
  { name: '5 x 5 over 8 x 8', from: [8, 8, 1], to: [2, 2, 16], window: [5, 5], stride: 2, padding: 0 },
  { name: 'padded', from: [4, 5, 2], to: [4, 5, 8], window: [3, 3], stride: 1, padding: 1 },
  { name: 'odd channels', from: [3, 4, 3], to: [2, 3, 5], window: [2, 2], stride: 1, padding: 0 },
  {
    name: 'a stride beyond the window',
    from: [5, 6, 1],
    to: [2, 2, 4],
    window: [1, 2],
    stride: 4,
    padding: 0,
  },
  { name: 'long segments', from: [2, 3, 1], to: [1, 2, 96], window: [2, 2], stride: 1, padding: 0 },
];

const program = ({ from, to, window, stride, padding }: Picture): string => `format: plasticore/program/1
name: convolution
steps: 3
input: in
populations:
  in:
    shape: [${from}]
    fields: {trace: {kind: integer, bits: 8}, back: {kind: integer, bits: 32}}
  out:
    shape: [${to}]
    fields: {v: {bits: 16}, signal: {kind: integer, bits: 8}}
projections:
  conv:
    from: in
    to: out
    connect: {convolution: {window: [${window}], stride: ${stride}, padding: ${padding}}}
    initialWeights: {uniform: 100}
    fields: {gradient: {kind: integer, bits: 16}, raw: {kind: integer, bits: 16}}
microcode: {rule: rule.uc}
events:
  sample: [{run: begin, over: out}, {run: set, over: in}]
  tick:
    - {deliver: in}
    - {do: [{run: signal, over: out}, {run: feed-back, over: conv}, {run: gather, over: conv}], last: 1}
    - {do: [{run: update, over: conv}], last: 1}
  spike: {in: [{run: integrate, over: conv}, {run: note, over: in}]}
readout: out.v
`;

/** The signal of output i is (37 i mod 8) - 3, zero for one of eight; traces count spikes. */
const rules = `kernel begin over neurons
  ldi r0, 0
  st  r0, self.v
end
kernel set over neurons
  ldi r0, 0
  st  r0, self.trace
end
kernel integrate over row
  ld    r0, post.v
  ld    r1, syn.weight
  add.s r0, r0, r1
  st    r0, post.v
end
kernel note over neuron
  ld    r0, self.trace
  add.s r0, r0, 1
  st    r0, self.trace
end
kernel signal over neurons
  ld  r0, self.index
  mul r1, r0, 37
  and r1, r1, 7
  sub r1, r1, 3
  st  r1, self.signal
end
kernel feed-back over synapses
  ld     r0, post.signal
  ld     r1, syn.raw
  mul    r2, r0, r1
  reduce r2, pre.back
end
kernel gather over synapses where pre.trace and post.signal
  ld    r0, pre.trace
  ld    r1, post.signal
  mul   r2, r0, r1
  ld    r3, syn.gradient
  add.s r3, r3, r2
  st    r3, syn.gradient
end
kernel update over weights
  ld    r0, syn.raw
  ld    r1, syn.gradient
  add.s r0, r0, r1
  st    r0, syn.raw
  ldi   r1, 0
  st    r1, syn.gradient
end`;

/** Calls back for every input, output and place of the window that belong together, output by output. */
function slide(
  { from, to, window, stride, padding }: Picture,
  visit: (input: number, output: number, weight: number) => void,
): void {
  for (let y = 0; y < to[0]; y++) {
    for (let x = 0; x < to[1]; x++) {
      for (let down = 0; down < window[0]; down++) {
        for (let across = 0; across < window[1]; across++) {
          const [row, column] = [y * stride + down - padding, x * stride + across - padding];
          if (row < 0 || row >= from[0] || column < 0 || column >= from[1]) continue;
          for (let channel = 0; channel < from[2]; channel++) {
            for (let made = 0; made < to[2]; made++) {
              visit(
                (row * from[1] + column) * from[2] + channel,
                (y * to[1] + x) * to[2] + made,
                ((down * window[1] + across) * from[2] + channel) * to[2] + made,
              );
            }
          }
        }
      }
    }
  }
}

const size = (shape: Shape): number => shape[0] * shape[1] * shape[2];
const zeros = (count: number): number[] => new Array<number>(count).fill(0);

/** What three steps make of the state, written as loops over output positions. */
function expected(
  picture: Picture,
  spikes: readonly (readonly number[])[],
  weights: readonly number[],
  raw: readonly number[],
) {
  const v = zeros(size(picture.to));
  const trace = zeros(size(picture.from));
  for (const input of spikes.flat()) trace[input] = (trace[input] ?? 0) + 1;
  const signal = v.map((_, output) => ((output * 37) & 7) - 3);
  const back = zeros(size(picture.from));
  const gradient = zeros(raw.length);
  slide(picture, (input, output, weight) => {
    v[output] = (v[output] ?? 0) + (trace[input] ?? 0) * (weights[weight] ?? 0);
    back[input] = (back[input] ?? 0) + (signal[output] ?? 0) * (raw[weight] ?? 0);
    gradient[weight] = (gradient[weight] ?? 0) + (trace[input] ?? 0) * (signal[output] ?? 0);
  });
  return { v, back, raw: raw.map((value, weight) => value + (gradient[weight] ?? 0)) };
}

describe.each(engineNames)('the %s engine slides a window', (name) => {
  const shapes = pictures.flatMap((picture) => [4, 16, 20, 3, 8].map((lanes) => ({ ...picture, lanes })));

  it.each(shapes)('$name on $lanes lanes', ({ lanes, ...picture }) => {
    const core = ['weight', 'shadow', 'state'].reduce(
      (text, bank) =>
        text.replace(new RegExp(`${bank}: \\{capacityBits: \\d+`), `${bank}: {capacityBits: 1048576`),
      edit(roundCore, 'lanes: 4', `lanes: ${lanes}`).replaceAll('wordBits: 16', 'wordBits: 32'),
    );
    const engine: Core = start(name, imageOf(program(picture), rules, core));
    const inputs = [...Array(size(picture.from)).keys()];
    const spikes = [2, 3, 5].map((every) => inputs.filter((input) => input % every === 0));
    const weights = valuesIn(engine, 'conv.weight');
    expect(new Set(weights).size).toBeGreaterThan(2);
    let raw = zeros(weights.length);
    for (let sample = 0; sample < 2; sample++) {
      run(engine, spikes);
      const { v, back, raw: updated } = expected(picture, spikes, weights, raw);
      expect(valuesIn(engine, 'out.v')).toEqual(v);
      const reached = new Set<number>();
      slide(picture, (input) => reached.add(input));
      // What no window covers has no row, and keeps what it had.
      expect(valuesIn(engine, 'in.back')).toEqual(back.map((sum, input) => (reached.has(input) ? sum : 0)));
      expect(valuesIn(engine, 'conv.raw')).toEqual(updated);
      expect(valuesIn(engine, 'conv.gradient')).toEqual(zeros(raw.length));
      raw = updated;
    }
    expect(raw.some((value) => value !== 0)).toBe(true);
  });

  it.each([4, 3])('and sums what it covers, on %i lanes', (lanes) => {
    const text = `format: plasticore/program/1
name: pooling
steps: 1
input: in
populations: {in: {shape: [4, 4, 3]}, out: {shape: [2, 2, 3], fields: {v: {kind: integer, bits: 16}}}}
projections: {pool: {from: in, to: out, connect: {pooling: {window: 3, stride: 1}}}}
microcode: {rule: rule.uc}
events: {tick: [{deliver: in}], spike: {in: [{run: count, over: pool}]}}
readout: out.v
`;
    const count = `kernel count over row
  ld    r0, post.v
  add.s r0, r0, 1
  st    r0, post.v
end`;
    const engine = start(name, imageOf(text, count, edit(roundCore, 'lanes: 4', `lanes: ${lanes}`)));
    // Neuron (row x 4 + column) x 3 + channel: (0, 0) in channel 0, (1, 1) and (1, 2) in channel 1, (3, 1) in channel
    // 2.
    run(engine, [[0, 16, 19, 41]]);
    // Output (0, 0) covers rows and columns 0 to 2, (0, 1) columns 1 to 3, (1, 0) rows 1 to 3.
    expect(valuesIn(engine, 'out.v')).toEqual([1, 2, 0, 0, 2, 0, 0, 2, 1, 0, 2, 1]);
  });
});
