import { formatField, type Instruction, indexField, type Kernel, type Operand } from '../isa/index.ts';
import { type Faults, PlasticoreError, suggest } from '../text/index.ts';
import type { ActionSpec, ProgramSpec } from './schema.ts';

/**
 * Looks up the names in kernels that have other faults, so that all of a rule's faults are told at once. For kernels
 * without any, the compiler does so, which knows the core as well.
 *
 * @param faults takes a fault for each field that a use of a kernel has not, and for each parameter that nothing
 * defines
 */
export function checkKernelNames(
  spec: ProgramSpec,
  kernels: ReadonlyMap<string, Kernel>,
  faults: Faults,
): void {
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
