import { type Core, ReferenceCore, runSample, triggerEvent } from '../../../src/engine/index.ts';
import type { BoundKernel, CoreImage, Field } from '../../../src/image/index.ts';
import { operationNamed, operations } from '../../../src/isa/index.ts';
import { PlasticoreError } from '../../../src/text/index.ts';
import { type RandomProgram, trainOf } from './program.ts';
import { randomState } from './state.ts';

/**
 * An edge of the arithmetic that random programs must reach, and the image without it. If that image's run ends
 * differently, the edge was reached and had an effect.
 */
interface Edge {
  readonly name: string;
  /** @returns undefined where the image has no such edge, or it is in no kernel that ran */
  readonly without: (image: CoreImage, ran: readonly BoundKernel[]) => CoreImage | undefined;
}

/** Mnemonics whose results saturate and wrap: `add` for `add.s` and `add.w`. */
const overflowing = operations.flatMap(({ mnemonic }) =>
  mnemonic.endsWith('.w') ? [mnemonic.slice(0, -2)] : [],
);

const roundings = ['rn', 'ru', 'rz'];
const shifts = ['sra', 'shr', 'mulsra'];

export const edges: readonly Edge[] = [
  ...[true, false].flatMap((signed): Edge[] => {
    const sign = signed ? 'signed' : 'unsigned';
    return [
      storing(
        `a store of a ${sign} field saturates`,
        'wrap',
        (f) => f.overflow === 'saturate' && f.signed === signed,
      ),
      storing(
        `a store of a ${sign} field wraps`,
        'saturate',
        (f) => f.overflow === 'wrap' && f.signed === signed,
      ),
    ];
  }),
  storing(
    'a store saturates symmetrically',
    'saturate',
    (f) => f.overflow === 'saturate-symmetric' && f.signed,
  ),
  ...overflowing.flatMap((name) => [
    replacing(`${name}.s saturates`, `${name}.s`, `${name}.w`),
    replacing(`${name}.w wraps`, `${name}.w`, `${name}.s`),
  ]),
  ...shifts.flatMap((shift) =>
    // Unsigned numbers round toward zero as they are floored.
    roundings
      .filter((rounding) => shift !== 'shr' || rounding !== 'rz')
      .map((rounding) => replacing(`${shift}.${rounding} rounds`, `${shift}.${rounding}`, shift)),
  ),
  replacing('ld.row loads nothing', 'ld.row', 'ld'),
  replacing('st.tile stores nothing', 'st.tile', 'st'),
  {
    name: 'a spike of the previous step triggers something',
    without: (image) => {
      const { events } = image;
      if (!events.previousSpike.some((list) => list.length > 0)) return undefined;
      return { ...image, events: { ...events, previousSpike: events.previousSpike.map(() => []) } };
    },
  },
  {
    name: 'a skipped tile steps no generators',
    without: (image, ran) => {
      const draws = ran.some(
        ({ columnGate, code }) =>
          columnGate !== undefined && code.some(({ mnemonic }) => /^rnd|sr$/.test(mnemonic)),
      );
      if (image.core.columnGate === 'clock' || !draws) return undefined;
      return { ...image, core: { ...image.core, columnGate: 'clock' } };
    },
  },
];

/** Fields of the sort store in another way. */
function storing(name: string, overflow: Field['overflow'], isMeant: (field: Field) => boolean): Edge {
  const isStored = (field: Field): boolean => field.storage === 'integer' && isMeant(field);
  return {
    name,
    without: (image, ran) =>
      fieldsStoredBy(ran, image).some(isStored)
        ? {
            ...image,
            fields: image.fields.map((field) => (isStored(field) ? { ...field, overflow } : field)),
          }
        : undefined,
  };
}

/** The fields that kernels store or reduce into. A shadow weight's stored view is stored with it. */
function fieldsStoredBy(kernels: readonly BoundKernel[], { fields }: CoreImage): Field[] {
  return kernels.flatMap(({ code }) =>
    code.flatMap(({ mnemonic, operands: [, target] }) => {
      const { does } = operationNamed(mnemonic).effect;
      if ((does !== 'store' && does !== 'reduce') || target?.is !== 'field') return [];
      const field = fields[target.field];
      const view = fields[field?.storedView ?? -1];
      return [field, view].flatMap((stored) => stored ?? []);
    }),
  );
}

/** One mnemonic stands for another. */
function replacing(name: string, mnemonic: string, other: string): Edge {
  return {
    name,
    without: (image, ran) => {
      if (!ran.some(({ code }) => code.some((line) => line.mnemonic === mnemonic))) return undefined;
      return {
        ...image,
        kernels: image.kernels.map((kernel) => ({
          ...kernel,
          code: kernel.code.map((line) => (line.mnemonic === mnemonic ? { ...line, mnemonic: other } : line)),
        })),
      };
    },
  };
}

/** How a run on the reference engine ends: banks, generators, counters; or its message. */
export function ending(program: RandomProgram, image: CoreImage): string {
  const engine = new ReferenceCore(image);
  engine.restore(randomState(image, program.seed));
  try {
    for (const sample of program.samples) {
      const { epoch, label, learn } = sample;
      engine.setEpoch(epoch);
      runSample(engine, trainOf(sample, engine.image), { label, learn });
    }
    for (const { event, scalars } of program.triggers) triggerEvent(engine, event, scalars);
  } catch (error) {
    if (error instanceof PlasticoreError) return error.message;
    throw error;
  }
  return stateOf(engine);
}

/** What a run leaves in a core: banks, generators, counters. */
export function stateOf(core: Core): string {
  const { banks, generators } = core.save();
  return [...banks, generators, JSON.stringify(core.counters())].join('\n');
}
