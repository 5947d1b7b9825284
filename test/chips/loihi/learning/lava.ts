import { PlasticoreError, type Program, type ProgramDescription, program } from 'plasticore/chips';
import { type Gate, parseRule, type Rule, type Variable, variablesIn } from './rule.ts';
import {
  epochGate,
  fixedFactor,
  fractionBits,
  kernelText,
  largestTrace,
  traceField,
  unsigned,
} from './text.ts';

/** How a trace decays, and what a spike adds. */
interface TraceSpec {
  /** The share of the trace that is left after a step, below 1; 0: nothing. */
  readonly decay: number;
  /** 0 to 127; the part behind the point in units of 1/256. */
  readonly impulse: number;
}

/** Synapses that learn as in Lava. */
export interface LavaLearning {
  readonly pre: number;
  readonly post: number;
  readonly mode: 'mixed' | 'exc' | 'inh';
  /** Steps of an epoch, 1 to 63. */
  readonly epochSteps: number;
  /** Traces `x1`, `x2` of pre-synaptic and `y1`, `y2`, `y3` of post-synaptic neurons. */
  readonly traces: Readonly<Partial<Record<Trace, TraceSpec>>>;
  /** Rules of the weight `w`, the delay `d` and the tag `t`, as {@link parseRule} reads them. */
  readonly rules: Readonly<Partial<Record<LearntVariable, string>>>;
}

type Trace = 'x1' | 'x2' | 'y1' | 'y2' | 'y3';
function isTrace(name: Variable): name is Trace {
  return name !== 'w' && name !== 'd' && name !== 't';
}

type LearntVariable = 'w' | 'd' | 't';

const learnt = ['w', 'd', 't'] as const;

/** Lava's accumulator, whose lower limit is one too low. */
const [accumulatorLow, accumulatorHigh] = [-32_769, 32_767];

/** Bits of the accumulator behind the point. */
const accumulatorFraction = 7;

/** Bits that Lava gives a variable: it clips the sum of a variable and a constant to them, and their sign. */
const bitsOf = (variable: Variable): number =>
  variable === 'w' || variable === 'd' || variable === 't' ? 9 : 7;

const limitsOf: Readonly<
  Record<LearntVariable, (mode: LavaLearning['mode']) => readonly [low: number, high: number]>
> = {
  w: (mode) => (mode === 'inh' ? [-255, 0] : [mode === 'exc' ? 0 : -256, 255]),
  d: () => [0, 255],
  t: () => [-257, 255],
};

/**
 * The learning engine of Loihi as Lava models it, as a program. Its events:
 *
 * - `preSpike` and `postSpike`, of neuron `ev.neuron`, in step `ev.position` (from 1) of the running epoch;
 * - `epoch`, at its end, with the number `ev.epoch` (from 1) of the epoch and its random numbers: traces decay, rules
 *   are evaluated, w, d and t change.
 *
 * @throws PlasticoreError `data` for a rule that cannot be read
 */
