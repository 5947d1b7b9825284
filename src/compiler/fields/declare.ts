import { indexKeys, offsetsIn, type Projection } from '../../image/index.ts';
import {
  connectionOf,
  type FieldSpec,
  type Program,
  programLimits,
  refuse,
  type Segments,
} from '../../program/index.ts';
import { Faults, largest, type Path, type Place, suggest } from '../../text/index.ts';
import { longestDelays, partName } from '../delays.ts';
import { actionsOf } from '../frozen/index.ts';
import { payloadOf } from '../payloads.ts';
import type { CompileTarget } from '../target.ts';
import { type FieldDraft, withFaults } from './draft.ts';
import { weightFields } from './weights.ts';

/**
 * The fields of a program on a core: those that populations and projections declare, and each projection's weights.
 *
 * @throws PlasticoreError with all names that are reserved, widths that the core does not offer, and fields or weights
 * that the projection cannot have
 */
export function declareFields(target: CompileTarget): FieldDraft[] {
  const { spec } = target.program;
  const faults = new Faults();
  const drafts: FieldDraft[] = [];
  const waiting = longestDelays(target.program, target.delays);
  const latest = target.entries.at(-1) ?? 0;
  const rings = latest === 0 ? waiting : new Map([...waiting, [spec.input ?? '', latest]]);
  for (const [owner, { size, fields }] of Object.entries(spec.populations)) {
    for (const [name, field] of Object.entries(fields)) {
      const path = ['populations', owner, 'fields', name];
      faults.attempt(() => {
        if (name === 'index' || (name === 'delayed' && rings.has(owner))) refuseReserved(target, path, name);
        const draft = declaredField(target, path, field, `${owner}.${name}`, size);
        if (!target.leftOut.fields.has(draft.name))
          drafts.push({ ...draft, purpose: 'state', rows: draft.positions ?? 1, rowLength: size });
      });
    }
  }
  for (const owner of Object.keys(spec.projections))
    faults.attempt(() => {
      drafts.push(...projectionFields(target, owner, drafts.length));
    });
  drafts.push(...(faults.attempt(() => ringFields(target, rings)) ?? []));
  faults.throwIfAny();
  return withFaults(drafts, target.hw);
}

/** The name of the field in which spikes of a population wait for their delays. */
export const ringField = (population: string): string => `${population}.delayed`;

/** The rings of the populations whose spikes wait: a row for each step of the longest delay. */
function ringFields(target: CompileTarget, waiting: ReadonlyMap<string, number>): FieldDraft[] {
  return [...waiting].map(([name, rows]): FieldDraft => {
    const { size: neurons = 0, inputs: size = neurons } = target.program.spec.populations[name] ?? {};
    const flag = { kind: 'flag', signed: false, overflow: 'saturate' } as const;
    const draft = declaredField(target, ['populations', name], flag, ringField(name), rows * size);
    const payload = payloadOf(target, name);
    // The value that a spike carries waits beside its flag.
    const width = payload && ({ kind: 'integer', bits: 1 + payload.bits } as const);
    return { ...draft, ...width, purpose: 'state', use: 'ring', rows, rowLength: size };
  });
}

/** Bits of the longest delay of a synapse. */
function delayField(
  target: CompileTarget,
  owner: string,
  longest: number,
  shape: { readonly rows: number; readonly rowLength: number },
): FieldDraft {
  const bits = Math.max(1, Math.ceil(Math.log2(longest + 1)));
  const field = { kind: 'integer', bits, signed: false, overflow: 'saturate' } as const;
  const path = ['projections', owner, 'delay'];
  const draft = declaredField(target, path, field, `${owner}.delay`, shape.rows * shape.rowLength);
  return { ...draft, ...shape, purpose: 'shadow', use: 'delay' };
}

function projectionFields(target: CompileTarget, owner: string, firstIndex: number): FieldDraft[] {
  const connection = connectionOf(target.program, owner);
  const { weightRows: rows, weightRowLength: rowLength } = connection;
  const { weights, fields } = target.program.spec.projections[owner] ?? { fields: {} };
  if (rows === 0) checkPooling(target, owner);
  if (rows === 0) return [];
  if (weights === 'none') checkWeightless(target, owner);
  const { leftOut } = target;
  const delay = target.delays.get(owner);
  const hasDelays = delay?.ofWeights !== undefined;
  const reserved = [
    ...(weights === 'none' ? [] : ['weight', 'shadow']),
    ...(hasDelays ? ['delay'] : []),
    ...(connection.isSparse ? indexNames : []),
  ];
  const declared = Object.entries(fields).map(([name, field]): FieldDraft => {
    const path = ['projections', owner, 'fields', name];
    if (reserved.includes(name)) refuseReserved(target, path, name);
    const draft = declaredField(target, path, field, `${owner}.${name}`, rows * rowLength);
    return { ...draft, purpose: 'shadow', rows, rowLength };
  });
  if (leftOut.projections.has(owner)) return [];
  const index = connection.isSparse ? listedTargets(target, owner) : [];
  // Of a sparse projection, the index of each part says which synapses have its delay.
  const delays =
    hasDelays && !connection.isSparse ? [delayField(target, owner, delay.longest, { rows, rowLength })] : [];
  const own = [...declared.filter(({ name }) => !leftOut.fields.has(name)), ...delays, ...index];
  if (weights === 'none' || leftOut.fields.has(`${owner}.weight`)) return own;
  const isPlastic = leftOut.plastic.has(owner);
  return [...weightFields(target, owner, isPlastic, { rows, rowLength }, firstIndex), ...own];
}

