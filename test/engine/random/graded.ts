import type { FieldSpec, ProgramSpec } from '../../../src/program/index.ts';
import type { Dice } from './dice.ts';
import type { KernelText } from './kernel.ts';
import { runsIn } from './runs.ts';

/** A field that kernels add the values to that spikes carry. */
const gathered: FieldSpec = { kind: 'integer', bits: 8, signed: true, overflow: 'wrap' };

const gatheredReal: FieldSpec = { ...gathered, kind: 'real' };

interface GradedOptions {
  readonly datapathBits: number;
  readonly alsoInput: boolean;
  /** Whether the values of the input are taken as reals, which are floats on a float32 core. */
  readonly isRealInput: boolean;
}

/** Lets spikes of some populations carry values, which kernels send and take. */
export function withPayloads(
  dice: Dice,
  spec: ProgramSpec,
  kernels: readonly KernelText[],
  { datapathBits, alsoInput, isRealInput }: GradedOptions,
): { readonly spec: ProgramSpec; readonly kernels: readonly KernelText[] } {
  const graded = Object.keys(spec.populations).filter((name) =>
    name === spec.input ? alsoInput : dice.chance(0.6),
  );
  if (graded.length === 0) return { spec, kernels };
  const populations = Object.fromEntries(
    Object.entries(spec.populations).map(([name, population]) => [
      name,
      {
        ...population,
        fields: { ...population.fields, gathered, ...(isRealInput && { gatheredReal }) },
        ...(graded.includes(name) && {
          payload: {
            kind: isRealInput && name === spec.input ? ('real' as const) : ('integer' as const),
            bits: dice.pick([1, 3, 7, 7, ...(datapathBits > 12 ? [12] : [])]),
            signed: dice.chance(0.5),
          },
        }),
      },
    ]),
  );
  const { events, projections } = spec;
  const changed = new Map(kernels.map((kernel) => [kernel.name, kernel]));
  const everywhere = [events.sample, events.tick, ...Object.values(events.spike)].flatMap(runsIn);
  for (const { run = '', over = '' } of [
    ...everywhere,
    ...Object.values(events.previousSpike).flatMap(runsIn),
  ]) {
    const kernel = changed.get(run);
    if (kernel !== undefined && graded.includes(projections[over]?.to ?? over))
      changed.set(run, sending(dice, kernel, datapathBits));
  }
  for (const list of [events.spike, events.previousSpike]) {
    for (const [name, actions] of Object.entries(list)) {
      if (!graded.includes(name)) continue;
      for (const { run = '' } of runsIn(actions)) {
        const kernel = changed.get(run);
        if (
          kernel !== undefined &&
          (kernel.domain === 'row' || kernel.domain === 'neuron') &&
          dice.chance(0.8)
        )
          changed.set(run, taking(kernel, isRealInput && name === spec.input));
      }
    }
  }
  return {
    spec: { ...spec, populations },
    kernels: kernels.map((kernel) => changed.get(kernel.name) ?? kernel),
  };
}

/** Every emission sends a value: a constant, or one that differs from neuron to neuron and may not fit. */
function sending(dice: Dice, kernel: KernelText, datapathBits: number): KernelText {
  const at = kernel.lines.findIndex((line) => line.startsWith('emit '));
  if (at < 0) return kernel;
  const [register] = freeRegisters(kernel);
  const role = kernel.domain === 'neurons' || kernel.domain === 'neuron' ? 'self' : 'post';
  // An index may be wider than a narrow datapath.
  const isConstant = register === undefined || datapathBits < 16 || dice.chance(0.3);
  const value = isConstant ? `${dice.whole(-9, 9)}` : `r${register}`;
  const made = isConstant
    ? []
    : [`ld r${register}, ${role}.index`, `sub r${register}, ${dice.whole(0, 20)}, r${register}`];
  const lines = [...made, ...kernel.lines.with(at, `${kernel.lines[at]}, ${value}`)];
  return { ...kernel, lines };
}

/** Adds the value of the spike to a field. */
function taking(kernel: KernelText, isReal: boolean): KernelText {
  const [a, b] = freeRegisters(kernel);
  if (a === undefined || b === undefined) return kernel;
  const field = `${kernel.domain === 'row' ? 'post' : 'self'}.${isReal ? 'gatheredReal' : 'gathered'}`;
  const lines = [
    `ld r${a}, ${field}`,
    `ld r${b}, ev.value`,
    `add.w r${a}, r${a}, r${b}`,
    `st r${a}, ${field}`,
  ];
  return { ...kernel, lines: [...kernel.lines, ...lines] };
}

/** The registers that a kernel does not use. */
export function freeRegisters({ lines }: KernelText): number[] {
  const used = new Set(lines.join('\n').match(/\br\d+\b/g));
  return Array.from({ length: 16 }, (_, register) => register).filter(
    (register) => !used.has(`r${register}`),
  );
}
