import type { FieldSpec, ProgramSpec } from '../../../src/program/index.ts';
import type { Dice } from './dice.ts';
import { freeRegisters } from './graded.ts';
import type { KernelText } from './kernel.ts';
import { runsIn } from './runs.ts';

interface Program {
  readonly spec: ProgramSpec;
  readonly kernels: readonly KernelText[];
}

/** How wide positions are on a core: an index of an item may leave a narrow datapath. */
interface Limits {
  readonly datapathBits: number;
}

/**
 * Gives populations fields with positions, which kernels load, store and correlate: at the same position for all items,
 * at one of each item's own, and at those that a number from a field names.
 */
export function withPositions(dice: Dice, { spec, kernels }: Program, limits: Limits): Program {
  const least = dice.whole(2, 4);
  const kind = dice.pick(['integer', 'real', 'real'] as const);
  const overflow = dice.pick(['saturate', 'saturate-symmetric', 'wrap'] as const);
  const number: FieldSpec = { kind, bits: 4, signed: dice.chance(0.7), overflow };
  const positions = (): number => least + dice.whole(0, 2);
  const populations = Object.fromEntries(
    Object.entries(spec.populations).map(([name, population]) => {
      const fields = {
        ...population.fields,
        kept: { ...number, positions: positions() },
        past: { ...number, positions: positions() },
        open: { kind: 'flag' as const, signed: false, overflow: 'wrap' as const, positions: positions() },
        measure: { kind: 'real' as const, bits: 8, signed: true, overflow: 'saturate' as const },
        whole: { kind: 'integer' as const, bits: 8, signed: true, overflow: 'wrap' as const },
      };
      return [name, { ...population, fields }];
    }),
  );
  const { events } = spec;
  const lists = [
    events.sample,
    events.tick,
    ...Object.values(events.spike),
    ...Object.values(events.previousSpike),
  ];
  const runs = lists.flatMap(runsIn);
  const changed = kernels.map((kernel): KernelText => {
    const isByColumns = runs.some(({ run, order }) => run === kernel.name && order === 'columns');
    // What touches no field may be suspended while it serves itself: it stays so.
    const touches = kernel.lines.some((line) => /\b(pre|post|self|syn)\./.test(line));
    if (isByColumns || !touches || kernel.domain === 'weights' || !dice.chance(0.6)) return kernel;
    // What else a kernel computes may not fit lanes of 16 bits. A stored shadow weight makes others plastic.
    const isNeeded = kernel.lines.some((line) => line.includes('syn.shadow'));
    const others = !isNeeded && dice.chance(0.3) ? [] : kernel.lines;
    const free = freeRegisters({ ...kernel, lines: others });
    const lines = dice.chance(0.25) ? floored(kernel, free) : positioned(dice, kernel, free, least, limits);
    return { ...kernel, lines: [...others, ...lines] };
  });
  const tick = [...events.tick];
  const owner = dice.pick(Object.keys(populations));
  if (dice.chance(0.3)) tick.unshift({ clear: [`${owner}.${dice.pick(['kept', 'open'])}`] });
  if (dice.chance(0.1)) tick.push({ stopUnlessAny: `${owner}.past` });
  return { spec: { ...spec, populations, events: { ...events, tick } }, kernels: changed };
}

const isOverNeurons = ({ domain }: KernelText): boolean => domain === 'neurons' || domain === 'neuron';

/** A real becomes an integer, and a real again. */
function floored(kernel: KernelText, [a, b]: readonly number[]): string[] {
  if (a === undefined || b === undefined) return [];
  const role = isOverNeurons(kernel) ? 'self' : 'post';
  return [
    `ld r${a}, ${role}.measure`,
    `floor r${b}, r${a}`,
    `st r${b}, ${role}.whole`,
    `real r${a}, r${b}`,
    `st r${a}, ${role}.measure`,
  ];
}

/** @param least positions that each field has */
function positioned(
  dice: Dice,
  kernel: KernelText,
  [position, a, b]: readonly number[],
  least: number,
  { datapathBits }: Limits,
): string[] {
  if (position === undefined || a === undefined || b === undefined) return [];
  const role = isOverNeurons(kernel) ? 'self' : 'post';
  const other = role === 'post' && dice.chance(0.6) ? 'pre' : role;
  const last = least - 1;
  const found = dice.pick([
    [`ldi r${position}, ${dice.whole(0, last)}`],
    [`ld r${position}, host.step`, `clip r${position}, r${position}, 0, ${last}`],
    datapathBits < 16
      ? [`ldi r${position}, ${last}`]
      : [`ld r${position}, ${role}.index`, `and r${position}, r${position}, 1`],
    [
      `ld r${position}, ${role}.measure`,
      `floor r${position}, r${position}`,
      `clip r${position}, r${position}, 0, ${last}`,
    ],
  ]);
  const lines = [...found, `ld.at r${a}, ${role}.kept, r${position}`];
  if (dice.chance(0.3)) lines.push(`ld.at r${b}, ${other}.past, r${position}`, `add.w r${a}, r${a}, r${b}`);
  const correlates = dice.chance(0.5);
  if (correlates) {
    if (dice.chance(0.4)) lines.push(`sub r${b}, r${position}, ${dice.whole(1, 3)}`);
    else lines.push(`mov r${b}, r${position}`);
    // Its result may take the register of the distance.
    lines.push(`correlate r${b}, ${role}.open, ${other}.past, r${b}`, `add.w r${a}, r${a}, r${b}`);
    // Others at constant distances from it, as for the slope of a sum.
    for (const [sign, chance] of [
      ['add', 0.6],
      ['sub', 0.5],
    ] as const) {
      if (!dice.chance(chance)) continue;
      lines.push(
        `${sign} r${b}, r${position}, ${dice.whole(0, 3)}`,
        `correlate r${b}, ${role}.open, ${other}.past, r${b}`,
        `${sign}.w r${a}, r${a}, r${b}`,
      );
    }
  } else lines.push(`add.w r${a}, r${a}, ${dice.whole(-3, 3)}`);
  lines.push(`st.at r${a}, ${role}.kept, r${position}`);
  if (correlates || other === 'pre' || !dice.chance(0.6)) return lines;
  return [
    ...lines,
    ...(lines.some((line) => line.includes('.past')) ? [] : [`st.at r${a}, ${role}.past, r${position}`]),
    `cmp.gt r${b}, r${a}, 0`,
    `st.at r${b}, ${role}.open, r${position}`,
  ];
}
