import { type BoundKernel, type CoreImage, type ImageOperand, layoutOf } from '../../../../image/index.ts';
import { at } from '../../../../text/index.ts';
import type { LinePlan } from './lines.ts';

/*
 * What is decided about fields with positions.
 */

export type FieldOperand = Extract<ImageOperand, { is: 'field' }>;

/** Correlations of the same two fields whose distances differ by constants: one walk over the flags makes all sums. */
export interface Walk {
  readonly flags: FieldOperand;
  readonly values: FieldOperand;
  readonly sums: readonly Sum[];
}

interface Sum {
  readonly line: LinePlan;
  /** The line's distance less that of the walk's first line. */
  readonly further: number;
}

/** Numbers of a row's neuron, copied one behind the other, with zeros at both ends where distances lead beyond. */
interface CopiedField {
  readonly field: number;
  readonly before: number;
  readonly after: number;
}

export interface PositionPlan {
  /** The fields whose set flags a run lists before its first row, since many rows ask for them. */
  readonly listed: readonly number[];
  /** The fields whose numbers are copied when a row begins, since many columns ask for them. */
  readonly copied: readonly CopiedField[];
  /** By their first line. */
  readonly walks: ReadonlyMap<number, Walk>;
}

const registerBits = 32;

/** The most zeros at an end of copied numbers. Where distances lead further, each is tested instead. */
const mostZeros = 1024;

export function planPositions(
  { domain }: BoundKernel,
  image: CoreImage,
  lines: readonly LinePlan[],
  stored: ReadonlySet<number>,
): PositionPlan {
  const walks = planWalks(lines);
  const all = domain === 'synapses' ? [...walks.values()] : [];
  const fieldsOf = (operands: readonly FieldOperand[], wanted: string): number[] => {
    const fields = operands.flatMap(({ role, field }) => (role === wanted ? [field] : []));
    return [...new Set(fields)].filter((field) => !stored.has(field));
  };
  const listed = all.map(({ flags }) => flags);
  const copied = all.map(({ values }) => values);
  return {
    listed: fieldsOf(listed, 'post'),
    copied: fieldsOf(copied, 'pre').flatMap((field) => copyOf(image, lines, all, field) ?? []),
    walks,
  };
}

function planWalks(lines: readonly LinePlan[]): ReadonlyMap<number, Walk> {
  const walks = new Map<string, { readonly walk: Walk; readonly sums: Sum[]; readonly constant: number }>();
  for (const line of lines) {
    if (line.operation.effect.does !== 'correlate') continue;
    const [, flags, values] = line.instruction.operands;
    if (flags?.is !== 'field' || values?.is !== 'field') throw new Error('a correlation of no fields');
    const { from, constant } = distanceOf(lines, line);
    const key = JSON.stringify([flags, values, from, line.when]);
    const known = walks.get(key);
    if (known !== undefined) known.sums.push({ line, further: constant - known.constant });
    else {
      const sums = [{ line, further: 0 }];
      walks.set(key, { walk: { flags, values, sums }, sums, constant });
    }
  }
  return new Map([...walks.values()].map(({ walk }) => [at(walk.sums, 0).line.line, walk]));
}

/** The distance of a correlation: what a line gives, plus a constant. */
function distanceOf(lines: readonly LinePlan[], correlation: LinePlan) {
  let from = definitionOf(correlation, 3);
  let constant = 0;
  for (;;) {
    const line = at(lines, from);
    const { effect } = line.operation;
    const [, a, b] = line.instruction.operands;
    // Sums and differences that stay within the datapath, as proven.
    const isPlain = effect.does === 'compute' && effect.isSum && effect.overflow === 'proven';
    if (!isPlain || a?.is !== 'register' || b?.is !== 'number') return { from, constant };
    constant += effect.integer(registerBits)(0, b.value, 0, 0);
    from = definitionOf(line, 1);
  }
}

/** The line that has written the register of an operand. */
function definitionOf({ instruction, definitions }: LinePlan, operand: number): number {
  const register = instruction.operands[operand];
  const line = register?.is === 'register' ? definitions.get(register.register) : undefined;
  if (line === undefined) throw new Error(`operand ${operand} of ${instruction.mnemonic} is no register`);
  return line;
}

/** The zeros that numbers need at both ends: position p of the flags asks for that at p less the distance. */
function copyOf(
  image: CoreImage,
  lines: readonly LinePlan[],
  walks: readonly Walk[],
  field: number,
): CopiedField | undefined {
  // Copies would lie where no cell fails.
  if (at(image.fields, field).faulty === true) return undefined;
  const positions = (index: number): number => layoutOf(image, at(image.fields, index)).rows;
  let [before, after] = [0, 0];
  for (const { flags, values, sums } of walks) {
    if (values.field !== field) continue;
    for (const { line } of sums) {
      const { range } = at(lines, definitionOf(line, 3));
      if (range === undefined) return undefined;
      before = Math.max(before, range.high);
      after = Math.max(after, positions(flags.field) - range.low - positions(field));
    }
  }
  return before <= mostZeros && after <= mostZeros ? { field, before, after } : undefined;
}
