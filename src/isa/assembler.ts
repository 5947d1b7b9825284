import { PlasticoreError, suggest } from '../text/index.ts';
import { withoutOperation } from './foreign.ts';
import {
  type Domain,
  domains,
  type FieldName,
  hostScalars,
  type Instruction,
  indexField,
  type Kernel,
  type Operand,
  type Role,
  registerCount,
} from './kernel.ts';
import type { OperandShape, Operation } from './operation.ts';
import { findOperation } from './operations.ts';
import { expandRoutines } from './routines.ts';
import { fail, identifier, type Token, tokenize } from './tokens.ts';

const roles: readonly Role[] = ['pre', 'post', 'syn', 'self', 'host', 'ev'];
/** The role of the neuron that a kernel handles: the item itself, or the post-synaptic neuron of the item. */
const neuronAlias = 'neuron';
const numeral = /^-?(0x[0-9a-fA-F]+|0b[01]+|[0-9]+)$/;

/**
 * Assembles a `.uc` text into kernels. Throws the first fault with file, line and column.
 *
 * It checks syntax, mnemonics, operand shapes, the domain's roles, that registers are written before they are read, and
 * that no field is loaded after it was stored. Fields and parameters are checked later, by the program that uses the
 * kernels.
 */
export function assemble(text: string, file: string): Kernel[] {
  const kernels: Kernel[] = [];
  let open: { header: Omit<Kernel, 'body'>; domain: Domain; body: Instruction[] } | undefined;
  const lines = text.split(/\r?\n/).map((line, index) => tokenize(line, file, index + 1));
  for (const tokens of expandRoutines(lines)) {
    const head = tokens[0];
    if (head === undefined) continue;
    if (head.text === 'kernel') {
      if (open !== undefined)
        fail(head, `kernel '${open.header.name}' is not ended`, "write 'end' before this line");
      open = { ...parseHeader(tokens, kernels), body: [] };
    } else if (open === undefined) {
      fail(head, `expected 'kernel', found '${head.text}'`, 'kernel NAME over DOMAIN [where ROLE.FIELD]');
    } else if (head.text === 'end') {
      const extra = tokens[1];
      if (extra !== undefined) fail(extra, `expected the end of the line, found '${extra.text}'`);
      if (open.body.length === 0) fail(head, `kernel '${open.header.name}' has no instruction`);
      checkOrder(open.body);
      kernels.push({ ...open.header, body: open.body });
      open = undefined;
    } else {
      open.body.push(parseInstruction(tokens, open.domain));
    }
  }
  if (open !== undefined) {
    throw new PlasticoreError('microcode', `kernel '${open.header.name}' is not ended`, {
      ...open.header.place,
      hint: "write 'end' after its last instruction",
    });
  }
  return kernels;
}

/** `kernel NAME over DOMAIN [where GATE [and GATE]]` */
function parseHeader(
  tokens: readonly Token[],
  earlier: readonly Kernel[],
): { header: Omit<Kernel, 'body'>; domain: Domain } {
  const [keyword, name, over, domainToken, where, firstGate, and, secondGate, extra] = tokens;
  if (keyword === undefined) throw new Error('a header without a token');
  const end: Token = { text: 'the end of the line', place: (tokens.at(-1) ?? keyword).place };
  if (name === undefined || !identifier.test(name.text)) {
    return fail(name ?? end, `expected the kernel's name, found '${(name ?? end).text}'`);
  }
  if (earlier.some((kernel) => kernel.name === name.text))
    fail(name, `kernel '${name.text}' is defined twice`);
  if (over?.text !== 'over') return fail(over ?? end, `expected 'over', found '${(over ?? end).text}'`);
  const domain = domains.find((candidate) => candidate.name === domainToken?.text);
  if (domain === undefined) {
    const found = domainToken ?? end;
    fail(
      found,
      `expected a domain, found '${found.text}'`,
      suggest(
        found.text,
        domains.map((d) => d.name),
      ),
    );
  }
  if (where !== undefined && where.text !== 'where') fail(where, `expected 'where', found '${where.text}'`);
  if (where !== undefined && firstGate === undefined)
    fail(end, 'expected a gate after where', 'pre.FIELD, post.FIELD');
  if (and !== undefined && and.text !== 'and') fail(and, `expected 'and', found '${and.text}'`);
  if (and !== undefined && secondGate === undefined) fail(end, 'expected a gate after and');
  if (extra !== undefined) fail(extra, `expected the end of the line, found '${extra.text}'`);
  const gates: { row?: FieldName; column?: FieldName } = {};
  for (const token of [firstGate, secondGate]) {
    if (token !== undefined) addGate(token, domain, gates);
  }
  return {
    header: {
      name: name.text,
      domain: domain.name,
      rowGate: gates.row,
      columnGate: gates.column,
      place: name.place,
    },
    domain,
  };
}

function addGate(token: Token, domain: Domain, gates: { row?: FieldName; column?: FieldName }): void {
  const gate = parseField(token, domain);
  const which = gate.role === domain.rowGate ? 'row' : gate.role === domain.columnGate ? 'column' : undefined;
  if (which === undefined || gate.field === indexField) {
    const allowed = [domain.rowGate, domain.columnGate].filter((role) => role !== undefined);
    fail(
      token,
      `'${token.text}' cannot gate a kernel over ${domain.name}`,
      allowed.length === 0
        ? `a kernel over ${domain.name} takes no gate`
        : `gate by a field of ${allowed.join(' or ')}`,
    );
  }
  if (gates[which] !== undefined)
    fail(token, `a second gate for the ${which}s`, 'one gate each for rows and columns');
  gates[which] = gate;
}

