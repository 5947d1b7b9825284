import { textWidth } from './common.ts';

/** Position of a label relative to its mark. */
export type LabelPosition = 'right' | 'left' | 'top' | 'bottom';

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const positions: readonly LabelPosition[] = ['right', 'left', 'top', 'bottom'];
/** Half a mark, half a mark without a label, and half a line of text. */
const [markRadius, minorRadius, lineRadius] = [7, 3, 7];

/** A label may cover so many marks that have none. */
const mostCovered = 2;

/**
 * Places labels beside marks, at their pixels, where they cover no mark with a label and no earlier label, few others,
 * and do not leave the box; a label that fits nowhere gets no position.
 *
 * @param others marks without a label
 */
export function fittingLabels(
  points: readonly { readonly label: string; readonly x: number; readonly y: number }[],
  width: number,
  height: number,
  others: readonly { readonly x: number; readonly y: number }[] = [],
  widthOf: (text: string) => number = textWidth,
): (LabelPosition | undefined)[] {
  const marks = points.map(({ x, y }) => around(x, y, markRadius, markRadius));
  const minor = others.map(({ x, y }) => around(x, y, minorRadius, minorRadius));
  const placed: Box[] = [];
  return points.map(({ label, x, y }, own) => {
    const taken = [...marks.filter((_, index) => index !== own), ...placed];
    const [best] = positions
      .map((position) => ({ position, box: labelBox(position, x, y, widthOf(label)) }))
      .filter(({ box }) => box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height)
      .filter(({ box }) => !taken.some((other) => overlap(box, other) > 0))
      .map((place) => ({ ...place, covered: minor.filter((other) => overlap(place.box, other) > 0).length }))
      .sort((a, b) => a.covered - b.covered);
    if (best === undefined || best.covered > mostCovered) return undefined;
    placed.push(best.box);
    return best.position;
  });
}

function labelBox(position: LabelPosition, x: number, y: number, width: number): Box {
  const aside = markRadius + 4 + width / 2;
  const above = markRadius + 4 + lineRadius;
  const centre: Readonly<Record<LabelPosition, readonly [number, number]>> = {
    right: [x + aside, y],
    left: [x - aside, y],
    top: [x, y - above],
    bottom: [x, y + above],
  };
  const [centreX, centreY] = centre[position];
  return around(centreX, centreY, width / 2, lineRadius);
}

function around(x: number, y: number, halfWidth: number, halfHeight: number): Box {
  return { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
}

/** The overlapping area of two boxes. */
function overlap(a: Box, b: Box): number {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return across > 0 && down > 0 ? across * down : 0;
}
