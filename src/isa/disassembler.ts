import type { Place } from '../text/index.ts';
import type { FieldName, Instruction, Kernel, Operand } from './kernel.ts';

export function formatField({ role, field }: FieldName): string {
  return `${role}.${field}`;
}

export function formatOperand(operand: Operand): string {
  switch (operand.is) {
    case 'register':
      return `r${operand.register}`;
    case 'number':
      return String(operand.value);
    case 'parameter':
      return `#${operand.name}`;
    case 'generator':
      return operand.name;
    case 'field':
      return formatField(operand);
  }
}

/** One line of microcode, without indentation. */
export function formatInstruction({
  mnemonic,
  operands,
}: Pick<Instruction, 'mnemonic' | 'operands'>): string {
  return `${mnemonic.padEnd(8)} ${operands.map(formatOperand).join(', ')}`;
}

/** One line of a kernel as messages quote it, and its place. */
export function describeLine(body: readonly Instruction[], line: number): { text: string; place: Place } {
  const instruction = body[line];
  if (instruction === undefined) throw new Error(`no line ${line}`);
  return { text: formatInstruction(instruction).replace(/ +/, ' '), place: instruction.place };
}

/** The header of a kernel, `kernel NAME over DOMAIN [where GATE [and GATE]]`. */
export function formatHeader(kernel: Pick<Kernel, 'name' | 'domain' | 'rowGate' | 'columnGate'>): string {
  const gates = [kernel.rowGate, kernel.columnGate].filter((gate) => gate !== undefined).map(formatField);
  const where = gates.length === 0 ? '' : ` where ${gates.join(' and ')}`;
  return `kernel ${kernel.name} over ${kernel.domain}${where}`;
}

/** The canonical text of kernels; {@link assemble} reads it back as the same kernels. */
export function disassemble(kernels: readonly Kernel[]): string {
  return kernels
    .map((kernel) =>
      [formatHeader(kernel), ...kernel.body.map((line) => `  ${formatInstruction(line)}`), 'end'].join('\n'),
    )
    .join('\n\n')
    .concat('\n');
}
