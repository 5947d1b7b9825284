import { does, type Instruction, type Kernel, registerCount } from '../../isa/index.ts';
import { PlasticoreError } from '../../text/index.ts';

/**
 * A kernel that visits the synapses of a row that have one delay: to find them, it reads the delays of those that it visits.
 *
 * @throws PlasticoreError `microcode` for a sum over the row, whose synapses act in different steps, and where no register
 * is free
 */
export function readingDelays(kernel: Kernel, over: string): Kernel {
  const fail = (message: string, { place }: Pick<Instruction, 'place'>, hint: string): never => {
    throw new PlasticoreError('microcode', message, { ...place, hint });
  };
  const sum = kernel.body.find((line) => does(line, 'reduce'));
  if (sum !== undefined)
    fail(
      `kernel '${kernel.name}' sums over rows of '${over}', whose synapses act in different steps`,
      sum,
      'state one delay for the projection',
    );
  const used = new Set(
    kernel.body.flatMap(({ operands }) =>
      operands.flatMap((operand) => (operand.is === 'register' ? [operand.register] : [])),
    ),
  );
  const free = Array.from({ length: registerCount }, (_, index) => registerCount - 1 - index);
  const register =
    free.find((candidate) => !used.has(candidate)) ??
    fail(
      `kernel '${kernel.name}' uses all ${registerCount} registers, and one has to take the delays of '${over}'`,
      kernel,
      'use a register less, or state one delay for the projection',
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
