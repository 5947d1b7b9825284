import { type Faults, suggest } from '../text/index.ts';
import { longestKernel } from './kernel.ts';
import { failAt, identifierPattern, type Token } from './tokens.ts';

type Line = readonly Token[];

/** Takes the instructions of a routine or a kernel, behind other lines. */
class Body {
  readonly head: Token;
  readonly name: string;
  readonly lines: Line[];
  readonly #before: number;
  #isTooLong = false;

  constructor(head: Token, name: string, lines: Line[]) {
    this.head = head;
    this.name = name;
    this.lines = lines;
    this.#before = lines.length;
  }

  /** @throws PlasticoreError once, at the token that makes it too long; callers are not reported for that as well */
  add(more: readonly Line[], at: Token): void {
    if (this.#isTooLong) return;
    this.#isTooLong = this.lines.length - this.#before + more.length > longestKernel;
    if (!this.#isTooLong) {
      this.lines.push(...more);
      return;
    }
    this.lines.length = this.#before;
    failAt(
      at,
      `${this.head.text} '${this.name}' has more than ${longestKernel} instructions, the most that one may have`,
      'write several kernels, and run one after the other',
    );
  }
}

/**
 * Replaces calls by the lines of their routines: `routine NAME`, lines, `end`; later `call NAME` in a kernel or in
 * another routine. A routine uses its caller's registers, and its `neuron.FIELD` means the neuron that the caller
 * handles: `self` or `post`. Errors in a routine are reported at the routine's own line.
 */
export function expandRoutines(lines: readonly Line[], faults: Faults): Line[] {
  const reader = new RoutineReader(faults);
  for (const line of lines) faults.attempt(() => reader.read(line));
  faults.attempt(() => reader.end());
  return reader.expanded;
}

class RoutineReader {
  readonly expanded: Line[] = [];
  readonly #faults: Faults;
  readonly #routines = new Map<string, readonly Line[]>();
  #open: Body | undefined;
  #kernel: Body | undefined;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  read(line: Line): void {
    const [head, name] = line;
    if (head === undefined) return;
    const open = this.#open;
    if (head.text === 'routine' || head.text === 'kernel') {
      if (open !== undefined) this.#faults.attempt(() => this.#notEnded(open.name, head));
      if (open !== undefined) this.#keep(open);
    }
    if (head.text === 'routine') this.#start(line, head);
    else if (open !== undefined && head.text === 'end') {
      this.#keep(open);
      if (name !== undefined) failAt(name, `expected the end of the line, found '${name.text}'`);
    } else if (head.text === 'kernel' || head.text === 'end') {
      this.expanded.push(line);
      this.#kernel = head.text === 'kernel' ? new Body(head, name?.text ?? '', this.expanded) : undefined;
    } else {
      const lines = head.text === 'call' ? called(line, this.#routines) : [line];
      const body = this.#open ?? this.#kernel;
      if (body === undefined) this.expanded.push(...lines);
      else body.add(lines, head);
    }
  }

  /** Ends the text. */
  end(): void {
    if (this.#open === undefined) return;
    const { head, name } = this.#open;
    failAt(head, `routine '${name}' is not ended`, "write 'end' after its last instruction");
  }

  #start([, name, extra]: Line, head: Token): void {
    // The lines up to the next end belong to a routine, whatever is wrong with its head.
    this.#open = new Body(head, name?.text ?? '', []);
    if (name === undefined || !identifierPattern.test(name.text))
      failAt(name ?? head, `expected the routine's name, found '${name?.text ?? 'the end of the line'}'`);
    if (extra !== undefined) failAt(extra, `expected the end of the line, found '${extra.text}'`);
    if (this.#routines.has(name.text)) failAt(name, `routine '${name.text}' is defined twice`);
  }

  #keep({ name, lines }: Body): void {
    this.#open = undefined;
    if (!this.#routines.has(name)) this.#routines.set(name, lines);
  }

  #notEnded(name: string, before: Token): never {
    return failAt(before, `routine '${name}' is not ended`, "write 'end' before this line");
  }
}

function called([head, name, extra]: Line, routines: ReadonlyMap<string, readonly Line[]>): readonly Line[] {
  if (head === undefined) return [];
  if (name === undefined) failAt(head, "expected a routine's name after call");
  if (extra !== undefined) failAt(extra, `expected the end of the line, found '${extra.text}'`);
  const body = routines.get(name.text);
  if (body !== undefined) return body;
  const known = [...routines.keys()];
  return failAt(
    name,
    `there is no routine '${name.text}' above this line`,
    known.length === 0 ? 'routine NAME, its instructions, end' : suggest(name.text, known),
  );
}
