import {
  formatField,
  type Instruction,
  indexField,
  type Kernel,
  type Operand,
  readKernels,
} from '../isa/index.ts';
import {
  checkValue,
  Faults,
  type Find,
  layerReader,
  nearest,
  type Override,
  type Path,
  PlasticoreError,
  type Resolve,
  type ResolveBytes,
  resolveAt,
  type SourceText,
  suggest,
} from '../text/index.ts';
import { type LocatedProgram, readArrays } from './arrays.ts';
import { type Program, refuse } from './program.ts';
import { type ActionSpec, type ProgramDescription, type ProgramSpec, programSchema } from './schema.ts';

/** Finds the files that a program names. */
export interface ProgramFiles {
  /** Programs that others extend. */
  readonly programs?: Resolve | undefined;
  /** Files of microcode. */
  readonly microcode?: Resolve | undefined;
  /** Files of arrays, `.npz` and `.npy`. */
  readonly arrays?: ResolveBytes | undefined;
}

/** The files of programs, found as those of experiments are. */
export function programFiles(find: Find): ProgramFiles {
  return {
    programs: (reference, from) => find('program', reference, from),
    microcode: (reference, from) => find('microcode', reference, from),
    arrays: find.bytes,
  };
}

/**
 * Reads a program from YAML, together with the files that it names.
 *
 * @param overrides replace parts of the program before it is checked
 * @throws PlasticoreError with all faults that can be told apart, each with its place
 */
export function loadProgram(
  source: SourceText,
  files: ProgramFiles,
  overrides: readonly Override[] = [],
): Program {
  const { programs = noPrograms } = files;
  const layered = layerReader('program', source, programSchema, programs)(overrides);
  return complete(layered, layered.files, files);
}

function noPrograms(reference: string): never {
  throw new PlasticoreError(
    'invalid-value',
    `extends: '${reference}' names a program, and nothing is given that finds it`,
  );
}

/**
 * Creates a program from a plain object with the keys of a program's YAML file, without `format`. Microcode may be
 * given as text, `{text: ...}`.
 *
 * @example
 * createProgram({
 *   name: 'pair',
 *   populations: { in: { size: 2 }, out: { size: 1, fields: { v: { bits: 8 } } } },
 *   projections: { forward: { from: 'in', to: 'out', initialWeights: { values: [3, -4] } } },
 *   input: 'in',
 *   microcode: { neuron: { text: integrate } },
 *   events: { tick: [{ deliver: 'in' }], spike: { in: [{ run: 'integrate', over: 'forward' }] } },
 *   readout: 'out.v',
 * });
 * @param files needed if the program names any
 * @param overrides replace parts of the program before it is checked
 * @throws PlasticoreError for the faults that {@link loadProgram} finds; their place is the path within the object, as
 * in `pair: populations.out.fields.v`
 */
export function createProgram(
  description: ProgramDescription,
  files: ProgramFiles = {},
  overrides: readonly Override[] = [],
): Program {
  const name = typeof description.name === 'string' ? description.name : 'program';
  const located = checkValue({ format: programFormat, ...description }, name, programSchema, overrides);
  if (located.value.extends !== undefined)
    refuse(located, ['extends'], 'a program made in code extends none', 'spread the other one into it');
  return complete(located, [{ file: name, text: JSON.stringify(description, arraysByLength) }], files);
}

const programFormat = 'plasticore/program/1';

/** Arrays have their own provenance. */
function arraysByLength(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) && 'length' in value ? { length: value.length } : value;
}

/** Finds and assembles the files that a program names, and checks the names in it. */
function complete(
  located: LocatedProgram,
  sources: readonly [SourceText, ...SourceText[]],
  files: ProgramFiles,
): Program {
  const { value: spec, locate } = located;
  const faults = new Faults();
  faults.attempt(() => checkNames(located));
  const parts = faults.attempt(() => microcodeOf(located, sources[0], files));
  const kernels = parts && faults.attempt(() => kernelsOf(parts, located, sources.slice(1)));
  const arrays = faults.attempt(() => readArrays(located, files.arrays));
  return faults.complete(
    parts && kernels && arrays && { spec, kernels, sources: [...sources, ...parts.values()], arrays, locate },
  );
}

