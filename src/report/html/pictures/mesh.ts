import { directions, Mesh, type MeshShape } from '../../../hardware/index.ts';
import { largest, wordAt } from '../../../text/index.ts';
import { amount, percent } from '../../text/format.ts';
import { escapeHtml } from '../markup.ts';
import { adaptive, grid, ink, muted, sequential, shade } from '../theme.ts';

/** The work of the cores and links of a chip in a sample. */
export interface MeshLoad {
  readonly shape: MeshShape;
  /** By core: the share of the time that it computes; undefined if it holds nothing. */
  readonly busy: readonly (number | undefined)[];
  /** By link, numbered as in {@link Mesh}: packets. */
  readonly loads: readonly number[];
}

/** From few packets to many: vermillion, for links beside the blue of cores. */
const hot = ['#f2b48c', '#d55e00', '#8a3a00'] as const;

const width = 440;
const margin = 26;
/** Where tiles are closer than this, links fill the space between them, without heads. */
const smallPitch = 12;

/** The share of the pitch of tiles that a tile takes; links are between. */
const tileShare = 0.62;

/** The mesh: tiles with their cores, darker the busier, and arrows for links, darker the more packets pass. */
export function meshSvg({ shape, busy, loads }: MeshLoad): string {
  const mesh = new Mesh(shape);
  const pitch = Math.min(110, (width - 2 * margin) / mesh.columns);
  const left = (width - pitch * mesh.columns) / 2;
  const height = 2 * margin + pitch * mesh.rows;
  const busiest = largest(
    busy.map((share) => share ?? 0),
    Number.MIN_VALUE,
  );
  const most = largest(loads, Number.MIN_VALUE);
  // North is up, where y is larger.
  const centre = (tile: number): readonly [number, number] => [
    left + (wordAt(mesh.x, tile) + 0.5) * pitch,
    margin + (mesh.rows - wordAt(mesh.y, tile) - 0.5) * pitch,
  ];
  // A mesh may have a quarter of a million links: where tiles are small, what does nothing is left blank.
  const isSmall = pitch < smallPitch;
  const links = loads.flatMap((load, link) => {
    if (isSmall && load === 0) return [];
    const tile = Math.floor(link / 4);
    const from = neighbour(mesh, tile, link % 4);
    return from === undefined
      ? []
      : [linkOf(centre(from), centre(tile), pitch, load, load / most, nameOf(mesh, link))];
  });
  const drawn = [...busy.keys()].filter((core) => !isSmall || busy[core] !== undefined);
  const cores = drawn.map((core) =>
    coreOf(core, mesh, centre(wordAt(mesh.tileOf, core)), pitch, busy[core], busiest),
  );
  const edge = isSmall
    ? [
        `<rect x="${round(left)}" y="${margin}" width="${round(pitch * mesh.columns)}" height="${round(pitch * mesh.rows)}" fill="none" stroke="${adaptive(grid)}"/>`,
      ]
    : [];
  const axes = [
    ...Array.from({ length: mesh.columns }, (_, x) =>
      textAt(left + (x + 0.5) * pitch, height - 8, `x ${x}`, muted),
    ),
    ...Array.from({ length: mesh.rows }, (_, y) =>
      textAt(left - 12, margin + (mesh.rows - y - 0.5) * pitch + 4, `y ${y}`, muted),
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${round(height)}" font-family="system-ui,sans-serif" font-size="11">
${[...edge, ...links, ...cores, ...(pitch < 24 ? [] : axes)].join('\n')}
</svg>`;
}

/** The tile from which a link leads into `tile`; undefined at the edge of the mesh. */
function neighbour(mesh: Mesh, tile: number, direction: number): number | undefined {
  const [dx, dy] = (
    [
      [-1, 0],
      [1, 0],
      [0, 1],
      [0, -1],
    ] as const
  )[direction] ?? [0, 0];
  const x = wordAt(mesh.x, tile) + dx;
  const y = wordAt(mesh.y, tile) + dy;
  return x < 0 || y < 0 || x >= mesh.columns || y >= mesh.rows ? undefined : mesh.tileAt(x, y);
}

/** A link in words: `east from tile 0 to tile 1`; undefined for one beyond the edge. */
export function nameOf(mesh: Mesh, link: number): string {
  const tile = Math.floor(link / 4);
  return `${directions[link % 4] ?? ''} from tile ${neighbour(mesh, tile, link % 4) ?? 'outside'} to tile ${tile}`;
}

function linkOf(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  pitch: number,
  load: number,
  share: number,
  name: string,
): string {
  const [alongX, alongY] = [Math.sign(x2 - x1), Math.sign(y2 - y1)];
  const edge = (tileShare / 2 + 0.02) * pitch;
  // The two directions of a pair of tiles are side by side: each keeps to its right.
  const isSmall = pitch < smallPitch;
  const aside = (isSmall ? 0.15 : 0.09) * pitch;
  const from = [x1 + alongX * edge - alongY * aside, y1 + alongY * edge + alongX * aside]
    .map(round)
    .join(' ');
  const to = [x2 - alongX * edge - alongY * aside, y2 - alongY * edge + alongX * aside];
  const head = 0.05 * pitch;
  const [tipX = 0, tipY = 0] = to;
  // Where tiles are small, the side tells the direction: an arrow's head would be less than a pixel.
  const barbs = (isSmall ? [] : [1, -1]).map(
    (side) =>
      `M${round(tipX - alongX * head - alongY * side * head)} ${round(tipY - alongY * head + alongX * side * head)}L${to.map(round).join(' ')}`,
  );
  const colour = load === 0 ? adaptive(grid) : `rgb(${shade(hot, share).join(',')})`;
  const thick = round(
    isSmall ? 0.28 * pitch : Math.max(0.6, 0.045 * pitch * (load === 0 ? 0.4 : 0.5 + share)),
  );
  return `<path data-tip="${escapeHtml(`${name}: ${amount(load)} packets a sample`)}" d="M${from}L${to.map(round).join(' ')}${barbs.join('')}" stroke="${colour}" stroke-width="${thick}" fill="none"/>`;
}

function coreOf(
  core: number,
  { coresPerTile }: Mesh,
  [x, y]: readonly [number, number],
  pitch: number,
  busy: number | undefined,
  busiest: number,
): string {
  const perRow = Math.ceil(Math.sqrt(coresPerTile));
  const perColumn = Math.ceil(coresPerTile / perRow);
  const side = (tileShare * pitch) / Math.max(perRow, perColumn);
  const at = core % coresPerTile;
  const left = x - (perRow * side) / 2 + (at % perRow) * side + 0.03 * side;
  const top = y - (perColumn * side) / 2 + Math.floor(at / perRow) * side + 0.03 * side;
  const share = (busy ?? 0) / busiest;
  const fill = busy === undefined ? 'none' : `rgb(${shade(sequential, share).join(',')})`;
  const tip = `core ${core}: ${busy === undefined ? 'holds nothing' : `${percent(busy)} busy`}`;
  const box = `<rect data-tip="${tip}" x="${round(left)}" y="${round(top)}" width="${round(0.94 * side)}" height="${round(0.94 * side)}" fill="${fill}" stroke="${adaptive(grid)}" pointer-events="all"/>`;
  if (side < 30) return box;
  // Neither colour belongs to the scheme, because a core is equally dark in both schemes.
  const colour = busy === undefined ? muted : share > 0.45 ? '#fffffe' : '#1b2431';
  const middle = left + 0.47 * side;
  const lines =
    busy === undefined
      ? [textAt(middle, top + 0.47 * side + 4, String(core), colour)]
      : [
          textAt(middle, top + 0.47 * side - 3, String(core), colour),
          textAt(middle, top + 0.47 * side + 11, percent(busy, 0), colour),
        ];
  return [box, ...lines].join('\n');
}

function textAt(x: number, y: number, content: string, colour: string): string {
  const fill = colour === ink || colour === muted ? adaptive(colour) : colour;
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="middle" fill="${fill}" pointer-events="none">${content}</text>`;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
