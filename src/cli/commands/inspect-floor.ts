import { type ChipModel, Mesh } from '../../hardware/index.ts';
import type { Image, PlacedCore } from '../../image/index.ts';
import { chipReport, grouped, percent } from '../../report/index.ts';
import { type Style, table } from '../../report/node.ts';
import { largest } from '../../text/index.ts';

/** The floor plan of a chip: a table of its cores, and the mesh as it lies. */
export function floorPlan(image: Image, chip: ChipModel, style: Style): string[] {
  const mesh = new Mesh(chip.mesh);
  return [coreTable(image, mesh, style), meshText(image, mesh, style)];
}

/** The cores of a chip as JSON. */
export function floorJson(image: Image): object | null {
  const report = chipReport(image);
  if (report === undefined) return null;
  return {
    ...report,
    cores: report.cores.map((core, index) => ({ ...core, banks: image.cores[index]?.image.banks ?? [] })),
  };
}

function coreTable(image: Image, mesh: Mesh, style: Style): string {
  const banks = image.cores[0]?.image.banks.map(({ name }) => name) ?? [];
  const rows = (chipReport(image)?.cores ?? []).map(
    ({ core, slices, totalBits, copyBits, sumBits }, index) => {
      const tile = mesh.tileOf[core] ?? 0;
      const part = image.cores[index];
      return [
        String(core),
        `${mesh.x[tile]}, ${mesh.y[tile]}`,
        slices.map(({ population, first, last }) => `${population} ${rangeOf(first, last)}`).join(', '),
        ...(part === undefined ? [] : fills(part)).map((fill) => percent(fill)),
        grouped(totalBits),
        grouped(copyBits),
        grouped(sumBits),
      ];
    },
  );
  const head = ['core', 'x, y', 'neurons', ...banks, 'bits', 'copies', 'sums'];
  return table(head, rows, 'rllr', style);
}

/** How much of each bank a core fills. */
function fills({ image }: PlacedCore): number[] {
  return image.banks.map(({ usedWords, wordBits, capacityBits }) => (usedWords * wordBits) / capacityBits);
}

function rangeOf(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`;
}

/**
 * The mesh, north up: for each core of a tile that holds something its number, its populations and how much of its
 * fullest bank it fills. A dot is a tile whose cores hold nothing.
 */
function meshText(image: Image, mesh: Mesh, style: Style): string {
  const lines = Array.from({ length: mesh.tiles }, (): string[] => []);
  for (const part of image.cores) lines[mesh.tileOf[part.number] ?? 0]?.push(coreText(part, image));
  const height = largest(
    lines.map(({ length }) => length),
    1,
  );
  const width =
    2 +
    largest(
      lines.flatMap((own) => own.map(({ length }) => length)),
      1,
    );
  const drawn = Array.from({ length: mesh.rows }, (_, row) => mesh.rows - 1 - row).flatMap((y) => [
    ...Array.from({ length: height }, (__, line) => {
      const cells = Array.from({ length: mesh.columns }, (___, x) => {
        const own = lines[mesh.tileAt(x, y)] ?? [];
        return (own[line] ?? (line === 0 && own.length === 0 ? '.' : '')).padEnd(width);
      });
      return `${line === 0 ? `y ${y}`.padEnd(6) : ' '.repeat(6)}${cells.join('')}`.trimEnd();
    }),
    ...(height > 1 && y > 0 ? [''] : []),
  ]);
  const axis = Array.from({ length: mesh.columns }, (_, x) => `x ${x}`.padEnd(width));
  const head = `mesh of ${mesh.columns} x ${mesh.rows} tiles, ${mesh.cores} cores: core, populations, fill of the fullest bank`;
  return [style.bold(head), ...drawn, `${' '.repeat(6)}${axis.join('')}`.trimEnd()].join('\n');
}

function coreText(part: PlacedCore, { populations }: Image): string {
  const names = part.populations
    .filter(({ isCopy }) => !isCopy)
    .map(({ population }) => populations[population]?.name ?? '');
  return `${part.number} ${[...new Set(names)].join('+')} ${percent(Math.max(...fills(part)), 0)}`;
}
