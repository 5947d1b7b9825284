import { PlasticoreError, type Program, program } from 'plasticore/chips';
import { parseRule, type Rule, type Variable, variablesIn } from './rule.ts';
import {
  epochGate,
  fixedFactor,
  fractionBits,
  kernelText,
  largestTrace,
  traceField,
  unsigned,
} from './text.ts';

/** Synapses that learn as in Brian2Loihi. */
export interface BrianLearning {
  readonly pre: number;
  readonly post: number;
  readonly mode: 'mixed' | 'exc' | 'inh';
  /** Bits of a weight, 1 to 8, with the sign if it is mixed. */
  readonly bits: number;
  /** Traces of each synapse: what is left of them after a step, and what a spike adds, a whole number. */
  readonly traces: Readonly<
    Partial<Record<BrianTrace, { readonly decay: number; readonly impulse: number }>>
  >;
  /** The rule of the weight, as {@link parseRule} reads it. */
  readonly rule: string;
}

export type BrianTrace = 'x1' | 'x2' | 'y1' | 'y2' | 'y3';

/** Bits of the random numbers that round weights. */
export const weightDrawBits = 8;

/** Registers of the traces, of the bits that round them, and of the others. */
const traceRegisters = ['r0', 'r1', 'r2', 'r3'];
const roundRegisters = ['r4', 'r5', 'r6', 'r7'];
const [weight, x0, y0, sum, product, temporary, rounding, flag] = [
  'r8',
  'r9',
  'r10',
  'r11',
  'r12',
  'r13',
  'r14',
  'r15',
] as const;

const limits = { mixed: [-256, 254], exc: [0, 255], inh: [-256, 0] } as const;

/**
 * The learning engine of Loihi as Brian2Loihi models it, as a program. Traces are kept for each synapse, as the fields
 * `x1` ... of `synapses`; the host writes the random numbers of a step into `draw_x1` ... and `draw_w`. Its events:
 *
 * - `preSpike` and `postSpike`, of neuron `ev.neuron`;
 * - `arrive`, in each step `ev.epoch` (from 0), after them: traces take the spikes, weights change;
 * - `decay`, after that: traces decay.
 *
 * @throws PlasticoreError `data` for a rule that cannot be read, or more than four traces
 */
export function brianProgram({ pre, post, mode, bits, traces, rule: text }: BrianLearning): Program {
  const rule = parseRule(text);
  const entries = Object.entries(traces) as [BrianTrace, { decay: number; impulse: number }][];
  if (entries.length > traceRegisters.length)
    throw new PlasticoreError(
      'data',
      `expected at most ${traceRegisters.length} traces, found ${entries.length}`,
    );
  const unknown = variablesIn([rule]).find(
    (name) => name !== 'w' && !entries.some(([trace]) => trace === name),
  );
  if (unknown !== undefined)
    throw new PlasticoreError('data', `rule '${text}' reads '${unknown}', which these synapses do not have`);
  const names = entries.map(([trace]) => trace);
  return program({
    name: 'loihi-learning',
    description: 'Learning on Loihi as Brian2Loihi models it',
    steps: 1,
  })
    .population('pre', { size: pre, fields: { x0: { kind: 'flag' } } })
    .population('post', { size: post, fields: { y0: { kind: 'flag' } } })
    .projection('synapses', {
      from: 'pre',
      to: 'post',
      weights: 'none',
      fields: {
        w: { kind: 'integer', bits: 9 },
        ...Object.fromEntries(
          names.flatMap((trace) => [
            [trace, traceField],
            [`round_${trace}`, { kind: 'flag' }],
            [`draw_${trace}`, unsigned(fractionBits)],
          ]),
        ),
        draw_w: unsigned(weightDrawBits),
      },
    })
    .microcode('learning', {
      text: [
        kernelText('preSpike', 'neuron', ['ldi r0, 1', 'st r0, self.x0']),
        kernelText('postSpike', 'neuron', ['ldi r0, 1', 'st r0, self.y0']),
        kernelText('arrive', 'synapses', [
          ...load(names, Object.fromEntries(entries.map(([trace, { decay }]) => [trace, decay]))),
          ...change(rule, names, false),
          ...roundUp(rule, mode, bits),
          ...takeSpikes(entries),
          ...change(rule, names, true),
          ...move(mode, bits),
          ...names.flatMap((trace, at) => [
            `st ${traceRegisters[at]}, syn.${trace}`,
            `st ${roundRegisters[at]}, syn.round_${trace}`,
          ]),
        ]),
        kernelText(
          'decay',
          'synapses',
          entries.flatMap(([trace, { decay }]) => [
            `ld r0, syn.${trace}`,
            `mulsra r0, r0, ${fixedFactor(decay)}, ${fractionBits}`,
            `ld r1, syn.round_${trace}`,
            'sel r1, r1, 1, 0',
            'add r0, r0, r1',
            `st r0, syn.${trace}`,
          ]),
        ),
      ].join('\n'),
    })
    .scalar('epoch', { bits: 16 })
    .on('preSpike', { run: 'preSpike', over: 'pre' })
    .on('postSpike', { run: 'postSpike', over: 'post' })
    .on('arrive', { run: 'arrive', over: 'synapses' }, { clear: ['pre.x0', 'post.y0'] })
    .on('decay', { run: 'decay', over: 'synapses' })
    .create();
}

