import type { HwModel } from '../../hardware/index.ts';
import type { Instruction, Kernel } from '../../isa/index.ts';
import { PlasticoreError } from '../../text/index.ts';

/**
 * Checks that a lane has as many registers as a kernel names. Without registers in the hw-model, or where the cost of
 * the kernel is stated, nothing says how many there are.
 *
 * @param body what the core carries out of the kernel
 * @throws PlasticoreError `fit` at the instruction that names one too many
 */
export function checkRegisters(
  { name }: Kernel,
  body: readonly Instruction[],
  { name: model, registers, kernels }: Pick<HwModel, 'name' | 'registers' | 'kernels'>,
): void {
  if (registers === undefined || kernels[name] !== undefined) return;
  const { perLane } = registers;
  const named = new Set<number>();
  let beyond: Instruction | undefined;
  for (const instruction of body) {
    for (const operand of instruction.operands) if (operand.is === 'register') named.add(operand.register);
    if (named.size > perLane) beyond ??= instruction;
  }
  if (beyond === undefined) return;
  throw new PlasticoreError(
    'fit',
    `kernel '${name}' names ${named.size} registers; a lane of hw-model '${model}' has ${perLane}`,
    {
      ...beyond.place,
      hint: `registers.perLane of ${named.size} holds it; a kernel takes fewer if it writes registers again that it no longer reads`,
    },
  );
}
