import {
  assemble,
  checkPredicates,
  domainNamed,
  eventScalars,
  findVariations,
  hostScalars,
  type Instruction,
  indexField,
  inferKinds,
  isRead,
  type NumberKind,
  operationNamed,
  type Role,
  valueField,
} from '../../isa/index.ts';
import { emittingPopulation, factsOf, isDense, takesOf } from '../accesses.ts';
import { kernelText } from '../disassembly.ts';
import type { ProgramView } from '../image.ts';
import type { BoundKernel, ImageOperand } from '../lists.ts';
import { spreadController } from '../placed.ts';
import { rangesOfKernel } from '../ranges.ts';
import { spikingPopulation } from '../spikes.ts';
import { expect, fail, itemAt } from './fault.ts';

/** The owners of a kernel's fields by role: names of populations and of its projection. */
type Owners = Readonly<Partial<Record<Role, string>>>;

/**
 * Checks kernels by writing out their text and assembling it, so that the rules of the assembler, and those for kinds,
 * predicates and ranges, apply to them as to a program's kernels.
 */
export function checkKernels(image: ProgramView): void {
  for (const [index, kernel] of image.kernels.entries()) checkKernel(image, kernel, ['kernels', index]);
}

function checkKernel(image: ProgramView, kernel: BoundKernel, path: readonly PropertyKey[]): void {
  const owners = ownersOf(image, kernel, path);
  checkPart(image, kernel, path);
  checkGates(image, kernel, owners, path);
  for (const [line, { operands }] of kernel.code.entries())
    for (const [index, operand] of operands.entries())
      checkOperand(image, operand, owners, [...path, 'code', line, 'operands', index]);
  // The names of kernels and parameters, which tell what they are bound to, are none of microcode.
  const parameters = image.parameters.map((parameter, index) => ({ ...parameter, name: `p${index}` }));
  const { header, lines } = kernelText({ ...image, parameters }, { ...kernel, name: 'k' });
  const text = [header, ...lines.map((line) => line.text), 'end', ''].join('\n');
  const [assembled] = assemble(text, kernel.name);
  if (assembled === undefined || assembled.body.length !== kernel.code.length)
    fail([...path, 'code'], 'is not a kernel');
  const { body } = assembled;
  checkPredicates(body);
  checkKinds(image, kernel, body, owners, path);
  checkAccesses(image, kernel, path);
  checkPayload(image, kernel, path);
  checkDraws(image, kernel, path);
  if (kernel.order === 'columns') checkColumns(image, kernel, path);
  else expect(!factsOf(kernel).asksAny, path, () => 'any is for kernels that run by columns');
  checkRanges(image, kernel, body, path);
}

function ownersOf(image: ProgramView, kernel: BoundKernel, path: readonly PropertyKey[]): Owners {
  const { binds } = domainNamed(kernel.domain);
  if (binds === 'population') {
    expect(kernel.projection === undefined, [...path, 'projection'], () => `over ${kernel.domain}`);
    const { name } = itemAt(
      image.populations,
      kernel.population ?? -1,
      [...path, 'population'],
      'population',
    );
    return { self: name };
  }
  expect(kernel.population === undefined, [...path, 'population'], () => `over ${kernel.domain}`);
  const at = [...path, 'projection'];
  const projection = itemAt(image.projections, kernel.projection ?? -1, at, 'projection');
  const { source, target, partOf } = projection;
  const { name } = image.projections[partOf ?? -1] ?? projection;
  const nameOf = (population: number) => image.populations[population]?.name ?? '';
  return { pre: nameOf(source), syn: name, post: nameOf(target) };
}

/** The rows and columns that it visits. */
function checkPart(
  image: ProgramView,
  { domain, rows, columns, order, ...kernel }: BoundKernel,
  path: readonly PropertyKey[],
) {
  const projection = image.projections[kernel.projection ?? -1];
  const sizeOf = (population: number | undefined) => image.populations[population ?? -1]?.size ?? 0;
  const isPlain = projection === undefined || isDense(image, projection);
  const { single } = domainNamed(domain);
  const needsPlain =
    domain === 'synapse' || order === 'columns' || rows !== undefined || columns !== undefined;
  expect(isPlain || !needsPlain, path, () => `'${projection?.name}' is not dense`);
  if (rows !== undefined) {
    const isInside = domain === 'synapses' && rows <= sizeOf(projection?.source);
    expect(isInside, [...path, 'rows'], () => `there are ${sizeOf(projection?.source)}, found ${rows}`);
  }
  if (columns !== undefined) {
    const size = sizeOf(projection?.target ?? kernel.population);
    const hasColumns = !single && domain !== 'weights' && columns <= size;
    expect(hasColumns, [...path, 'columns'], () => `there are ${size}, found ${columns}`);
  }
  if (domain === 'weights')
    expect((projection?.weightRows ?? 0) > 0, path, () => `'${projection?.name}' has no weights`);
}