/** Loads all that the rule reads. A trace will be rounded up if what its decay loses is above its draw. */
function load(names: readonly BrianTrace[], decays: Readonly<Record<string, number>>): string[] {
  return [
    ...names.flatMap((trace, at) => [
      `ld ${traceRegisters[at]}, syn.${trace}`,
      `mul ${roundRegisters[at]}, ${traceRegisters[at]}, ${fixedFactor(decays[trace] ?? 0)}`,
      `and ${roundRegisters[at]}, ${roundRegisters[at]}, ${2 ** fractionBits - 1}`,
      `ld ${temporary}, syn.draw_${trace}`,
      `cmp.gt ${roundRegisters[at]}, ${roundRegisters[at]}, ${temporary}`,
    ]),
    `ld ${weight}, syn.w`,
    `ld ${x0}, pre.x0`,
    `ld ${y0}, post.y0`,
  ];
}

/** The smallest exponent of a rule, at most 0: its products are whole in units of 2 to that power. */
function unitOf(rule: Rule): number {
  return Math.min(0, ...rule.map(({ exponent }) => exponent));
}

/**
 * The change by the rule: in `product` its magnitude, rounded up, and in `sum` its sign.
 *
 * @param spikes whether there are any; without them, products that they gate are zero
 */
function change(rule: Rule, names: readonly Variable[], spikes: boolean): string[] {
  const unit = unitOf(rule);
  return [
    `ldi ${sum}, 0`,
    ...rule
      .filter(({ gate }) => spikes || gate.by === 'epoch')
      .flatMap(({ gate, factors, mantissa, exponent }) => [
        `ldi ${product}, ${mantissa * 2 ** (exponent - unit)}`,
        ...factors.flatMap(({ variable, constant }) => {
          const at = names.indexOf(variable);
          return [
            `add ${temporary}, ${traceRegisters[at] ?? weight}, ${constant}`,
            `mul ${product}, ${product}, ${temporary}`,
          ];
        }),
        ...(gate.by === 'epoch' ? epochGate(flag, gate.exponent) : []),
        `sel ${product}, ${gate.by === 'epoch' ? flag : gate.by === 'x0' ? x0 : y0}, ${product}, 0`,
        `add ${sum}, ${sum}, ${product}`,
      ]),
    `abs ${product}, ${sum}`,
    `sra.ru ${product}, ${product}, ${-unit}`,
  ];
}

/** The step between two weights that the format holds, as a power of two. */
function stepBits(mode: BrianLearning['mode'], bits: number): number {
  return 8 - bits + (mode === 'mixed' ? 1 : 0);
}

/** Whether the weight will be rounded up, 1 or -1 by the sign, else 0. It is decided before the spikes of the step. */
function roundUp(rule: Rule, mode: BrianLearning['mode'], bits: number): string[] {
  if (!rule.some(({ gate }) => gate.by === 'epoch')) return [`ldi ${rounding}, 0`];
  const dropped = stepBits(mode, bits);
  return [
    `and ${temporary}, ${product}, ${2 ** dropped - 1}`,
    `shl ${temporary}, ${temporary}, ${weightDrawBits - dropped}`,
    `ld ${flag}, syn.draw_w`,
    `cmp.gt ${temporary}, ${temporary}, ${flag}`,
    `sel ${rounding}, ${temporary}, 1, 0`,
    ...signed(rounding),
  ];
}

/** Gives a register the sign of the sum. */
function signed(register: string): string[] {
  return [
    `cmp.lt ${flag}, ${sum}, 0`,
    `neg ${temporary}, ${register}`,
    `sel ${register}, ${flag}, ${temporary}, ${register}`,
  ];
}

function takeSpikes(entries: readonly [BrianTrace, { readonly impulse: number }][]): string[] {
  return entries.flatMap(([trace, { impulse }], at) => [
    `add ${temporary}, ${traceRegisters[at]}, ${impulse}`,
    `min ${temporary}, ${temporary}, ${largestTrace}`,
    `sel ${traceRegisters[at]}, ${trace.startsWith('x') ? x0 : y0}, ${temporary}, ${traceRegisters[at]}`,
  ]);
}

function move(mode: BrianLearning['mode'], bits: number): string[] {
  const [low, high] = limits[mode];
  const dropped = stepBits(mode, bits);
  return [
    `sra ${product}, ${product}, ${dropped}`,
    ...signed(product),
    `add ${product}, ${product}, ${rounding}`,
    `shl ${product}, ${product}, ${dropped}`,
    `add ${weight}, ${weight}, ${product}`,
    `clip ${weight}, ${weight}, ${low}, ${high}`,
    `st ${weight}, syn.w`,
  ];
}