export function lavaProgram(learning: LavaLearning): Program {
  const { pre, post, epochSteps, traces } = learning;
  const rules = learnt.flatMap((target) => {
    const text = learning.rules[target];
    return text === undefined ? [] : [{ target, rule: parseRule(text) }];
  });
  const missing = variablesIn(rules.map(({ rule }) => rule)).find(
    (name) => isTrace(name) && traces[name] === undefined,
  );
  if (missing !== undefined)
    throw new PlasticoreError(
      'data',
      `a rule reads trace '${missing}', which is not described; add it to the traces`,
    );
  const ofSide = (side: 'x' | 'y') =>
    Object.entries(traces).filter(([name]) => name.startsWith(side)) as [Trace, TraceSpec][];
  const fieldsOf = (side: 'x' | 'y'): NonNullable<ProgramDescription['populations'][string]['fields']> => ({
    // Step of the last spike within the epoch, from 1; 0 if there is none.
    [`t${side}`]: unsigned(6),
    ...Object.fromEntries(
      ofSide(side).flatMap(([name]) =>
        Array.from({ length: epochSteps }, (_, step) => [traceAt(name, step + 1, epochSteps), traceField]),
      ),
    ),
  });
  return program({ name: 'loihi-learning', description: 'Learning on Loihi as Lava models it', steps: 1 })
    .population('pre', { size: pre, fields: fieldsOf('x') })
    .population('post', { size: post, fields: fieldsOf('y') })
    .projection('synapses', {
      from: 'pre',
      to: 'post',
      weights: 'none',
      fields: {
        w: { kind: 'integer', bits: 9, record: 'synapse' },
        d: { ...unsigned(8), record: 'synapse' },
        t: { kind: 'integer', bits: 10, record: 'synapse' },
      },
    })
    .microcode('learning', {
      text: [
        spike('preSpike', 'x', ofSide('x'), '0'),
        spike('postSpike', 'y', ofSide('y'), 'ev.within'),
        age('agePre', 'x', ofSide('x'), epochSteps),
        age('agePost', 'y', ofSide('y'), epochSteps),
        learn(rules, learning),
      ].join('\n'),
    })
    .scalar('position', { bits: 6 })
    .scalar('epoch', { bits: 16 })
    .scalar('within', { bits: 7 })
    .scalar('xDecay', { bits: fractionBits })
    .scalar('xImpulse', { bits: 7 })
    .scalar('yDecay', { bits: fractionBits })
    .scalar('yImpulse', { bits: 7 })
    .scalar('weightDraw', { bits: accumulatorFraction })
    .on('preSpike', { run: 'preSpike', over: 'pre' })
    .on('postSpike', { run: 'postSpike', over: 'post' })
    .on(
      'epoch',
      { run: 'agePre', over: 'pre' },
      { run: 'agePost', over: 'post' },
      { run: 'learn', over: 'synapses' },
      { clear: ['pre.tx', 'post.ty'] },
    )
    .create();
}

/** The field of a trace as it was after some step of the epoch; after the last step it is the trace itself. */
function traceAt(trace: Trace, step: number, epochSteps: number): string {
  return step === epochSteps ? trace : `${trace}_${step}`;
}

/**
 * A second spike of a neuron in an epoch adds the impulse of the one before to the traces at the start of the epoch,
 * where the trace is until the epoch ends.
 *
 * @param draw rounds the impulse: up if it is below the fraction
 */
function spike(name: string, side: 'x' | 'y', traces: readonly [Trace, TraceSpec][], draw: string): string {
  const lines = [`ld r0, self.t${side}`, 'cmp.gt r1, r0, 0'];
  for (const [trace, { impulse }] of traces) {
    lines.push(
      ...impulseIn('r3', impulse, draw),
      `ld r2, self.${trace}`,
      'add r3, r2, r3',
      `min r3, r3, ${largestTrace}`,
      'sel r2, r1, r3, r2',
      `st r2, self.${trace}`,
    );
  }
  return kernelText(name, 'neuron', [...lines, 'ld r0, ev.position', `st r0, self.t${side}`]);
}

/** An impulse, rounded up if a draw of 7 bits is below its fraction of 8 bits. */
function impulseIn(register: string, impulse: number, draw: string): string[] {
  const [whole, fraction] = [Math.floor(impulse), (impulse % 1) * 256];
  const value = draw === '0' ? [`ldi ${register}, 0`] : [`ld ${register}, ${draw}`];
  return [
    ...value,
    `cmp.lt ${register}, ${register}, ${fraction}`,
    `sel ${register}, ${register}, ${whole + 1}, ${whole}`,
  ];
}

/** The traces after each step of the epoch. One draw rounds all decays of a side, another all impulses. */
function age(
  name: string,
  side: 'x' | 'y',
  traces: readonly [Trace, TraceSpec][],
  epochSteps: number,
): string {
  const lines = [
    `ld r0, self.t${side}`,
    // What is added before the fraction is dropped: it carries if the fraction is above the draw.
    `ld r1, ev.${side}Decay`,
    `sub r1, ${2 ** fractionBits - 1}, r1`,
  ];
  for (const [trace, { decay, impulse }] of traces) {
    lines.push(...impulseIn('r2', impulse, `ev.${side}Impulse`), `ld r3, self.${trace}`);
    for (let step = 1; step <= epochSteps; step++) {
      lines.push(
        `mul r3, r3, ${fixedFactor(decay)}`,
        'add r3, r3, r1',
        `sra r3, r3, ${fractionBits}`,
        `cmp.eq r4, r0, ${step}`,
        'add r5, r3, r2',
        `min r5, r5, ${largestTrace}`,
        'sel r3, r4, r5, r3',
        `st r3, self.${traceAt(trace, step, epochSteps)}`,
      );
    }
  }
  return kernelText(name, 'neurons', lines);
}

