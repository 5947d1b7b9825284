import { does, type Instruction, type Kernel, registerCount } from '../../isa/index.ts';
import { PlasticoreError } from '../../text/index.ts';

/**
 * Checks that a kernel can visit the synapses of a row that have one delay.
 *
 * @throws PlasticoreError `microcode` for a sum over the row, whose synapses act in different steps
 */
export function checkParts(kernel: Kernel, over: string): void {
  const sum = kernel.body.find((line) => does(line, 'reduce'));
  if (sum !== undefined)
    throw new PlasticoreError(
      'microcode',
      `kernel '${kernel.name}' sums over rows of '${over}', whose synapses act in different steps`,
      { ...sum.place, hint: 'state one delay for the projection' },
    );
}

/**
 * A kernel that visits the synapses of a row that have one delay: to find them, it reads the delays of those that it
 * visits.
 *
 * @throws PlasticoreError `microcode` where no register is free
 */
export function readingDelays(kernel: Kernel, over: string): Kernel {
  const used = new Set(
    kernel.body.flatMap(({ operands }) =>
      operands.flatMap((operand) => (operand.is === 'register' ? [operand.register] : [])),
    ),
  );
  const free = Array.from({ length: registerCount }, (_, index) => registerCount - 1 - index);
  const register = free.find((candidate) => !used.has(candidate));
  if (register === undefined)
    throw new PlasticoreError(
      'microcode',
      `kernel '${kernel.name}' uses all ${registerCount} registers, and one has to take the delays of '${over}'`,
      { ...kernel.place, hint: 'use a register less, or state one delay for the projection' },
    );
  const read: Instruction = {
    mnemonic: 'ld',
    operands: [
      { is: 'register', register },
      { is: 'field', role: 'syn', field: 'delay' },
    ],
    place: kernel.place,
  };
  return { ...kernel, body: [read, ...kernel.body] };
}
