import { PlasticoreError } from '../text/index.ts';
import type { Instruction, Role } from './kernel.ts';
import { operationNamed } from './operations.ts';

/** Whose fields are the same for all items of a row. */
const uniformRoles: readonly Role[] = ['pre', 'host', 'ev'];

/** For how many items a value is the same: an item each, all of a tile, all of a row. */
type Extent = 'item' | 'tile' | 'row';

/**
 * Which instructions give every item of a row the same value: those that use only fields of the pre-synaptic neuron,
 * scalars of the host or of the event and constants, and draw nothing.
 *
 * @throws PlasticoreError `microcode` where the predicate of a predicated load differs within a row, or that of a
 * predicated store within a tile
 */
export function findUniform(body: readonly Instruction[]): boolean[] {
  const registers = new Map<number, Extent>();
  return body.map((instruction) => {
    const operation = operationNamed(instruction.mnemonic);
    const { effect } = operation;
    let extent: Extent = operation.draws || effect.does === 'draw' ? 'item' : 'row';
    for (const [index, operand] of instruction.operands.entries()) {
      if (operation.operands[index] === 'result') continue;
      if (operand.is === 'field' && !uniformRoles.includes(operand.role)) extent = 'item';
      if (operand.is === 'register') extent = lesser(extent, registers.get(operand.register) ?? 'item');
    }
    const predicate = instruction.operands[2];
    const isPredicated = (effect.does === 'load' || effect.does === 'store') && effect.predicated;
    if (isPredicated && predicate?.is === 'register') {
      const found = registers.get(predicate.register) ?? 'item';
      if (effect.does === 'load' ? found !== 'row' : found === 'item')
        refuse(instruction, predicate.register);
    }
    // What any item of a tile has, the whole tile has; but other tiles may not.
    if (effect.does === 'any') extent = extent === 'row' ? 'row' : 'tile';
    const target = instruction.operands[0];
    if (operation.operands[0] === 'result' && target?.is === 'register')
      registers.set(target.register, extent);
    return extent === 'row';
  });
}

function lesser(a: Extent, b: Extent): Extent {
  if (a === 'item' || b === 'item') return 'item';
  return a === 'tile' || b === 'tile' ? 'tile' : 'row';
}

function refuse({ mnemonic, place }: Instruction, register: number): never {
  const isLoad = operationNamed(mnemonic).effect.does === 'load';
  throw new PlasticoreError(
    'microcode',
    `the predicate r${register} of ${mnemonic} differs within a ${isLoad ? 'row' : 'tile'}`,
    {
      ...place,
      hint: isLoad
        ? 'compute it from fields of pre, host scalars, event scalars and constants only'
        : 'compute it from what any gives, from fields of pre, host scalars, event scalars and constants only',
    },
  );
}