/** Where the rules find w, d and t, and where they leave them. All rules read what was there before. */
const oldOf: Readonly<Record<LearntVariable, string>> = { w: 'r0', d: 'r1', t: 'r2' };
const newOf: Readonly<Record<LearntVariable, string>> = { w: 'r10', d: 'r11', t: 'r12' };

function learn(
  rules: readonly { readonly target: LearntVariable; readonly rule: Rule }[],
  { mode, epochSteps }: LavaLearning,
): string {
  const lines = [
    ...learnt.map((target) => `ld ${oldOf[target]}, syn.${target}`),
    'ld r3, pre.tx',
    'ld r4, post.ty',
    // One draw rounds all changes of all synapses.
    'ld r13, ev.weightDraw',
    `sub r13, ${2 ** accumulatorFraction - 1}, r13`,
  ];
  for (const { target, rule } of rules) {
    lines.push(`shl r5, ${oldOf[target]}, ${accumulatorFraction}`);
    for (const { gate, factors, mantissa, exponent } of rule) {
      lines.push(`ldi r6, ${mantissa}`);
      let bits = 0;
      for (const { variable, constant } of factors) {
        const limit = 2 ** bitsOf(variable);
        lines.push(
          ...valueAt(gate, variable, epochSteps),
          `add r7, r7, ${constant}`,
          `clip r7, r7, ${-limit}, ${limit - 1}`,
          'mul r6, r6, r7',
        );
        bits += bitsOf(variable);
      }
      lines.push(
        ...flagOf(gate),
        'sel r6, r8, r6, 0',
        // A multiplier has 15 bits, with 4 for the mantissa: what is beyond is dropped.
        `sra r6, r6, ${Math.max(0, bits + 4 - 15)}`,
        `shl.s r6, r6, ${exponent + accumulatorFraction}`,
        `clip r6, r6, ${accumulatorLow}, ${accumulatorHigh}`,
        'add r5, r5, r6',
        `clip r5, r5, ${accumulatorLow}, ${accumulatorHigh}`,
      );
    }
    if (target === 'd' || (target === 'w' && mode === 'exc')) lines.push('max r5, r5, 0');
    if (target === 'w' && mode === 'inh') lines.push('min r5, r5, 0');
    const [low, high] = limitsOf[target](mode);
    lines.push(
      'add r5, r5, r13',
      `sra r5, r5, ${accumulatorFraction}`,
      `clip ${newOf[target]}, r5, ${low}, ${high}`,
    );
  }
  return kernelText('learn', 'synapses', [
    ...lines,
    ...rules.map(({ target }) => `st ${newOf[target]}, syn.${target}`),
  ]);
}

function flagOf(gate: Gate): string[] {
  if (gate.by === 'epoch') return epochGate('r8', gate.exponent);
  return [`cmp.gt r8, ${gate.by === 'x0' ? 'r3' : 'r4'}, 0`];
}

/** A variable in r7: a trace after the step of the spike that opens the gate, else at the end of the epoch. */
function valueAt(gate: Gate, variable: Variable, epochSteps: number): string[] {
  if (!isTrace(variable)) return [`mov r7, ${oldOf[variable]}`];
  const role = variable.startsWith('x') ? 'pre' : 'post';
  const lines = [`ld r7, ${role}.${variable}`];
  if (gate.by === 'epoch') return lines;
  for (let step = 1; step < epochSteps; step++) {
    lines.push(
      `cmp.eq r8, ${gate.by === 'x0' ? 'r3' : 'r4'}, ${step}`,
      `ld r9, ${role}.${traceAt(variable, step, epochSteps)}`,
      'sel r7, r8, r9, r7',
    );
  }
  return lines;
}