/** The index of a sparse projection, or of each of its parts; both if kernels visit both. */
function listedTargets(target: CompileTarget, owner: string): FieldDraft[] {
  const { program, delays, leftOut } = target;
  const { segments: whole } = connectionOf(program, owner);
  const { parts } = delays.get(owner) ?? { parts: new Map<number, Segments>() };
  const { to = '' } = program.spec.projections[owner] ?? {};
  const { size = 0 } = program.spec.populations[to] ?? {};
  const place = program.locate(['projections', owner, 'connect']);
  const visitsWhole = actionsOf(program).some(
    ({ action }) =>
      action.over === owner &&
      !leftOut.actions.has(action) &&
      (action.only ?? program.kernels.get(action.run ?? '')?.domain) === 'synapses',
  );
  return [
    ...(parts.size === 0 || visitsWhole ? indexFields(owner, whole, size, undefined, place) : []),
    ...[...parts].flatMap(([delay, segments]) =>
      indexFields(partName({ projection: owner, delay }), segments, size, offsetsIn(whole, segments), place),
    ),
  ];
}

function refuseReserved({ program }: CompileTarget, path: readonly string[], name: string): never {
  return refuse(program, path, `'${name}' is a field that every population or projection has already`);
}

/** The synapses of a pooling have no fields. */
function checkPooling({ program }: CompileTarget, owner: string): void {
  const extra = hasFields(program, owner)
    ? 'fields'
    : hasWeights(program, owner)
      ? 'initialWeights'
      : undefined;
  if (extra !== undefined)
    refuse(program, ['projections', owner, extra], `a pooling has no weights: '${owner}' takes no ${extra}`);
}

/**
 * With `weights: none`, a projection has only its own fields. It may have none where a kernel runs over it, or named
 * events choose a synapse: it then says which neurons the kernel joins, as a pointer does.
 */
function checkWeightless({ program }: CompileTarget, owner: string): void {
  const path = ['projections', owner, 'weights'];
  const isControlled = Object.keys(program.spec.events.on).length > 0;
  const isVisited = actionsOf(program).some(({ action }) => action.over === owner);
  if (!hasFields(program, owner) && !isControlled && !isVisited)
    refuse(program, path, `'${owner}' has neither weights nor fields`);
  if (hasWeights(program, owner))
    refuse(program, path, `'${owner}' has no weights that initialWeights could set`);
}

function hasFields({ spec }: Program, owner: string): boolean {
  return Object.keys(spec.projections[owner]?.fields ?? {}).length > 0;
}

/** Whether a projection states initial weights; otherwise they are zero. */
function hasWeights({ spec }: Program, owner: string): boolean {
  return spec.projections[owner]?.initialWeights.uniform !== 0;
}

/** A field that a population or projection declares, before it is placed. */
function declaredField(
  target: CompileTarget,
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
  { program, parameters }: CompileTarget,
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
function checkRecord({ program }: CompileTarget, path: Path, { record, at, perWord }: FieldSpec): void {
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

function checkBank({ program, hw }: CompileTarget, path: Path, { bank }: FieldSpec): void {
  const banks = hw.banks.map(({ name }) => name);
  if (bank !== undefined && !banks.includes(bank))
    refuse(program, [...path, 'bank'], `hw-model '${hw.name}' has no bank '${bank}'`, suggest(bank, banks));
}

/** Bits of an integer field: one for a flag, the stated number, or those of the narrowest accumulator that suffices. */
function widthOf(target: CompileTarget, path: Path, { kind, bits, accumulator, signed }: FieldSpec): number {
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

/** Names of fields that the index of a sparse projection may have. */
const indexNames = ['target', 'count'] as const;

/**
 * The index of a sparse projection: the first neuron of each block of targets and, where blocks differ in length, their
 * neurons; of a part of one, also where the weights of the block are. They share a word, in the bank of the weights.
 * Nothing writes them.
 *
 * @param post how many neurons targets are numbered by
 * @param offsets of the weights of each segment in its row; undefined if they stand one after the other
 */
export function indexFields(
  owner: string,
  { length }: Segments,
  post: number,
  offsets: Uint32Array | undefined,
  place: Place,
): FieldDraft[] {
  const [first] = length;
  const field = (name: (typeof indexKeys)[number], largest: number): FieldDraft => ({
    name: `${owner}.${name}`,
    kind: 'integer',
    storage: 'integer',
    bits: Math.max(1, Math.ceil(Math.log2(largest + 1))),
    signed: false,
    overflow: 'saturate',
    perWord: false,
    count: length.length,
    view: undefined,
    storedView: undefined,
    fixed: true,
    stored: true,
    purpose: 'weight',
    rows: 1,
    rowLength: length.length,
    record: 'target, count, offset',
    at: undefined,
    bank: undefined,
    place,
  });
  return [
    field('target', post - 1),
    ...(length.every((count) => count === first) ? [] : [field('count', largest(length, 0))]),
    ...(offsets === undefined ? [] : [field('offset', largest(offsets, 0))]),
  ];
}

/** The index of a projection among the fields of a program; nothing if it has none. */
export function indexedBy(
  fields: readonly { readonly name: string; readonly fixed?: boolean | undefined }[],
  owner: string,
): Pick<Projection, 'index'> {
  const [target, count, offset] = indexKeys.map((key) => {
    const index = fields.findIndex(({ fixed, name }) => fixed === true && name === `${owner}.${key}`);
    return index < 0 ? undefined : index;
  });
  return target === undefined ? {} : { index: { target, count, ...(offset !== undefined && { offset }) } };
}
