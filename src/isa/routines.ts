import { suggest } from '../text/index.ts';
import { fail, identifier, type Token } from './tokens.ts';

type Line = readonly Token[];

/**
 * Replaces calls by the lines of their routines: `routine NAME`, lines, `end`; later `call NAME` in a kernel or in
 * another routine. A routine uses its caller's registers, and its `neuron.FIELD` means the neuron that the caller
 * handles: `self` or `post`. Errors in a routine are reported at the routine's own line.
 */
export function expandRoutines(lines: readonly Line[]): Line[] {
  const routines = new Map<string, readonly Line[]>();
  const expanded: Line[] = [];
  let open: { head: Token; name: string; body: Line[] } | undefined;
  for (const line of lines) {
    const [head, name, extra] = line;
    if (head === undefined) continue;
    const to: Line[] = open?.body ?? expanded;
    if (head.text === 'call') {
      to.push(...called(line, routines));
    } else if (head.text === 'routine') {
      if (open !== undefined)
        fail(head, `routine '${open.name}' is not ended`, "write 'end' before this line");
      if (name === undefined || !identifier.test(name.text))
        fail(name ?? head, `expected the routine's name, found '${name?.text ?? 'the end of the line'}'`);
      if (extra !== undefined) fail(extra, `expected the end of the line, found '${extra.text}'`);
      if (routines.has(name.text)) fail(name, `routine '${name.text}' is defined twice`);
      open = { head, name: name.text, body: [] };
    } else if (open !== undefined && head.text === 'end') {
      if (name !== undefined) fail(name, `expected the end of the line, found '${name.text}'`);
      routines.set(open.name, open.body);
      open = undefined;
    } else if (open !== undefined && head.text === 'kernel') {
      fail(head, `routine '${open.name}' is not ended`, "write 'end' before this line");
    } else {
      to.push(line);
    }
  }
  if (open !== undefined)
    fail(open.head, `routine '${open.name}' is not ended`, "write 'end' after its last instruction");
  return expanded;
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