function checkGates(
  image: ProgramView,
  kernel: BoundKernel,
  owners: Owners,
  path: readonly PropertyKey[],
): void {
  const domain = domainNamed(kernel.domain);
  for (const gate of ['rowGate', 'columnGate'] as const) {
    const field = kernel[gate];
    if (field === undefined) continue;
    const role = domain[gate];
    if (role === undefined) fail([...path, gate], `a kernel over ${kernel.domain} has none`);
    const { layout, positions } = itemAt(image.fields, field, [...path, gate], 'field');
    expect(positions === undefined, [...path, gate], () => 'has positions');
    expect(layout !== undefined, [...path, gate], () => 'a view that is not stored');
    checkField(image, role, field, owners, [...path, gate]);
  }
}

function checkOperand(
  image: ProgramView,
  operand: ImageOperand,
  owners: Owners,
  path: readonly PropertyKey[],
): void {
  switch (operand.is) {
    case 'parameter':
      itemAt(image.parameters, operand.parameter, path, 'parameter');
      break;
    case 'field':
      checkField(image, operand.role, operand.field, owners, path);
      break;
    case 'index':
      expect(owners[operand.role] !== undefined, path, () => `has no role ${operand.role}`);
      break;
    case 'host':
      itemAt(hostScalars, operand.scalar, path, 'host scalar');
      break;
    case 'event':
      itemAt(image.eventScalars, operand.scalar, path, 'event scalar');
      expect(image.core.controller !== undefined, path, () => 'there are no named events');
      break;
    case 'generator':
      itemAt(image.generators, operand.generator, path, 'generator');
  }
}

function checkField(
  image: ProgramView,
  role: Role,
  index: number,
  owners: Owners,
  path: readonly PropertyKey[],
): void {
  const { name, fixed } = itemAt(image.fields, index, path, 'field');
  expect(fixed !== true, path, () => `'${name}' holds where synapses lead`);
  const isRing = image.events.delayed.some((ring) => ring.field === index);
  expect(!isRing, path, () => `'${name}' holds spikes that wait`);
  const [owner] = name.split('.');
  expect(
    owner === owners[role],
    path,
    () => `'${name}' is not a field of ${role}, which is '${owners[role]}'`,
  );
}

/** The kinds of the fields determine which operations compute with floats. */
function checkKinds(
  image: ProgramView,
  kernel: BoundKernel,
  body: readonly Instruction[],
  owners: Owners,
  path: readonly PropertyKey[],
): void {
  // A load turns the number that a spike carries into a float, or does not: either is well defined.
  const isReal = kernel.code.some(
    ({ arithmetic, operands }) => arithmetic === 'real' && operands.some(({ is }) => is === 'payload'),
  );
  const kindOf = ({ role, field }: { readonly role: Role; readonly field: string }): NumberKind => {
    if (role === 'host' && field === 'label' && image.regression !== undefined) return 'real';
    if (role === 'host' || field === indexField) return 'integer';
    if (role === 'ev' && field === valueField) return isReal ? 'real' : 'integer';
    // An event's flag matches either kind here: its declaration is not stored.
    // A core of several has the host's scalars, too.
    if (role === 'ev') {
      const { low, high } = image.eventScalars.find(({ name }) => name === field) ?? {};
      const given: readonly string[] =
        image.core.controller === spreadController ? [...eventScalars, ...hostScalars] : eventScalars;
      return low === 0 && high === 1 && !given.includes(field) ? 'flag' : 'integer';
    }
    return image.fields.find(({ name }) => name === `${owners[role]}.${field}`)?.kind ?? 'real';
  };
  if (image.core.arithmetic !== 'float32') {
    const odd = kernel.code.findIndex(({ arithmetic }) => arithmetic === 'real');
    expect(odd < 0, [...path, 'code', odd, 'arithmetic'], () => 'the core computes with integers');
    return;
  }
  const kinds = inferKinds(body, kindOf, 'integer');
  for (const [line, { arithmetic }] of kernel.code.entries()) {
    const expected = kinds[line]?.includes('real') === true ? 'real' : 'integer';
    expect(arithmetic === expected, [...path, 'code', line, 'arithmetic'], () => `expected ${expected}`);
  }
}

