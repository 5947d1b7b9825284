import type { NdArray } from '../../../data/index.ts';
import { adaptive, diverging, ink, shade } from '../theme.ts';
import { dataUrl, type IndexedPicture, transparent, writePng } from './png.ts';

/** Weights laid out as a picture. */
export interface WeightLayout {
  readonly width: number;
  readonly height: number;
  /** The weight at each pixel, row by row; NaN where the picture is empty. */
  readonly values: Float64Array;
  /** Explains the layout. */
  readonly what: string;
}

/** The maximum number of receptive fields, rows or columns. */
const mostTiles = 64;
const mostLines = 512;

/**
 * Lays weights out. If the pre-synaptic neurons form a square, each post-synaptic neuron gets a tile. A filter bank
 * gets a tile for each filter. Otherwise the matrix itself is drawn, with its longer side across.
 *
 * @param isImage whether the pre-synaptic population is the input, whose neurons have positions
 */
export function layOut({ shape, data }: NdArray, isImage: boolean): WeightLayout {
  const [rows = 1, columns = 1] = shape;
  const at = (index: number) => data[index] ?? Number.NaN;
  if (shape.length > 2) {
    const [tileHeight = 1, tileWidth = 1] = shape.slice(-2);
    const size = tileHeight * tileWidth;
    const tiles = Math.min(mostTiles, data.length / size);
    const what = `${tiles} of ${data.length / size} filters of ${tileHeight} x ${tileWidth}`;
    return mosaic(tiles, tileHeight, tileWidth, (tile, pixel) => at(tile * size + pixel), what);
  }
  const side = Math.sqrt(rows);
  if (shape.length === 2 && isImage && Number.isInteger(side) && side >= 4) {
    const tiles = Math.min(mostTiles, columns);
    const what = `receptive fields of ${side} x ${side} inputs, of the first ${tiles} of ${columns} neurons`;
    return mosaic(tiles, side, side, (tile, pixel) => at(pixel * columns + tile), what);
  }
  if (shape.length < 2) {
    const width = Math.max(1, Math.ceil(Math.sqrt(data.length)));
    return grid(
      Math.ceil(data.length / width),
      width,
      (y, x) => at(y * width + x),
      'all weights in their order',
    );
  }
  const [height, width] = [Math.min(rows, columns, mostLines), Math.min(Math.max(rows, columns), mostLines)];
  const isWide = columns >= rows;
  const value = (y: number, x: number) => at(isWide ? y * columns + x : x * columns + y);
  const part = height * width < data.length ? `, the first ${height} x ${width}` : '';
  const down = isWide
    ? 'pre-synaptic neurons downward, post-synaptic ones across'
    : 'post-synaptic neurons downward, pre-synaptic ones across';
  return grid(height, width, value, `${down}${part}`);
}

function grid(
  height: number,
  width: number,
  at: (y: number, x: number) => number,
  what: string,
): WeightLayout {
  const values = Float64Array.from({ length: height * width }, (_, pixel) =>
    at(Math.floor(pixel / width), pixel % width),
  );
  return { width, height, values, what };
}

/** Tiles in rows, one pixel apart. */
function mosaic(
  tiles: number,
  tileHeight: number,
  tileWidth: number,
  at: (tile: number, pixel: number) => number,
  what: string,
): WeightLayout {
  const across = Math.max(1, Math.ceil(Math.sqrt(tiles)));
  const down = Math.max(1, Math.ceil(tiles / across));
  return grid(
    down * (tileHeight + 1) - 1,
    across * (tileWidth + 1) - 1,
    (y, x) => {
      const [tileY, tileX] = [Math.floor(y / (tileHeight + 1)), Math.floor(x / (tileWidth + 1))];
      const [innerY, innerX] = [y % (tileHeight + 1), x % (tileWidth + 1)];
      const tile = tileY * across + tileX;
      const isGap = innerY === tileHeight || innerX === tileWidth || tile >= tiles;
      return isGap ? Number.NaN : at(tile, innerY * tileWidth + innerX);
    },
    what,
  );
}

const levels = 255;
const palette = Array.from({ length: levels }, (_, level) => shade(diverging, level / (levels - 1)));

/** Colours centred on zero; `end` is the value at the ends of the scale, which covers all but the strongest 0.5 %. */
export function paint({ width, height, values }: WeightLayout): { picture: IndexedPicture; end: number } {
  const sizes = values
    .filter((value) => !Number.isNaN(value))
    .map(Math.abs)
    .sort();
  const end = sizes[Math.ceil(0.995 * sizes.length) - 1] || (sizes.at(-1) ?? 0);
  const middle = (levels - 1) / 2;
  const pixels = Uint8Array.from(values, (value) => {
    if (Number.isNaN(value)) return transparent;
    const share = end === 0 ? 0 : Math.max(-1, Math.min(1, value / end));
    return Math.round(middle + share * middle);
  });
  return { picture: { width, height, pixels, palette }, end };
}

/** The picture with its colour scale; `scale` is the value of one unit of a weight. */
export function weightSvg(id: string, layout: WeightLayout, scale: number): string {
  const { picture, end } = paint(layout);
  const [width, margin] = [400, 6];
  const inner = width - 2 * margin;
  // A narrow matrix is stretched until its rows can be told apart.
  const height = Math.min(
    inner,
    Math.max((inner * picture.height) / picture.width, Math.min(130, 12 * picture.height)),
  );
  const bottom = height + margin + 14;
  const stops = diverging.map(
    (colour, index) =>
      `<stop offset="${Math.round((100 * index) / (diverging.length - 1))}%" stop-color="${colour}"/>`,
  );
  const shown = Number((end * scale).toPrecision(3));
  const text = (x: number, anchor: string, content: string) =>
    `<text x="${x}" y="${bottom + 26}" text-anchor="${anchor}" font-size="11" fill="${adaptive(ink)}">${content}</text>`;
  const left = width / 2 - 90;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 36}" font-family="system-ui,sans-serif">
<defs><linearGradient id="${id}-scale">${stops.join('')}</linearGradient></defs>
<image x="${margin}" y="${margin}" width="${inner}" height="${height}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${dataUrl('image/png', writePng(picture))}"/>
<rect x="${left}" y="${bottom}" width="180" height="10" fill="url(#${id}-scale)"/>
${text(left, 'middle', `−${shown}`)}${text(width / 2, 'middle', '0')}${text(left + 180, 'middle', `${shown}`)}
</svg>`;
}
