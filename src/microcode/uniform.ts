import { PlasticoreError } from '../source/index.ts';
import type { Instruction, Role } from './kernel.ts';
import { operationNamed } from './operations.ts';

/** Whose fields are the same for all items of a row. */
const uniformRoles: readonly Role[] = ['pre', 'host', 'ev'];

/**
 * Which instructions give every item of a row the same value: those that use only fields of the pre-synaptic neuron,
 * scalars of the host or of the event and constants, and draw nothing.
 *
 * @throws PlasticoreError `microcode` where the predicate of a predicated load is not uniform
 */
export function findUniform(body: readonly Instruction[]): boolean[] {
  const registers = new Map<number, boolean>();
  return body.map((instruction) => {
    const operation = operationNamed(instruction.mnemonic);
    let uniform = !operation.draws;
    for (const [index, operand] of instruction.operands.entries()) {
      const shape = operation.operands[index];
      if (shape === 'result') continue;
      if (operand.is === 'field') uniform &&= uniformRoles.includes(operand.role);
      if (operand.is === 'register') uniform &&= registers.get(operand.register) ?? false;
      if (
        operand.is === 'register' &&
        operation.effect.does === 'load' &&
        operation.effect.predicated &&
        !registers.get(operand.register)
      ) {
        throw new PlasticoreError(
          'microcode',
          `the predicate r${operand.register} of ${instruction.mnemonic} differs within a row`,
          {
            ...instruction.place,
            hint: 'compute it from fields of pre, host scalars, event scalars and constants only',
          },
        );
      }
    }
    const target = instruction.operands[0];
    if (operation.operands[0] === 'result' && target?.is === 'register')
      registers.set(target.register, uniform);
    return uniform;
  });
}
