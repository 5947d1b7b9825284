import type { HwModel } from '../hardware/index.ts';
import type { Field } from '../image/index.ts';
import { operationNamed } from '../isa/index.ts';
import { type ActionSpec, connectionOf, type FieldSpec, type Program } from '../program/index.ts';
import { type Path, type Place, PlasticoreError, suggest } from '../text/index.ts';
import type { ResolvedParameters } from './parameters.ts';
import { offered, type Precision } from './precision.ts';

type ProjectionSpec = Program['spec']['projections'][string];

/** Which bank of the core a field goes to. */
export type Purpose = 'weight' | 'shadow' | 'state';

/** A field before it has a place in a bank. */
export interface FieldDraft extends Omit<Field, 'layout' | 'bitOffset' | 'neededFor'> {
  readonly stored: boolean;
  readonly purpose: Purpose;
  readonly rows: number;
  readonly rowLength: number;
  /** Fields of one population with the same record share its items' words. */
  readonly record: string | undefined;
  /** Its first bit within the record, where the program says it. */
  readonly at: number | undefined;
  /** The bank, where the program names one. */
  readonly bank: string | undefined;
  readonly place: Place;
}

/**
 * The fields of a program on a core: those that populations and projections declare, and each projection's weights.
 *
 * `weight` is a view of `shadow` where a rule writes the shadow. The core stores the view as a copy, or slices it on
 * the read path; where nothing is dropped, and on float32, the one copy is the shadow itself.
 */
export function declareFields(
  program: Program,
  hw: HwModel,
  precision: Precision,
  parameters: ResolvedParameters,
): FieldDraft[] {
  const { spec } = program;
  const drafts: FieldDraft[] = [];
  for (const [owner, population] of Object.entries(spec.populations)) {
    for (const [name, field] of Object.entries(population.fields)) {
      const path = ['populations', owner, 'fields', name];
      if (name === 'index') reserved(name, path);
      drafts.push({
        ...declared(field, path, `${owner}.${name}`, population.size),
        purpose: 'state',
        rows: 1,
        rowLength: population.size,
      });
    }
  }
  const plastic = plasticProjections(program);
  for (const [owner, projection] of Object.entries(spec.projections)) {
    const { weightRows: rows, weightRowLength: rowLength } = connectionOf(program, owner);
    if (rows === 0) {
      checkNoWeights(owner, projection);
      continue;
    }
    const isWeightless = projection.weights === 'none';
    if (isWeightless) checkOwnFields(owner, projection);
    else drafts.push(...weightFields(owner, plastic.has(owner), { rows, rowLength }, drafts.length));
    for (const [name, field] of Object.entries(projection.fields)) {
      const path = ['projections', owner, 'fields', name];
      if (!isWeightless && (name === 'weight' || name === 'shadow')) reserved(name, path);
      drafts.push({
        ...declared(field, path, `${owner}.${name}`, rows * rowLength),
        purpose: 'shadow',
        rows,
        rowLength,
      });
    }
  }
  return drafts;

  function reserved(name: string, path: Path): never {
    throw new PlasticoreError(
      'invalid-value',
      `'${name}' is a field that every owner has already`,
      program.locate(path),
    );
  }

  /** A projection without weights has nothing to keep for each. */
  function checkNoWeights(owner: string, { fields, initialWeights }: ProjectionSpec): void {
    const extra = Object.keys(fields).length > 0 ? 'fields' : 'initialWeights';
    if (extra === 'initialWeights' && initialWeights.uniform === 0) return;
    throw new PlasticoreError(
      'invalid-value',
      `a pooling has no weights: '${owner}' takes no ${extra}`,
      program.locate(['projections', owner, extra]),
    );
  }

  function checkOwnFields(owner: string, { fields, initialWeights }: ProjectionSpec): void {
    const path = ['projections', owner, 'weights'];
    if (Object.keys(fields).length === 0)
      throw new PlasticoreError(
        'invalid-value',
        `'${owner}' has neither weights nor fields`,
        program.locate(path),
      );
    if (initialWeights.uniform !== 0)
      throw new PlasticoreError(
        'invalid-value',
        `'${owner}' has no weights that initialWeights could set`,
        program.locate(path),
      );
  }

  function declared(field: FieldSpec, path: Path, name: string, count: number) {
    const isFloat = hw.arithmetic === 'float32' && field.kind === 'real';
    return {
      name,
      kind: field.kind,
      storage: isFloat ? ('float32' as const) : ('integer' as const),
      bits: isFloat ? 32 : bitsOf(field, path),
      signed: isFloat || (field.kind !== 'flag' && field.signed),
      overflow: field.overflow,
      count,
      view: undefined,
      storedView: undefined,
      stored: true,
      record: field.record,
      perWord: perWordOf(field, path),
      at: atOf(field, path),
      bank: bankOf(field, path),
      place: program.locate(path),
    };
  }

  function atOf({ at, record }: FieldSpec, path: Path): number | undefined {
    if (at === undefined || record !== undefined) return at;
    throw new PlasticoreError('invalid-value', "'at' is a bit of a record's item", {
      ...program.locate([...path, 'at']),
      hint: 'name the record',
    });
  }

  function perWordOf({ perWord, record, at }: FieldSpec, path: Path): boolean {
    if (perWord !== true || (record !== undefined && at === undefined)) return perWord === true;
    throw new PlasticoreError('invalid-value', 'what a word keeps once lies behind the items of its record', {
      ...program.locate([...path, 'perWord']),
      hint: record === undefined ? 'name the record' : "leave out 'at'",
    });
  }

  function bankOf({ bank }: FieldSpec, path: Path): string | undefined {
    const banks = hw.banks.map(({ name }) => name);
    if (bank === undefined || banks.includes(bank)) return bank;
    throw new PlasticoreError('invalid-value', `hw-model '${hw.name}' has no bank '${bank}'`, {
      ...program.locate([...path, 'bank']),
      hint: suggest(bank, banks),
    });
  }

  function bitsOf(field: FieldSpec, path: Path): number {
    const place = program.locate(path);
    if (field.kind === 'flag') return 1;
    if ((field.bits === undefined) === (field.accumulator === undefined)) {
      throw new PlasticoreError(
        'invalid-value',
        `${path.join('.')}: expected either bits or accumulator`,
        place,
      );
    }
    if (field.bits !== undefined) {
      const bits = parameters.whole(field.bits, 1, 'bits', program.locate([...path, 'bits']));
      // The datapath is signed.
      const most = hw.datapathBits - (field.signed ? 0 : 1);
      if (bits <= most) return bits;
      throw new PlasticoreError(
        'invalid-value',
        `bits: the datapath of '${hw.name}' holds at most ${most}${field.signed ? '' : ' unsigned'}, found ${bits}`,
        program.locate([...path, 'bits']),
      );
    }
    const needed = parameters.whole(
      field.accumulator ?? 1,
      1,
      'accumulator',
      program.locate([...path, 'accumulator']),
    );
    const offered = [...hw.precision.accumulatorBits].sort((a, b) => a - b);
    const width = offered.find((bits) => bits >= needed && (field.signed || bits < hw.datapathBits));
    if (width !== undefined) return width;
    throw new PlasticoreError(
      'invalid-value',
      `an accumulator of at least ${needed} bits is needed; hw-model '${hw.name}' offers ${offered.join(', ')}`,
      program.locate([...path, 'accumulator']),
    );
  }

  function weightFields(
    owner: string,
    isPlastic: boolean,
    shape: { rows: number; rowLength: number },
    firstIndex: number,
  ): FieldDraft[] {
    const place = program.locate(['projections', owner]);
    if (offered(hw).includes('own')) {
      throw new PlasticoreError(
        'invalid-value',
        `projection '${owner}': hw-model '${hw.name}' offers no widths for weights`,
        { ...place, hint: "write 'weights: none' and give it fields of its own" },
      );
    }
    const isFloat = hw.arithmetic === 'float32';
    const common = {
      ...shape,
      record: undefined,
      perWord: false,
      at: undefined,
      bank: undefined,
      place,
      kind: 'real' as const,
      storage: isFloat ? ('float32' as const) : ('integer' as const),
      signed: true,
      count: shape.rows * shape.rowLength,
    };
    const weight = {
      ...common,
      name: `${owner}.weight`,
      bits: isFloat ? 32 : precision.weightBits,
      overflow: 'saturate' as const,
      storedView: undefined,
      purpose: 'weight' as const,
    };
    if (!isPlastic) return [{ ...weight, view: undefined, stored: true }];
    const droppedBits = precision.shadowBits - precision.weightBits;
    const isCopied = !isFloat && droppedBits > 0 && hw.inferenceWeights === 'stored';
    return [
      {
        ...common,
        name: `${owner}.shadow`,
        bits: isFloat ? 32 : precision.shadowBits,
        overflow: 'saturate-symmetric',
        view: undefined,
        storedView: isCopied ? firstIndex + 1 : undefined,
        stored: true,
        purpose: isFloat ? 'weight' : 'shadow',
      },
      { ...weight, view: { of: firstIndex, droppedBits }, stored: isCopied },
    ];
  }
}

