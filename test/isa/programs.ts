import fc, { type GeneratorValue } from 'fast-check';
import {
  type Domain,
  domains,
  type FieldName,
  hostScalars,
  type Instruction,
  indexField,
  type Kernel,
  type Operand,
  type Operation,
  operations,
  registerCount,
} from '../../src/isa/index.ts';

/** What an assembler makes of a text, without the places. */
export type PlainKernel = Omit<Kernel, 'place' | 'body'> & {
  readonly body: readonly Pick<Instruction, 'mnemonic' | 'operands'>[];
};

export function withoutPlaces(kernels: readonly Kernel[]): PlainKernel[] {
  return kernels.map(({ name, domain, rowGate, columnGate, body }) => ({
    name,
    domain,
    rowGate,
    columnGate,
    body: body.map(({ mnemonic, operands }) => ({ mnemonic, operands })),
  }));
}

const names = ['v', 'trace', 'signal_2', 'w-1', 'Box', '_u'];

/** A well-formed program made from the table of operations, and one of the many ways to write it. */
export function generateProgram(generate: GeneratorValue): { kernels: PlainKernel[]; text: string } {
  const count = generate(fc.integer, { min: 1, max: 3 });
  const kernels = Array.from({ length: count }, (_, index) => generateKernel(generate, `k${index}`));
  const ending = generate(fc.constantFrom, '\n', '\r\n');
  const text = kernels.map((kernel) => writeKernel(generate, kernel).join(ending)).join(ending);
  return { kernels, text };
}

function generateKernel(generate: GeneratorValue, name: string): PlainKernel {
  const domain: Domain = generate(fc.constantFrom, ...domains);
  const gate = (role: Domain['rowGate']): FieldName | undefined =>
    role !== undefined && generate(fc.boolean)
      ? { role, field: generate(fc.constantFrom, ...names) }
      : undefined;
  const writer = new BodyWriter(generate, domain);
  writer.add('ldi');
  for (let left = generate(fc.integer, { min: 0, max: 12 }); left > 0; left--) {
    writer.add(generate(fc.constantFrom, ...operations).mnemonic);
  }
  return {
    name,
    domain: generate(fc.constant, domain.name as Kernel['domain']),
    rowGate: gate(domain.rowGate),
    columnGate: gate(domain.columnGate),
    body: writer.body,
  };
}

/** Adds instructions that are in order: written registers only, no load of a stored field, no second store or emit. */
class BodyWriter {
  readonly body: { mnemonic: string; operands: Operand[] }[] = [];
  readonly #generate: GeneratorValue;
  readonly #domain: Domain;
  readonly #written = new Set<number>();
  readonly #stored = new Set<string>();
  #emits = false;

  constructor(generate: GeneratorValue, domain: Domain) {
    this.#generate = generate;
    this.#domain = domain;
  }

