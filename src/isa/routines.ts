import { type Faults, suggest } from '../text/index.ts';
import { fail, identifier, type Token } from './tokens.ts';

type Line = readonly Token[];

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
  #open: { readonly head: Token; readonly name: string; readonly body: Line[] } | undefined;

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
    else if (head.text === 'call') (this.#open?.body ?? this.expanded).push(...called(line, this.#routines));
    else if (open !== undefined && head.text === 'end') {
      this.#keep(open);
      if (name !== undefined) fail(name, `expected the end of the line, found '${name.text}'`);
    } else (this.#open?.body ?? this.expanded).push(line);
  }

  /** Ends the text. */
  end(): void {
    if (this.#open === undefined) return;
    const { head, name } = this.#open;
    fail(head, `routine '${name}' is not ended`, "write 'end' after its last instruction");
  }

  #start([, name, extra]: Line, head: Token): void {
    // The lines up to the next end belong to a routine, whatever is wrong with its head.
    this.#open = { head, name: name?.text ?? '', body: [] };
    if (name === undefined || !identifier.test(name.text))
      fail(name ?? head, `expected the routine's name, found '${name?.text ?? 'the end of the line'}'`);
    if (extra !== undefined) fail(extra, `expected the end of the line, found '${extra.text}'`);
    if (this.#routines.has(name.text)) fail(name, `routine '${name.text}' is defined twice`);
  }

  #keep({ name, body }: { readonly name: string; readonly body: readonly Line[] }): void {
    this.#open = undefined;
    if (!this.#routines.has(name)) this.#routines.set(name, body);
  }

  #notEnded(name: string, before: Token): never {
    return fail(before, `routine '${name}' is not ended`, "write 'end' before this line");
  }
}

function called([head, name, extra]: Line, routines: ReadonlyMap<string, readonly Line[]>): readonly Line[] {
  if (head === undefined) return [];
  if (name === undefined) fail(head, "expected a routine's name after call");
  if (extra !== undefined) fail(extra, `expected the end of the line, found '${extra.text}'`);
  const body = routines.get(name.text);
  if (body !== undefined) return body;
  const known = [...routines.keys()];
  return fail(
    name,
    `there is no routine '${name.text}' above this line`,
    known.length === 0 ? 'routine NAME, its instructions, end' : suggest(name.text, known),
  );
}