/** The parts of the microcode, by their names. */
type Parts = ReadonlyMap<string, SourceText>;

function microcodeOf(
  { value: spec, locate, fileNaming }: LocatedProgram,
  source: SourceText,
  { microcode: find }: ProgramFiles,
): Parts {
  const faults = new Faults();
  const partAt = (path: Path, microcode: ProgramSpec['microcode'][string]): SourceText => {
    if (typeof microcode === 'object')
      return { text: microcode.text, file: `${source.file} ${path.join('.')}` };
    if (find === undefined)
      return refuse(
        { locate },
        path,
        `'${microcode}' names a file, and nothing is given that finds it`,
        'give the microcode itself, {text: ...}, or a function that finds it',
      );
    return resolveAt(microcode, fileNaming(path), locate(path), find);
  };
  const parts = new Map<string, SourceText>();
  for (const [part, microcode] of Object.entries(spec.microcode))
    faults.attempt(() => parts.set(part, partAt(['microcode', part], microcode)));
  faults.throwIfAny();
  return parts;
}

/** The kernels of all parts by name: they share one name space. */
function kernelsOf(
  parts: Parts,
  located: LocatedProgram,
  extended: readonly SourceText[],
): Map<string, Kernel> {
  const faults = new Faults();
  const kernels = new Map<string, { readonly part: string; readonly kernel: Kernel }>();
  const add = (part: string, kernel: Kernel): void => {
    const earlier = kernels.get(kernel.name);
    if (earlier !== undefined) {
      throw new PlasticoreError(
        'microcode',
        `kernel '${kernel.name}' is also defined in ${earlier.kernel.place.file}`,
        {
          ...kernel.place,
          hint: `parts share one name space: rename the kernel, or name its part '${earlier.part}' to replace that file`,
        },
      );
    }
    kernels.set(kernel.name, { part, kernel });
  };
  for (const [part, { text, file }] of parts) {
    const read = readKernels(text, file, faults);
    for (const kernel of read) faults.attempt(() => add(part, kernel));
    faults.attempt(() => checkIsRun(part, read, located, extended));
  }
  const byName = new Map([...kernels].map(([name, { kernel }]) => [name, kernel]));
  if (!faults.isEmpty) checkKernelNames(located.value, byName, faults);
  faults.throwIfAny();
  return byName;
}

/** A part that a file adds is meant to run. One that it inherits may be idle, where its own lists run others. */
function checkIsRun(
  part: string,
  kernels: readonly Kernel[],
  located: LocatedProgram,
  extended: readonly SourceText[],
): void {
  const { value: spec, locate } = located;
  const path = ['microcode', part];
  const names = kernels.map(({ name }) => name);
  const isRun = usesIn(spec).some(({ run }) => names.includes(run ?? ''));
  if (isRun || names.length === 0 || extended.some(({ file }) => file === locate(path).file)) return;
  const others = Object.keys(spec.microcode).filter((name) => name !== part);
  const meant = nearest(part, others);
  const message = `no list runs a kernel of this part: it has ${names.join(', ')}`;
  if (meant === undefined)
    refuse(located, path, message, `name one where it should run, as in {run: ${names[0]}, over: ...}`);
  refuse(located, path, message, `did you mean '${meant}', to replace that part?`);
}

