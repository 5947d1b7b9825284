import { Faults, PlasticoreError, suggest } from '../text/index.ts';
import { parseField, parseInstruction } from './instruction-text.ts';
import { type Domain, domains, type FieldName, type Instruction, indexField, type Kernel } from './kernel.ts';
import { isRead, operationNamed } from './operations.ts';
import { expandRoutines } from './routines.ts';
import { failAt, identifierPattern, type Token, tokenize } from './tokens.ts';

/**
 * Assembles a `.uc` text into kernels.
 *
 * It checks syntax, mnemonics, operand shapes, the domain's roles, that registers are written before they are read, and
 * that no field is loaded after it was stored. Fields and parameters are checked later, by the program that uses the
 * kernels.
 *
 * @throws PlasticoreError `microcode` with all faults of the text, each with file, line and column
 */
export function assemble(text: string, file: string): Kernel[] {
  const faults = new Faults();
  const kernels = readKernels(text, file, faults);
  return faults.complete(kernels);
}

/**
 * The same for a text that may have faults: kernels without the lines that have one.
 *
 * @param faults takes the faults of the text
 */
export function readKernels(text: string, file: string, faults: Faults): Kernel[] {
  const lines = text.split(/\r?\n/).map((line, index) => tokenize(line, file, index + 1));
  const assembler = new Assembler(faults);
  const expanded = expandRoutines(lines, faults);
  // A kernel that lacks the lines of a routine cannot be judged as a whole.
  const isWhole = faults.isEmpty;
  for (const tokens of expanded) faults.attempt(() => assembler.read(tokens, isWhole));
  faults.attempt(() => assembler.end());
  return assembler.kernels;
}

interface OpenKernel {
  readonly header: Omit<Kernel, 'body'>;
  readonly domain: Domain;
  readonly body: Instruction[];
  /** Faults found before it. */
  readonly faultsBefore: number;
}

/** Reads line by line. After a fault outside a kernel, or in its header, it goes on at the next kernel. */
class Assembler {
  readonly kernels: Kernel[] = [];
  readonly #names = new Set<string>();
  readonly #faults: Faults;
  #open: OpenKernel | undefined;
  #isSkipping = false;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** @param isWhole whether all lines of routines were found */
  read(tokens: readonly Token[], isWhole: boolean): void {
    const head = tokens[0];
    if (head === undefined) return;
    const open = this.#open;
    if (head.text === 'kernel') {
      if (open !== undefined)
        this.#faults.attempt(() =>
          failAt(head, `kernel '${open.header.name}' is not ended`, "write 'end' before this line"),
        );
      this.#open = undefined;
      this.#isSkipping = true;
      const header = parseHeader(tokens, this.#names);
      this.#isSkipping = false;
      this.#open = { ...header, body: [], faultsBefore: this.#faults.count };
    } else if (open !== undefined) {
      if (head.text === 'end') this.#close(open, tokens, isWhole);
      else open.body.push(parseInstruction(tokens, open.domain));
    } else if (!this.#isSkipping) {
      this.#isSkipping = true;
      failAt(head, `expected 'kernel', found '${head.text}'`, 'kernel NAME over DOMAIN [where ROLE.FIELD]');
    }
  }

  /** Ends the text. */
  end(): void {
    if (this.#open === undefined) return;
    const { name, place } = this.#open.header;
    throw new PlasticoreError('microcode', `kernel '${name}' is not ended`, {
      ...place,
      hint: "write 'end' after its last instruction",
    });
  }

  #close({ header, body, faultsBefore }: OpenKernel, [end, extra]: readonly Token[], isWhole: boolean): void {
    this.#open = undefined;
    if (isWhole && this.#faults.count === faultsBefore) checkOrder(body, this.#faults);
    this.kernels.push({ ...header, body });
    this.#names.add(header.name);
    if (extra !== undefined) failAt(extra, `expected the end of the line, found '${extra.text}'`);
    const isEmpty = body.length === 0 && isWhole && this.#faults.count === faultsBefore;
    if (isEmpty && end !== undefined) failAt(end, `kernel '${header.name}' has no instruction`);
  }
}

/** `kernel NAME over DOMAIN [where GATE [and GATE]]` */
function parseHeader(
  tokens: readonly Token[],
  earlier: ReadonlySet<string>,
): { header: Omit<Kernel, 'body'>; domain: Domain } {
  const [keyword, name, over, domainToken, where, firstGate, and, secondGate, extra] = tokens;
  if (keyword === undefined) throw new Error('a header without a token');
  const end: Token = { text: 'the end of the line', place: (tokens.at(-1) ?? keyword).place };
  if (name === undefined || !identifierPattern.test(name.text)) {
    return failAt(name ?? end, `expected the kernel's name, found '${(name ?? end).text}'`);
  }
  if (earlier.has(name.text)) failAt(name, `kernel '${name.text}' is defined twice`);
  if (over?.text !== 'over') return failAt(over ?? end, `expected 'over', found '${(over ?? end).text}'`);
  const domain = domains.find((candidate) => candidate.name === domainToken?.text);
  if (domain === undefined) {
    const found = domainToken ?? end;
    failAt(
      found,
      `expected a domain, found '${found.text}'`,
      suggest(
        found.text,
        domains.map((d) => d.name),
      ),
    );
  }
  if (where !== undefined && where.text !== 'where') failAt(where, `expected 'where', found '${where.text}'`);
  if (where !== undefined && firstGate === undefined)
    failAt(end, 'expected a gate after where', 'pre.FIELD, post.FIELD');
  if (and !== undefined && and.text !== 'and') failAt(and, `expected 'and', found '${and.text}'`);
  if (and !== undefined && secondGate === undefined) failAt(end, 'expected a gate after and');
  if (extra !== undefined) failAt(extra, `expected the end of the line, found '${extra.text}'`);
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
    failAt(
      token,
      `'${token.text}' cannot gate a kernel over ${domain.name}`,
      allowed.length === 0
        ? `a kernel over ${domain.name} takes no gate`
        : `gate by a field of ${allowed.join(' or ')}`,
    );
  }
  if (gates[which] !== undefined)
    failAt(token, `a second gate for the ${which}s`, 'one gate each for rows and columns');
  gates[which] = gate;
}

/**
 * Checks that registers are written before they are read, that an item's loads of a field precede its stores, and that
 * it emits at most once. Each fault is reported once: a register that was read too early counts as written.
 */
function checkOrder(body: readonly Instruction[], faults: Faults): void {
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
    failAt(token, 'a second emit', 'an item emits once: join the conditions with or, or split the kernel');
  for (const [index, operand] of operands.entries()) {
    const isSource = operation.operands[index] !== 'result';
    if (operand.is === 'register' && isSource && !written.has(operand.register))
      failAt(token, `r${operand.register} is read before it is written`);
    if (operand.is !== 'field') continue;
    const name = `${operand.role}.${operand.field}`;
    if (!stored.has(name)) continue;
    if (!isRead(operation)) failAt(token, `'${name}' is stored twice`);
    failAt(
      token,
      `'${name}' is loaded after it was stored`,
      'an item’s loads precede its stores: keep the value in a register',
    );
  }
}
