import type { Faults } from '../text/index.ts';
import type { Instruction } from './kernel.ts';
import { isRead, operationNamed } from './operations.ts';
import { fail, type Token } from './tokens.ts';

/**
 * Checks that registers are written before they are read, that an item's loads of a field precede its stores, and that
 * it emits at most once. Each fault is reported once: a register that was read too early counts as written.
 */
export function checkOrder(body: readonly Instruction[], faults: Faults): void {
  const written = new Set<number>();
  const stored = new Set<string>();
  let emits = false;
  for (const instruction of body) {
    faults.attempt(() => checkLine(instruction, { written, stored, emits }));
    const operation = operationNamed(instruction.mnemonic);
    if (operation.effect.does === 'emit') emits = true;
    for (const operand of instruction.operands) {
      if (operand.is === 'register') written.add(operand.register);
      if (operand.is === 'field' && !isRead(operation)) stored.add(`${operand.role}.${operand.field}`);
    }
  }
}

/** The effects of the lines above. */
interface EffectsAbove {
  readonly written: ReadonlySet<number>;
  readonly stored: ReadonlySet<string>;
  readonly emits: boolean;
}

function checkLine(
  { mnemonic, operands, place }: Instruction,
  { written, stored, emits }: EffectsAbove,
): void {
  const operation = operationNamed(mnemonic);
  const { effect } = operation;
  const token: Token = { text: mnemonic, place };
  if (effect.does === 'emit' && emits)
    fail(token, 'a second emit', 'an item emits once: join the conditions with or, or split the kernel');
  for (const [index, operand] of operands.entries()) {
    const isSource = operation.operands[index] !== 'result';
    if (operand.is === 'register' && isSource && !written.has(operand.register))
      fail(token, `r${operand.register} is read before it is written`);
    if (operand.is !== 'field') continue;
    const name = `${operand.role}.${operand.field}`;
    if (!stored.has(name)) continue;
    if (!isRead(operation)) fail(token, `'${name}' is stored twice`);
    fail(
      token,
      `'${name}' is loaded after it was stored`,
      'an item’s loads precede its stores: keep the value in a register',
    );
  }
}