function checkNames({ value: spec, locate }: LocatedProgram): void {
  const faults = new Faults();
  const refuseAt = (path: Path, message: string, hint?: string): void => {
    faults.attempt(() => refuse({ locate }, path, message, hint));
  };
  const populations = Object.keys(spec.populations);
  const known = (name: string, path: Path): void => {
    if (!populations.includes(name))
      refuseAt(path, `there is no population '${name}'`, suggest(name, populations));
  };
  if (spec.input !== undefined) known(spec.input, ['input']);
  for (const [name, projection] of Object.entries(spec.projections)) {
    known(projection.from, ['projections', name, 'from']);
    known(projection.to, ['projections', name, 'to']);
    if (name in spec.populations)
      refuseAt(['projections', name], `'${name}' names both a population and a projection`);
  }
  for (const name of Object.keys(spec.events.spike)) known(name, ['events', 'spike', name]);
  for (const name of Object.keys(spec.events.previousSpike)) {
    const path = ['events', 'previousSpike', name];
    known(name, path);
    if (name === spec.input)
      refuseAt(
        path,
        `the host supplies the spikes of '${name}' in each step: the core keeps none of them for the next`,
        `list what they trigger in events.spike.${name}`,
      );
  }
  faults.throwIfAny();
}

/**
 * Looks up the names in kernels that have other faults, so that all of a rule's faults are told at once. For kernels
 * without any, the compiler does so, which knows the core as well.
 *
 * @param faults takes a fault for each field that a use of a kernel has not, and for each parameter that nothing
 * defines
 */
function checkKernelNames(spec: ProgramSpec, kernels: ReadonlyMap<string, Kernel>, faults: Faults): void {
  for (const use of usesIn(spec)) {
    const kernel = kernels.get(use.run ?? '');
    if (kernel === undefined) continue;
    const { rowGate, columnGate, place } = kernel;
    for (const gate of [rowGate, columnGate])
      if (gate !== undefined) faults.attempt(() => checkName(spec, use, { is: 'field', ...gate }, place));
    for (const { operands, place: line } of kernel.body)
      for (const operand of operands) faults.attempt(() => checkName(spec, use, operand, line));
  }
}

/** The actions of all lists that run kernels. */
function usesIn({ events }: ProgramSpec): ActionSpec[] {
  const { sample, tick, spike, previousSpike, on } = events;
  const within = (list: readonly ActionSpec[]): ActionSpec[] =>
    list.flatMap((action) => (action.run === undefined ? within(action.do ?? []) : [action]));
  const triggered = [spike, previousSpike, on].flatMap((lists) => Object.values(lists));
  return [sample, tick, ...triggered].flatMap(within);
}

function checkName(
  spec: ProgramSpec,
  { run = '', over = '', with: own = {} }: ActionSpec,
  operand: Operand,
  place: Instruction['place'],
): void {
  if (operand.is === 'parameter') {
    const names = [...Object.keys(own), ...Object.keys(spec.parameters), 'weightBits', 'shadowBits'];
    if (names.includes(operand.name)) return;
    throw new PlasticoreError(
      'microcode',
      `parameter '#${operand.name}' is not defined: neither by 'with' nor by program '${spec.name}'`,
      { ...place, hint: suggest(operand.name, names) },
    );
  }
  if (operand.is !== 'field' || operand.field === indexField) return;
  const { role, field } = operand;
  const projection = spec.projections[over];
  const owner = role === 'pre' ? projection?.from : role === 'post' ? projection?.to : over;
  const fields = (role === 'syn' ? projection : spec.populations[owner ?? ''])?.fields;
  if (fields === undefined || role === 'ev' || role === 'host') return;
  const hasWeights = role === 'syn' && projection?.weights !== 'none';
  const names = [
    ...Object.keys(fields),
    ...(hasWeights ? ['weight', 'shadow'] : []),
    ...delayOf(role, projection),
  ];
  if (names.includes(field)) return;
  throw new PlasticoreError('microcode', `${formatField(operand)}: '${owner}' has no field '${field}'`, {
    ...place,
    hint: `${suggest(field, names)} (kernel '${run}' over ${over})`,
  });
}

/** Delays of single synapses are a field of theirs, if their targets are not listed. */
function delayOf(role: string, projection: ProgramSpec['projections'][string] | undefined): string[] {
  if (role !== 'syn' || typeof projection?.delay !== 'object') return [];
  return projection.connect !== 'dense' && 'sparse' in projection.connect ? [] : ['delay'];
}
