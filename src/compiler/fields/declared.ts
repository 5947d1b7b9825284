import { type FieldSpec, programLimits, refuse } from '../../program/index.ts';
import { type Path, suggest } from '../../text/index.ts';
import type { Target } from '../target.ts';
import type { FieldDraft } from './draft.ts';

/** A field that a population or projection declares, before it is placed. */
export function declaredField(
  target: Target,
  path: Path,
  field: FieldSpec,
  name: string,
  count: number,
): Omit<FieldDraft, 'purpose' | 'rows' | 'rowLength'> {
  checkRecord(target, path, field);
  checkBank(target, path, field);
  const isFloat = target.hw.arithmetic === 'float32' && field.kind === 'real';
  return {
    name,
    kind: field.kind,
    storage: isFloat ? 'float32' : 'integer',
    bits: isFloat ? 32 : widthOf(target, path, field),
    signed: isFloat || (field.kind !== 'flag' && field.signed),
    overflow: field.overflow,
    ...positionsOf(target, path, field, count),
    view: undefined,
    storedView: undefined,
    stored: true,
    record: field.record,
    perWord: field.perWord === true,
    at: field.at,
    bank: field.bank,
    place: target.program.locate(path),
  };
}

/** The numbers that a field holds: one for each item, or one for each of its positions. */
function positionsOf(
  { program, parameters }: Target,
  path: Path,
  { positions, initial, record }: FieldSpec,
  count: number,
): Pick<FieldDraft, 'count' | 'positions'> {
  if (positions === undefined) return { count };
  const place = [...path, 'positions'];
  const most = programLimits.positions;
  const found = parameters.constant(positions, program.locate(place));
  if (!Number.isInteger(found) || found < 2 || found > most)
    refuse(program, place, `positions: expected a whole number from 2 to ${most}, found ${found}`);
  if (path[0] !== 'populations')
    refuse(program, place, 'only fields of populations have positions', 'keep it in a field of the neurons');
  for (const [key, value] of [
    ['record', record],
    ['initial', initial],
  ] as const)
    if (value !== undefined)
      refuse(program, [...path, key], `a field with positions has no '${key}'`, `leave it out`);
  return { count: found * count, positions: found };
}

/** `at` and `perWord` place a field within a record. */
function checkRecord({ program }: Target, path: Path, { record, at, perWord }: FieldSpec): void {
  if (at !== undefined && record === undefined)
    refuse(program, [...path, 'at'], "'at' is a bit of a record's item", 'name the record');
  if (perWord === true && (record === undefined || at !== undefined))
    refuse(
      program,
      [...path, 'perWord'],
      'a field kept once per word lies behind the items of its record',
      record === undefined ? 'name the record' : "leave out 'at'",
    );
}

function checkBank({ program, hw }: Target, path: Path, { bank }: FieldSpec): void {
  const banks = hw.banks.map(({ name }) => name);
  if (bank !== undefined && !banks.includes(bank))
    refuse(program, [...path, 'bank'], `hw-model '${hw.name}' has no bank '${bank}'`, suggest(bank, banks));
}

/** Bits of an integer field: one for a flag, the stated number, or those of the narrowest accumulator that suffices. */
function widthOf(target: Target, path: Path, { kind, bits, accumulator, signed }: FieldSpec): number {
  const { program, hw, parameters } = target;
  if (kind === 'flag') return 1;
  if ((bits === undefined) === (accumulator === undefined))
    refuse(program, path, `${path.join('.')}: expected either bits or accumulator`);
  if (bits !== undefined) {
    const width = parameters.whole(bits, 1, 'bits', program.locate([...path, 'bits']));
    // The datapath is signed.
    const most = hw.datapathBits - (signed ? 0 : 1);
    if (width <= most) return width;
    refuse(
      program,
      [...path, 'bits'],
      `bits: the datapath of '${hw.name}' holds at most ${most}${signed ? '' : ' unsigned'}, found ${width}`,
    );
  }
  const place = program.locate([...path, 'accumulator']);
  const needed = parameters.whole(accumulator ?? 1, 1, 'accumulator', place);
  const offered = [...hw.precision.accumulatorBits].sort((a, b) => a - b);
  return (
    offered.find((width) => width >= needed && (signed || width < hw.datapathBits)) ??
    refuse(
      program,
      [...path, 'accumulator'],
      `an accumulator of at least ${needed} bits is needed; hw-model '${hw.name}' ${offered.length === 0 ? 'has none' : `offers ${offered.join(', ')}`}`,
    )
  );
}
