import { PlasticoreError } from '../../text/index.ts';

/** What a core needs to know of a library of standard cells in the Liberty format. */
export interface Liberty {
  readonly text: string;
  readonly name: string;
  /** The supply at which its cells are characterised, in V; undefined if it does not say. */
  readonly supplyV: number | undefined;
  /** Whether it has the times of its cells. */
  readonly isTimed: boolean;
  /** Names of the cells that are flip-flops. */
  readonly flipFlops: ReadonlySet<string>;
  /** The smallest cell whose output is its input, if there is one: with it, nets of high fan-out are buffered. */
  readonly buffer: string | undefined;
}

const hint =
  'name a file of standard cells (.lib or .lib.gz): open processes publish theirs, such as github.com/IHP-GmbH/IHP-Open-PDK (ihp-sg13g2/libs.ref/sg13g2_stdcell/lib) and github.com/google/skywater-pdk-libs-sky130_fd_sc_hd; a foundry gives those of its own';

/** The fault of a line that asks for a library and names none. */
export const noLiberty = (): PlasticoreError =>
  new PlasticoreError('usage', '--synth liberty needs a library of cells: expected --liberty FILE', { hint });

/**
 * Reads a library of cells.
 *
 * @throws PlasticoreError `data` if it has no cells, or no flip-flop among them
 */
export function readLiberty(text: string, file: string): Liberty {
  const plain = text.replace(/\/\*[\s\S]*?\*\//g, ' ');
  const [head = '', ...cells] = plain.split(/\bcell\s*\(/);
  const library = /\blibrary\s*\(\s*"?([^\s")]+)"?\s*\)/.exec(head)?.[1];
  const nameOf = (cell: string): string => /[\w$.]+/.exec(cell)?.[0] ?? '';
  const areaOf = (cell: string): number => Number(/\barea\s*:\s*"?([\d.]+)/.exec(cell)?.[1]);
  const flipFlops = cells.filter((cell) => /\bff(_bank)?\s*\(/.test(cell)).map(nameOf);
  const [buffer] = cells
    .filter((cell) => {
      const functions = [...cell.matchAll(/\bfunction\s*:\s*"([^"]*)"/g)].map(([, of = '']) => of);
      const isPlain =
        !/\b(ff|ff_bank|latch|latch_bank|statetable)\s*\(|\bthree_state\s*:|\bdont_use\s*:\s*"?true/.test(
          cell,
        );
      // A cell that ties a net to 0 or 1 has a function, too, and no input.
      const passesOn = /^\(?\s*[A-Za-z_]\w*\s*\)?$/.test(functions[0] ?? '');
      return isPlain && areaOf(cell) > 0 && functions.length === 1 && passesOn;
    })
    .sort((a, b) => areaOf(a) - areaOf(b))
    .map(nameOf);
  if (library === undefined || flipFlops.length === 0) {
    const found = library === undefined ? 'no library' : `${cells.length} cells without a flip-flop`;
    throw new PlasticoreError(
      'data',
      `expected a library of cells in the Liberty format, with flip-flops; found ${found}`,
      {
        file,
        hint,
      },
    );
  }
  const volts = Number(/\bnom_voltage\s*:\s*"?([\d.]+)/.exec(head)?.[1]);
  return {
    text,
    name: library,
    supplyV: volts > 0 ? volts : undefined,
    isTimed: cells.some((cell) => /\btiming\s*\(/.test(cell)),
    flipFlops: new Set(flipFlops),
    buffer,
  };
}