/** Views and values kept once per word are never stored to; only one role uses a field that it stores. */
function checkAccesses(image: ProgramView, kernel: BoundKernel, path: readonly PropertyKey[]): void {
  const accesses = kernel.code.flatMap((instruction, line) =>
    instruction.operands.flatMap((operand) =>
      operand.is === 'field'
        ? [{ ...operand, line, writes: !isRead(operationNamed(instruction.mnemonic)) }]
        : [],
    ),
  );
  for (const { field, line } of accesses) {
    const { positions, name } = itemAt(image.fields, field, [...path, 'code', line], 'field');
    const isAt = takesOf(operationNamed(kernel.code[line]?.mnemonic ?? '')) !== 'items';
    const isRight = isAt === (positions !== undefined);
    expect(isRight, [...path, 'code', line], () => `'${name}' has ${isAt ? 'no ' : ''}positions`);
  }
  for (const { field, role, line } of accesses.filter(({ writes }) => writes)) {
    const at = [...path, 'code', line];
    const { view, perWord, name } = itemAt(image.fields, field, at, 'field');
    expect(view === undefined && !perWord, at, () => `'${name}' cannot be stored into`);
    const other = accesses.find((access) => access.field === field && access.role !== role);
    expect(other === undefined, at, () => `'${name}' is stored through one role and used through another`);
  }
  if (!factsOf(kernel).emits) return;
  const population = kernel.population ?? image.projections[kernel.projection ?? -1]?.target;
  expect(population !== image.input, path, () => 'the input’s spikes are the host’s alone');
}

/** Spikes carry a value where their population says so, and kernels that such a spike runs may take it. */
function checkPayload(image: ProgramView, kernel: BoundKernel, path: readonly PropertyKey[]): void {
  const { emits, sends, takesValue } = factsOf(kernel);
  const { payload } = itemAt(image.populations, emittingPopulation(image, kernel), path, 'population');
  expect(!emits || sends === (payload !== undefined), path, () => 'its spikes carry a value, or none do');
  if (!takesValue) return;
  const isCarried =
    domainNamed(kernel.domain).needsEvent && spikingPopulation(image, kernel).payload !== undefined;
  expect(isCarried, path, () => 'takes a value that no spike carries');
}

/** A generator that serves only part of the lanes is drawn from once. */
function checkDraws(image: ProgramView, kernel: BoundKernel, path: readonly PropertyKey[]): void {
  if (domainNamed(kernel.domain).single) return;
  const partial = factsOf(kernel).drawsFrom.filter(
    (index) => (image.generators[index]?.lanes ?? 0) < image.core.lanes,
  );
  expect(new Set(partial).size === partial.length, path, () => 'draws twice from one generator');
}

function checkColumns(image: ProgramView, kernel: BoundKernel, path: readonly PropertyKey[]): void {
  const isPlain =
    kernel.domain === 'synapses' && kernel.rowGate === undefined && kernel.columnGate === undefined;
  expect(isPlain, [...path, 'order'], () => 'is for ungated kernels over synapses');
  const { draws, reduces, emits, namesPositions } = factsOf(kernel);
  expect(draws === 0 && !reduces && !emits, [...path, 'order'], () => 'does not draw, reduce or emit');
  expect(!namesPositions, [...path, 'order'], () => 'names no positions');
  const variations = findVariations(kernel.code);
  for (const [line, instruction] of kernel.code.entries()) {
    const { effect } = operationNamed(instruction.mnemonic);
    const at = [...path, 'code', line];
    const isPart = effect.does === 'store' || (effect.does === 'load' && effect.predicated);
    const field = instruction.operands[1];
    const isShared = isPart && field?.is === 'field' && field.role !== 'syn';
    expect(!isShared, at, () => 'takes a field that many synapses of a tile share');
    const asksRow = effect.does === 'any' && variations[line]?.byRow === true;
    expect(!asksRow, at, () => 'any takes what differs from row to row');
  }
  if (image.projections[kernel.projection ?? -1] === undefined) fail(path, 'has no projection');
}

/** The ranges proven by the compiler, which decide the lane width of the fast engine. */
function checkRanges(
  image: ProgramView,
  kernel: BoundKernel,
  body: readonly Instruction[],
  path: readonly PropertyKey[],
): void {
  const describe = (line: number) => ({
    text: `line ${line + 1} of kernel '${kernel.name}'`,
    place: body[line]?.place ?? {},
  });
  const ranges = rangesOfKernel(kernel, image, describe);
  for (const [line, { low, high }] of kernel.code.entries()) {
    const { result } = ranges[line] ?? {};
    const isSame = result?.low === low && result?.high === high;
    expect(
      isSame,
      [...path, 'code', line, 'low'],
      () => `expected ${result?.low} to ${result?.high}, found ${low} to ${high}`,
    );
  }
}
