import { type Place, suggest } from '../text/index.ts';
import {
  type Domain,
  type FieldName,
  hostScalars,
  type Instruction,
  indexField,
  type Kernel,
  neuronAlias,
  type Operand,
  type Role,
  registerCount,
} from './kernel.ts';
import type { OperandShape, Operation } from './operation.ts';
import { isRead, operationWritten, withoutOperation } from './operations.ts';
import { failAt, identifierPattern, type Token } from './tokens.ts';

const roles: readonly Role[] = ['pre', 'post', 'syn', 'self', 'host', 'ev'];
const numeral = /^-?(0x[0-9a-fA-F]+|0b[01]+|[0-9]+)$/;

/** `MNEMONIC OPERAND, OPERAND ...` */
export function parseInstruction(tokens: readonly Token[], domain: Domain): Instruction {
  const head = tokens[0];
  if (head === undefined) throw new Error('an instruction without a token');
  const commas = tokens.filter(({ text }) => text === ',').length;
  const operation = operationWritten(head.text, commas + 1);
  if (operation === undefined) {
    failAt(head, `there is no operation '${head.text}'`, withoutOperation(head.text));
  }
  const hasNeurons = domain.roles.some((role) => role === 'self' || role === 'post');
  if (operation.effect.does === 'emit' && !hasNeurons)
    failAt(head, `a kernel over ${domain.name} has no neuron that could spike`);
  const operands: Operand[] = [];
  const rest = tokens.slice(1);
  for (const [index, shape] of operation.operands.entries()) {
    const comma = index === 0 ? undefined : rest[2 * index - 1];
    const token = rest[2 * index];
    if (index > 0 && comma !== undefined && comma.text !== ',')
      failAt(comma, `expected ',', found '${comma.text}'`);
    if (token === undefined || token.text === ',') {
      return failAt(token ?? rest.at(-1) ?? head, `'${operation.mnemonic}' takes ${usage(operation)}`);
    }
    operands.push(parseOperand(token, shape, operation, domain));
  }
  const extra = rest[2 * operation.operands.length - 1];
  if (extra !== undefined)
    failAt(
      extra,
      `expected the end of the line, found '${extra.text}'`,
      `'${operation.mnemonic}' takes ${usage(operation)}`,
    );
  checkConstants(operation, operands, head);
  return { mnemonic: operation.mnemonic, operands, place: head.place };
}

function usage(operation: Operation): string {
  const words: Readonly<Record<OperandShape, string>> = {
    result: 'a register for the result',
    register: 'a register',
    value: 'a register, number or #parameter',
    constant: 'a number or #parameter',
    field: 'a field (role.name)',
    generator: 'the name of a generator',
  };
  return operation.operands.map((shape) => words[shape]).join(', ');
}

function parseOperand(token: Token, shape: OperandShape, operation: Operation, domain: Domain): Operand {
  const operand: Operand =
    shape === 'generator' && identifierPattern.test(token.text)
      ? { is: 'generator', name: token.text }
      : readOperand(token, domain);
  const allowed: Readonly<Record<OperandShape, readonly Operand['is'][]>> = {
    result: ['register'],
    register: ['register'],
    value: ['register', 'number', 'parameter'],
    constant: ['number', 'parameter'],
    field: ['field'],
    generator: ['generator'],
  };
  if (!allowed[shape].includes(operand.is)) {
    failAt(
      token,
      `found the ${operand.is} '${token.text}'`,
      `'${operation.mnemonic}' takes ${usage(operation)}`,
    );
  }
  if (operand.is === 'field' && !isRead(operation)) checkWritable(token, operand, operation);
  return operand;
}

function readOperand(token: Token, domain: Domain): Operand {
  const { text } = token;
  if (/^r[0-9]+$/.test(text)) {
    const register = Number(text.slice(1));
    if (register >= registerCount)
      failAt(token, `there is no register '${text}'`, `registers are r0 to r${registerCount - 1}`);
    return { is: 'register', register };
  }
  if (numeral.test(text)) {
    const value = text.startsWith('-') ? 0 - Number(text.slice(1)) : Number(text);
    if (value < -(2 ** 31) || value > 2 ** 31 - 1) failAt(token, `${text} does not fit a 32-bit register`);
    return { is: 'number', value };
  }
  if (text.startsWith('#')) {
    const name = text.slice(1);
    if (!identifierPattern.test(name))
      failAt(token, `expected a parameter's name after '#', found '${text}'`);
    return { is: 'parameter', name };
  }
  if (/^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) {
    failAt(
      token,
      `expected a whole number, found '${text}'`,
      'operands are integers: multiply by a scaled number and shift back, as mulsra.rn does in one operation',
    );
  }
  if (text.includes('.')) return { is: 'field', ...parseField(token, domain) };
  return failAt(
    token,
    `expected an operand, found '${text}'`,
    'r0 to r15, a whole number, #parameter or role.field',
  );
}

/** `ROLE.FIELD` */
export function parseField(token: Token, domain: Domain): FieldName {
  const [roleText = '', field = '', extra] = token.text.split('.');
  const named = roleText === neuronAlias ? (domain.roles.includes('self') ? 'self' : 'post') : roleText;
  const role = roles.find((candidate) => candidate === named);
  if (role === undefined || !domain.roles.includes(role)) {
    failAt(
      token,
      `a kernel over ${domain.name} has no role '${roleText}'`,
      `its roles: ${domain.roles.join(', ')}`,
    );
  }
  if (extra !== undefined || !identifierPattern.test(field))
    failAt(token, `expected ${role}.FIELD, found '${token.text}'`);
  if (role === 'syn' && field === indexField)
    failAt(token, `synapses have no '${indexField}'`, `pre.${indexField} or post.${indexField}`);
  if (role === 'host' && !hostScalars.includes(field)) {
    failAt(token, `the host writes no '${field}'`, suggest(field, hostScalars));
  }
  return { role, field };
}

function checkWritable(token: Token, field: FieldName, operation: Operation): void {
  if (field.role === 'host' || field.role === 'ev' || field.field === indexField)
    failAt(token, `'${token.text}' cannot be written`);
  if (operation.effect.does === 'reduce' && field.role !== 'pre') {
    failAt(token, `reduce writes a field of pre, found '${token.text}'`);
  }
  if (operation.effect.does === 'store' && field.role === 'pre') {
    failAt(
      token,
      `'${operation.mnemonic}' cannot write '${token.text}': many synapses share their pre-synaptic neuron`,
      'use reduce, or a kernel over neurons',
    );
  }
}

function checkConstants(operation: Operation, operands: readonly Operand[], head: Token): void {
  if (operation.effect.does !== 'compute' || operation.effect.check === undefined) return;
  const sources = operands.filter((_, index) => operation.operands[index] !== 'result');
  const problem = operation.effect.check(
    sources.map((operand) => (operand.is === 'number' ? operand.value : undefined)),
  );
  if (problem !== undefined) failAt(head, `${operation.mnemonic}: ${problem}`);
}

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