/** The projections whose shadow weights a kernel of the program writes. */
function plasticProjections(program: Program): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (actions: readonly ActionSpec[]): void => {
    for (const action of actions) {
      if (action.do !== undefined) visit(action.do);
      const kernel = action.run === undefined ? undefined : program.kernels.get(action.run);
      const writes = kernel?.body.some(
        ({ mnemonic, operands: [, target] }) =>
          operationNamed(mnemonic).effect.does === 'store' &&
          target?.is === 'field' &&
          target.role === 'syn' &&
          target.field === 'shadow',
      );
      if (writes && action.over !== undefined) found.add(action.over);
    }
  };
  const { sample, tick, spike, previousSpike, on } = program.spec.events;
  const triggered = [spike, previousSpike, on].flatMap((lists) => Object.values(lists));
  for (const list of [sample, tick, ...triggered]) visit(list);
  return found;
}

/** The index of the field `owner.name`, or an error that names the nearest. */
export function fieldIndex(
  fields: readonly { readonly name: string }[],
  name: string,
  fail: (message: string, hint: string) => never,
): number {
  const index = fields.findIndex((field) => field.name === name);
  if (index >= 0) return index;
  const [owner = '', field = ''] = name.split('.');
  const names = fields
    .filter((candidate) => candidate.name.startsWith(`${owner}.`))
    .map((candidate) => candidate.name.slice(owner.length + 1));
  if (names.length > 0) return fail(`'${owner}' has no field '${field}'`, suggest(field, names));
  return fail(
    `there is no field '${name}'`,
    suggest(
      name,
      fields.map((candidate) => candidate.name),
    ),
  );
}
