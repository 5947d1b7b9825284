import { type BoundKernel, type Field, isDense } from '../image/index.ts';
import { domainNamed, operationNamed } from '../isa/index.ts';
import { at } from '../text/index.ts';
import { lowerKernel, type MicrocodeView } from './lower.ts';
import type { LoweredKernel } from './operation.ts';
import { bankOf, type Placed, placedAt } from './placing.ts';
import { refuseWhole } from './refuse.ts';
import type { MicrocodeUnit } from './unit.ts';

/**
 * A kernel in words of microcode. A tile enters every `intervalCycles`, which is the number of words: the word of phase
 * p has, of each tile in flight, what it does in the cycles p, p + interval, and so on, after its entry.
 */
export interface MicrocodeSchedule extends Placed {
  readonly intervalCycles: number;
  /** What sets it: `issue`, the reads of a bank, or what no shorter interval had room for. */
  readonly boundBy: string;
  /** Whether a row waits until all that the one before it does is done. */
  readonly drainsRows: boolean;
}

/**
 * Schedules a kernel: the shortest interval in which all its operations, loads and registers have room, and in it the
 * earliest cycle for each operation, in the order of the text.
 *
 * @throws PlasticoreError `fit` with the kernel, and the line if it is one, that no word does or has room for
 */
export function scheduleMicrocode(
  kernel: BoundKernel,
  program: MicrocodeView,
  unit: MicrocodeUnit,
): MicrocodeSchedule {
  const lowered = lowerKernel(kernel, program);
  const [reason, least] = leastInterval(lowered, program);
  let boundBy = reason;
  for (let interval = least; interval <= unit.kernelWords; interval++) {
    const placed = placedAt(interval, lowered, program, unit, isOfRowOf(kernel));
    if (typeof placed === 'string') {
      boundBy = placed;
      continue;
    }
    return { intervalCycles: interval, boundBy, drainsRows: comesBack(kernel, program), ...placed };
  }
  return refuseWhole(
    kernel,
    `${lowered.operations.length} operations have no room in ${unit.kernelWords} words: ${boundBy}`,
    'split it into several kernels',
  );
}

/** Whether the items of a role are those of the row's neuron. */
function isOfRowOf({ domain }: BoundKernel): (role: string) => boolean {
  const { roles } = domainNamed(domain);
  return (role) => role === 'pre' && roles.includes('pre');
}

function leastInterval(
  { operations, loads }: LoweredKernel,
  program: MicrocodeView,
): readonly [string, number] {
  let longest: readonly [string, number] = ['issue', Math.max(1, operations.length)];
  for (const [bank, { name }] of program.banks.entries()) {
    const words = loads.filter(({ field }) => bankOf(program, field) === bank).length;
    if (words > longest[1]) longest = [`reads of ${name}`, words];
  }
  return longest;
}

/**
 * Whether rows may come back to what earlier ones have stored. Each row of a dense projection has synapses of its own;
 * all of its rows meet the same targets.
 */
function comesBack(kernel: BoundKernel, program: MicrocodeView): boolean {
  const { domain, projection: index, code } = kernel;
  const projection = program.projections[index ?? -1];
  if (projection === undefined || domain === 'row' || domain === 'synapse') return false;
  if (domain !== 'weights' && !isDense(program, projection)) return true;
  const named = code.flatMap(({ mnemonic, operands }) =>
    operands.flatMap((operand) => (operand.is === 'field' ? [{ mnemonic, ...operand }] : [])),
  );
  const isStore = ({ mnemonic }: { readonly mnemonic: string }): boolean =>
    ['store', 'reduce'].includes(operationNamed(mnemonic).effect.does);
  const layoutsOf = (field: Pick<Field, 'layout' | 'view'>): number | undefined =>
    field.layout ?? at(program.fields, field.view?.of ?? -1).layout;
  const loaded = new Set(
    named.filter((one) => !isStore(one)).map(({ field }) => layoutsOf(at(program.fields, field))),
  );
  return named.some(
    (one) => isStore(one) && one.role !== 'syn' && loaded.has(layoutsOf(at(program.fields, one.field))),
  );
}
