import { offsetsIn } from '../../image/index.ts';
import { connectionOf, type Program, refuse, type Segments } from '../../program/index.ts';
import { Faults } from '../../text/index.ts';
import { longestDelays, partName } from '../delays.ts';
import { actionsOf } from '../frozen/index.ts';
import { payloadOf } from '../payloads.ts';
import type { Target } from '../target.ts';
import { declaredField } from './declared.ts';
import type { FieldDraft } from './draft.ts';
import { withFaults } from './failing.ts';
import { indexFields, indexNames } from './targets.ts';
import { weightFields } from './weights.ts';

/**
 * The fields of a program on a core: those that populations and projections declare, and each projection's weights.
 *
 * @throws PlasticoreError with all names that are reserved, widths that the core does not offer, and fields or weights
 * that the projection cannot have
 */
export function declareFields(target: Target): FieldDraft[] {
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
function ringFields(target: Target, waiting: ReadonlyMap<string, number>): FieldDraft[] {
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
  target: Target,
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

function projectionFields(target: Target, owner: string, firstIndex: number): FieldDraft[] {
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
function listedTargets(target: Target, owner: string): FieldDraft[] {
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

function refuseReserved({ program }: Target, path: readonly string[], name: string): never {
  return refuse(program, path, `'${name}' is a field that every population or projection has already`);
}

/** The synapses of a pooling have no fields. */
function checkPooling({ program }: Target, owner: string): void {
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
function checkWeightless({ program }: Target, owner: string): void {
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
