import type { BoundKernel } from '../../../../image/index.ts';
import { operationNamed } from '../../../../isa/index.ts';

/** Which instructions depend on the row: on its neuron, its synapses or on what is drawn for it. */
export function findOfRow(kernel: BoundKernel): boolean[] {
  const registers = new Map<number, boolean>();
  return kernel.code.map(({ mnemonic, operands }) => {
    const operation = operationNamed(mnemonic);
    const isComputed = operation.operands[0] === 'result';
    // What an instruction does to the world, it does in each row.
    let ofRow = !isComputed || operation.draws || operation.effect.does === 'draw';
    for (const [index, operand] of operands.entries()) {
      if (index === 0 && isComputed) continue;
      if (operand.is === 'register') ofRow ||= registers.get(operand.register) ?? true;
      if (operand.is === 'field' || operand.is === 'index') ofRow ||= operand.role !== 'post';
    }
    const [target] = operands;
    if (isComputed && target?.is === 'register') registers.set(target.register, ofRow);
    return ofRow;
  });
}

/**
 * Which instructions give every item of a row the same value and may be carried out once. `any` is left to the walk by
 * columns, which makes it for each tile.
 */
export function findUniform(kernel: BoundKernel): boolean[] {
  const registers = new Map<number, boolean>();
  return kernel.code.map(({ mnemonic, operands }) => {
    const operation = operationNamed(mnemonic);
    const isComputed = operation.operands[0] === 'result';
    const { does } = operation.effect;
    let uniform = isComputed && !operation.draws && does !== 'draw' && does !== 'any';
    for (const [index, operand] of operands.entries()) {
      if (index === 0 && isComputed) continue;
      if (operand.is === 'register') uniform &&= registers.get(operand.register) ?? false;
      if (operand.is === 'field' || operand.is === 'index') uniform &&= operand.role === 'pre';
    }
    const [target] = operands;
    if (isComputed && target?.is === 'register') registers.set(target.register, uniform);
    return uniform;
  });
}
