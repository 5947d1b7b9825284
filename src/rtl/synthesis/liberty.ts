import { PlasticoreError } from '../../text/index.ts';

/** A group of a file in the Liberty format: `kind (names) { attributes and groups }`. */
export interface Group {
  readonly kind: string;
  readonly names: readonly string[];
  /** Values without their quotes, by the names of attributes. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly groups: readonly Group[];
}

/** The cell that lets edges of a clock through while it is asked to, and its pins. */
interface ClockGate {
  readonly cell: string;
  readonly enable: string;
  readonly clock: string;
  readonly gated: string;
}

/** What a core needs to know of a library of standard cells in the Liberty format. */
export interface Liberty {
  readonly text: string;
  readonly name: string;
  readonly library: Group;
  readonly cells: readonly Group[];
  /** The supply at which its cells are characterised, in V; undefined if it does not say. */
  readonly supplyV: number | undefined;
  /** Whether it has the times of its cells. */
  readonly isTimed: boolean;
  /** Whether it has their energies. */
  readonly isPowered: boolean;
  /** Names of the cells that are flip-flops. */
  readonly flipFlops: ReadonlySet<string>;
  /** The area of the smallest flip-flop, in um2. */
  readonly flipFlopUm2: number;
  /** The smallest cell whose output is its input, if there is one: with it, nets of high fan-out are buffered. */
  readonly buffer: string | undefined;
  /** The smallest clock gate for rising edges without a pin for tests, if there is one. */
  readonly clockGate: ClockGate | undefined;
}

const hint =
  'name a file of standard cells (.lib or .lib.gz): open processes publish theirs, such as github.com/IHP-GmbH/IHP-Open-PDK (ihp-sg13g2/libs.ref/sg13g2_stdcell/lib) and github.com/google/skywater-pdk-libs-sky130_fd_sc_hd; a foundry gives those of its own';

/** The fault of a line that asks for a library and names none, or not the node of its process. */
export const noLiberty = (hasLibrary: boolean): PlasticoreError =>
  hasLibrary
    ? new PlasticoreError('usage', '--synth liberty needs the node of the library: expected --node NM', {
        hint: 'the file does not say it: 130 for sg13g2 and sky130, 180 for gf180mcu, 7 for ASAP7',
      })
    : new PlasticoreError('usage', '--synth liberty needs a library of cells: expected --liberty FILE', {
        hint,
      });

/**
 * Reads a library of cells.
 *
 * @throws PlasticoreError `data` if it has no cells, or no flip-flop among them
 */
export function readLiberty(text: string, file: string): Liberty {
  const library = parseLiberty(text, file);
  const cells = library?.groups.filter(({ kind }) => kind === 'cell') ?? [];
  const flipFlops = cells.filter((cell) => has(cell, 'ff', 'ff_bank'));
  if (library === undefined || flipFlops.length === 0) {
    const found = library === undefined ? 'no library' : `${cells.length} cells without a flip-flop`;
    throw noCells(found, file);
  }
  const smallest = (isMeant: (cell: Group) => boolean): Group | undefined =>
    cells.filter((cell) => areaOf(cell) > 0 && isMeant(cell)).sort((a, b) => areaOf(a) - areaOf(b))[0];
  const buffer = smallest(isBuffer);
  const clockGate = smallest((cell) => attributeOf(cell, 'clock_gating_integrated_cell') === 'latch_posedge');
  const volts = Number(attributeOf(library, 'nom_voltage'));
  return {
    text,
    name: groupName(library),
    library,
    cells,
    supplyV: volts > 0 ? volts : undefined,
    isTimed: cells.some(({ groups }) => groups.some((pin) => has(pin, 'timing'))),
    isPowered: cells.some(({ groups }) => groups.some((pin) => has(pin, 'internal_power'))),
    flipFlops: new Set(flipFlops.map(groupName)),
    flipFlopUm2: Math.min(...flipFlops.map(areaOf)),
    buffer: buffer && groupName(buffer),
    clockGate: clockGate && clockGateOf(clockGate),
  };
}

function noCells(found: string, file: string, line?: number): PlasticoreError {
  const expected = 'expected a library of cells in the Liberty format, with flip-flops';
  return new PlasticoreError('data', `${expected}; found ${found}`, {
    file,
    ...(line !== undefined && { line }),
    hint,
  });
}

/**
 * The library in a text; undefined where it begins with none.
 *
 * @throws PlasticoreError `data` where it is no Liberty
 */
function parseLiberty(text: string, file: string): Group | undefined {
  // As many lines as before, so that a fault has its own.
  const plain = text.replace(/\/\*[\s\S]*?\*\/|\\(?=\r?\n)/g, (comment) => comment.replace(/[^\n]/g, ' '));
  const statement = /\s*(?:(\})|([\w.]+)\s*(?::\s*("[^"]*"|[^;\n}]*)|\(([^)]*)\)\s*(\{)?))[\s;]*/y;
  type Open = Group & { readonly attributes: Map<string, string>; readonly groups: Group[] };
  const open: Open[] = [{ kind: '', names: [], attributes: new Map(), groups: [] }];
  const library = (): Group | undefined => open[0]?.groups.find(({ kind }) => kind === 'library');
  let read = 0;
  for (let match = statement.exec(plain); match !== null; match = statement.exec(plain)) {
    read = statement.lastIndex;
    const [, closes, name = '', value, args = '', opens] = match;
    const inner = open.at(-1);
    if (inner === undefined) break;
    if (closes !== undefined) open.pop();
    else if (opens === undefined) inner.attributes.set(name, (value ?? args).replaceAll('"', '').trim());
    else {
      const names = args.split(',').map((own) => own.replaceAll('"', '').trim());
      const group: Open = { kind: name, names, attributes: new Map(), groups: [] };
      inner.groups.push(group);
      open.push(group);
    }
  }
  if (library() !== undefined && (open.length !== 1 || plain.slice(read).trim() !== '')) {
    const line = plain.slice(0, read).split('\n').length;
    const found = plain.slice(read).trim().slice(0, 40);
    throw noCells(found === '' ? 'its end within a group' : `'${found}'`, file, line);
  }
  return library();
}

/** The first name of a group. */
export const groupName = ({ names: [name = ''] }: Group): string => name;

/** An attribute of a group; empty where it has none. */
export const attributeOf = ({ attributes }: Group, name: string): string => attributes.get(name) ?? '';

/** The pins of a cell. */
export const pinsOf = ({ groups }: Group): Group[] => groups.filter(({ kind }) => kind === 'pin');

const has = ({ groups }: Group, ...kinds: readonly string[]): boolean =>
  groups.some(({ kind }) => kinds.includes(kind));

const areaOf = (cell: Group): number => Number(attributeOf(cell, 'area'));

function isBuffer(cell: Group): boolean {
  const functions = pinsOf(cell).flatMap((pin) => pin.attributes.get('function') ?? []);
  const isPlain =
    !has(cell, 'ff', 'ff_bank', 'latch', 'latch_bank', 'statetable') &&
    pinsOf(cell).every(({ attributes }) => !attributes.has('three_state')) &&
    attributeOf(cell, 'dont_use') !== 'true';
  // A cell that ties a net to 0 or 1 has a function, too, and no input.
  return isPlain && functions.length === 1 && /^\(?\s*[A-Za-z_]\w*\s*\)?$/.test(functions[0] ?? '');
}

function clockGateOf(cell: Group): ClockGate | undefined {
  const [enable, clock, gated] = ['enable', 'clock', 'out'].map((of) =>
    pinsOf(cell).find((pin) => attributeOf(pin, `clock_gate_${of}_pin`) === 'true'),
  );
  if (enable === undefined || clock === undefined || gated === undefined) return undefined;
  return {
    cell: groupName(cell),
    enable: groupName(enable),
    clock: groupName(clock),
    gated: groupName(gated),
  };
}