  /** Leaves out a second emit, and an operation that the domain has no field for. */
  add(mnemonic: string): void {
    const operation = operations.find((candidate) => candidate.mnemonic === mnemonic);
    if (operation === undefined) throw new Error(`no operation ${mnemonic}`);
    const emits = operation.effect.does === 'emit';
    const hasNeurons = this.#domain.roles.some((role) => role === 'self' || role === 'post');
    if (emits && (this.#emits || !hasNeurons)) return;
    this.#emits ||= emits;
    const operands: Operand[] = [];
    for (const [index] of operation.operands.entries()) {
      const operand = this.#operand(operation, index);
      if (operand === undefined) return;
      operands.push(operand);
    }
    this.body.push({ mnemonic, operands: orderBounds(mnemonic, operands) });
    for (const operand of operands) {
      if (operand.is === 'field' && operation.effect.does !== 'load') this.#stored.add(keyOf(operand));
    }
    const [result] = operands;
    if (operation.operands[0] === 'result' && result?.is === 'register') this.#written.add(result.register);
  }

  #operand(operation: Operation, index: number): Operand | undefined {
    const generate = this.#generate;
    const register = (): Operand => ({
      is: 'register',
      register: generate(fc.constantFrom, ...this.#written),
    });
    const constant = (): Operand =>
      generate(fc.boolean)
        ? { is: 'parameter', name: generate(fc.constantFrom, ...names) }
        : { is: 'number', value: this.#number(operation.kinds[index] === '-') };
    switch (operation.operands[index]) {
      case 'result':
        return { is: 'register', register: generate(fc.nat, { max: registerCount - 1 }) };
      case 'register':
        return register();
      case 'value':
        return generate(fc.boolean) ? register() : constant();
      case 'constant':
        return constant();
      case 'generator':
        return { is: 'generator', name: generate(fc.constantFrom, ...names) };
      default:
        return this.#field(operation);
    }
  }

  #number(isAmount: boolean): number {
    return isAmount
      ? this.#generate(fc.integer, { min: 0, max: 31 })
      : this.#generate(fc.integer, { min: -(2 ** 31), max: 2 ** 31 - 1 });
  }

  #field({ effect }: Operation): Operand | undefined {
    const writable = effect.does === 'reduce' ? ['pre'] : ['self', 'syn', 'post'];
    const candidates = this.#domain.roles.flatMap((role): FieldName[] => {
      if (effect.does !== 'load') {
        return writable.includes(role) ? names.map((field) => ({ role, field })) : [];
      }
      if (role === 'host') return hostScalars.map((field) => ({ role, field }));
      return (role === 'syn' ? names : [...names, indexField]).map((field) => ({ role, field }));
    });
    const free = candidates.filter((name) => !this.#stored.has(keyOf(name)));
    if (free.length === 0) return undefined;
    return { is: 'field', ...this.#generate(fc.constantFrom, ...free) };
  }
}

const keyOf = ({ role, field }: FieldName): string => `${role}.${field}`;

/** Clip has its lower bound first, where both are numbers. */
function orderBounds(mnemonic: string, operands: Operand[]): Operand[] {
  const [result, value, low, high] = operands;
  if (mnemonic !== 'clip' || result === undefined || value === undefined) return operands;
  if (low?.is !== 'number' || high?.is !== 'number' || low.value <= high.value) return operands;
  return [result, value, high, low];
}

function writeKernel(generate: GeneratorValue, kernel: PlainKernel): string[] {
  const space = (): string => generate(fc.constantFrom, ' ', '  ', '\t');
  const gap = (): string => generate(fc.constantFrom, '', ' ', '\t ');
  const comment = (): string => generate(fc.constantFrom, '', ' ; kernel, end', ';;', ';');
  const gates = [kernel.rowGate, kernel.columnGate].filter((gate) => gate !== undefined).map(keyOf);
  const swapped = generate(fc.boolean) ? gates.reverse() : gates;
  const where = swapped.length === 0 ? [] : ['where', swapped.join(`${space()}and${space()}`)];
  const header = ['kernel', kernel.name, 'over', kernel.domain, ...where].join(space());
  const lines = kernel.body.map(({ mnemonic, operands }) => {
    const written = operands.map((operand) => writeOperand(generate, operand));
    return `${gap()}${mnemonic}${space()}${written.join(`${gap()},${gap()}`)}${gap()}${comment()}`;
  });
  return [comment(), `${gap()}${header}${gap()}${comment()}`, ...lines, `${gap()}end${comment()}`];
}

function writeOperand(generate: GeneratorValue, operand: Operand): string {
  switch (operand.is) {
    case 'register':
      return `r${operand.register}`;
    case 'parameter':
      return `#${operand.name}`;
    case 'generator':
      return operand.name;
    case 'field':
      return keyOf(operand);
    case 'number': {
      const sign = operand.value < 0 ? '-' : '';
      const magnitude = Math.abs(operand.value);
      return generate(
        fc.constantFrom,
        `${operand.value}`,
        `${sign}0x${magnitude.toString(16)}`,
        `${sign}0b${magnitude.toString(2)}`,
      );
    }
  }
}