function parseInstruction(tokens: readonly Token[], domain: Domain): Instruction {
  const head = tokens[0];
  if (head === undefined) throw new Error('an instruction without a token');
  const operation = findOperation(head.text);
  if (operation === undefined) {
    fail(head, `there is no operation '${head.text}'`, withoutOperation(head.text));
  }
  const hasNeurons = domain.roles.some((role) => role === 'self' || role === 'post');
  if (operation.effect.does === 'emit' && !hasNeurons)
    fail(head, `a kernel over ${domain.name} has no neuron that could spike`);
  const operands: Operand[] = [];
  const rest = tokens.slice(1);
  for (const [index, shape] of operation.operands.entries()) {
    const comma = index === 0 ? undefined : rest[2 * index - 1];
    const token = rest[2 * index];
    if (index > 0 && comma !== undefined && comma.text !== ',')
      fail(comma, `expected ',', found '${comma.text}'`);
    if (token === undefined || token.text === ',') {
      return fail(token ?? rest.at(-1) ?? head, `'${operation.mnemonic}' takes ${usage(operation)}`);
    }
    operands.push(parseOperand(token, shape, operation, domain));
  }
  const extra = rest[2 * operation.operands.length - 1];
  if (extra !== undefined)
    fail(
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
    shape === 'generator' && identifier.test(token.text)
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
    fail(
      token,
      `found the ${operand.is} '${token.text}'`,
      `'${operation.mnemonic}' takes ${usage(operation)}`,
    );
  }
  if (operand.is === 'field' && operation.effect.does !== 'load') checkWritable(token, operand, operation);
  return operand;
}

function readOperand(token: Token, domain: Domain): Operand {
  const { text } = token;
  if (/^r[0-9]+$/.test(text)) {
    const register = Number(text.slice(1));
    if (register >= registerCount)
      fail(token, `there is no register '${text}'`, `registers are r0 to r${registerCount - 1}`);
    return { is: 'register', register };
  }
  if (numeral.test(text)) {
    const value = text.startsWith('-') ? 0 - Number(text.slice(1)) : Number(text);
    if (value < -(2 ** 31) || value > 2 ** 31 - 1) fail(token, `${text} does not fit a 32-bit register`);
    return { is: 'number', value };
  }
  if (text.startsWith('#')) {
    const name = text.slice(1);
    if (!identifier.test(name)) fail(token, `expected a parameter's name after '#', found '${text}'`);
    return { is: 'parameter', name };
  }
  if (/^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) {
    fail(
      token,
      `expected a whole number, found '${text}'`,
      'operands are integers: multiply by a scaled number and shift back, as mulsra.rn does in one operation',
    );
  }
  if (text.includes('.')) return { is: 'field', ...parseField(token, domain) };
  return fail(
    token,
    `expected an operand, found '${text}'`,
    'r0 to r15, a whole number, #parameter or role.field',
  );
}

function parseField(token: Token, domain: Domain): FieldName {
  const [roleText = '', field = '', extra] = token.text.split('.');
  const named = roleText === neuronAlias ? (domain.roles.includes('self') ? 'self' : 'post') : roleText;
  const role = roles.find((candidate) => candidate === named);
  if (role === undefined || !domain.roles.includes(role)) {
    fail(
      token,
      `a kernel over ${domain.name} has no role '${roleText}'`,
      `its roles: ${domain.roles.join(', ')}`,
    );
  }
  if (extra !== undefined || !identifier.test(field))
    fail(token, `expected ${role}.FIELD, found '${token.text}'`);
  if (role === 'syn' && field === indexField)
    fail(token, `synapses have no '${indexField}'`, `pre.${indexField} or post.${indexField}`);
  if (role === 'host' && !hostScalars.includes(field)) {
    fail(token, `the host writes no '${field}'`, suggest(field, hostScalars));
  }
  return { role, field };
}

function checkWritable(token: Token, field: FieldName, operation: Operation): void {
  if (field.role === 'host' || field.role === 'ev' || field.field === indexField)
    fail(token, `'${token.text}' cannot be written`);
  if (operation.effect.does === 'reduce' && field.role !== 'pre') {
    fail(token, `reduce writes a field of pre, found '${token.text}'`);
  }
  if (operation.effect.does === 'store' && field.role === 'pre') {
    fail(
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
  if (problem !== undefined) fail(head, `${operation.mnemonic}: ${problem}`);
}

/**
 * Checks that registers are written before they are read, that an item's loads of a field precede its stores, and that
 * it emits at most once.
 */
function checkOrder(body: readonly Instruction[]): void {
  const written = new Set<number>();
  const stored = new Set<string>();
  let emits = false;
  for (const { mnemonic, operands, place } of body) {
    const operation = findOperation(mnemonic);
    const token: Token = { text: mnemonic, place };
    if (operation?.effect.does === 'emit') {
      if (emits)
        fail(token, 'a second emit', 'an item emits once: join the conditions with or, or split the kernel');
      emits = true;
    }
    for (const [index, operand] of operands.entries()) {
      if (
        operand.is === 'register' &&
        operation?.operands[index] !== 'result' &&
        !written.has(operand.register)
      ) {
        fail(token, `r${operand.register} is read before it is written`);
      }
      if (operand.is !== 'field') continue;
      const name = `${operand.role}.${operand.field}`;
      if (operation?.effect.does === 'load' && stored.has(name)) {
        fail(
          token,
          `'${name}' is loaded after it was stored`,
          'an item’s loads precede its stores: keep the value in a register',
        );
      }
      if (operation?.effect.does !== 'load') {
        if (stored.has(name)) fail(token, `'${name}' is stored twice`);
        stored.add(name);
      }
    }
    const result = operands[0];
    if (operation?.operands[0] === 'result' && result?.is === 'register') written.add(result.register);
  }
}
