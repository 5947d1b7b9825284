import type { BoundKernel } from '../image/index.ts';
import { PlasticoreError } from '../text/index.ts';

/** Refuses what no word of microcode does, by kernel and line. */
export function refuseLine({ name, code }: BoundKernel, line: number, what: string, hint?: string): never {
  const mnemonic = code[line]?.mnemonic ?? '';
  throw new PlasticoreError('fit', `kernel ${name}, line ${line + 1}, '${mnemonic}': ${what}`, {
    hint: hint ?? 'choose sequencer: hardwired, whose kernels are pipelines of their own',
  });
}

/** Refuses a kernel as a whole. */
export function refuseWhole({ name }: Pick<BoundKernel, 'name'>, what: string, hint?: string): never {
  throw new PlasticoreError('fit', `kernel ${name}: ${what}`, {
    hint: hint ?? 'choose sequencer: hardwired, whose kernels are pipelines of their own',
  });
}
