import { domainNamed, type NumberKind, operationNamed } from '../../../src/isa/index.ts';
import type { FieldSpec } from '../../../src/program/index.ts';
import type { RandomProgram } from './program.ts';
import { tryProgram } from './shrink.ts';

/** The first register in which the engines differ. */
export interface PartingRegister {
  readonly kernel: string;
  /** The instruction that computes it. */
  readonly line: string;
  readonly register: string;
  /** Position of the item among neurons, or among synapses row by row. */
  readonly item: number;
  readonly reference: unknown;
  readonly fast: unknown;
}

const probe = 'probe';
const kinds: readonly NumberKind[] = ['real', 'integer', 'flag'];

/**
 * Bisects a failing program by registers: stores each in turn into a field of its own and compares it. Undefined where
 * all registers agree, so that the fault lies in a store, an event or a count (or goes away when looked at).
 */
export function firstDifferenceRegister(program: RandomProgram): PartingRegister | undefined {
  for (const kernel of program.kernels) {
    for (const line of kernel.lines.keys()) {
      const found = partsAt(program, kernel.name, line);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function partsAt(program: RandomProgram, name: string, line: number): PartingRegister | undefined {
  const index = program.kernels.findIndex((kernel) => kernel.name === name);
  const kernel = program.kernels[index];
  const text = kernel?.lines[line];
  if (kernel === undefined || text === undefined) return undefined;
  const [mnemonic = '', register = ''] = text.replaceAll(',', '').split(/\s+/);
  if (operationNamed(mnemonic).operands[0] !== 'result') return undefined;
  const role = domainNamed(kernel.domain).binds === 'population' ? 'self' : 'syn';
  const lines = kernel.lines.toSpliced(line + 1, 0, `st ${register}, ${role}.${probe}`);
  for (const kind of kinds) {
    const probed = withProbe(
      { ...program, kernels: program.kernels.with(index, { ...kernel, lines }) },
      kind,
    );
    const trial = tryProgram(probed);
    if (trial.is !== 'run') continue;
    const [, item] = new RegExp(`\\.${probe}\\[(\\d+)\\]`).exec(trial.outcome.difference?.what ?? '') ?? [];
    if (trial.outcome.difference === undefined || item === undefined) return undefined;
    const { reference, fast } = trial.outcome.difference;
    return { kernel: name, line: text, register, item: Number(item), reference, fast };
  }
  return undefined;
}

/** Every population and projection with a field for one register. It comes first, so that it is compared first. */
function withProbe(program: RandomProgram, kind: NumberKind): RandomProgram {
  const field: FieldSpec = { kind, bits: program.hw.datapathBits, signed: true, overflow: 'saturate' };
  const probed = kind === 'flag' ? { ...field, bits: undefined } : field;
  const add = <T extends { readonly fields: Record<string, FieldSpec> }>(owners: Record<string, T>) =>
    Object.fromEntries(
      Object.entries(owners).map(([name, owner]) => [
        name,
        { ...owner, fields: { [probe]: probed, ...owner.fields } },
      ]),
    );
  const { spec } = program;
  return {
    ...program,
    spec: { ...spec, populations: add(spec.populations), projections: add(spec.projections) },
  };
}
