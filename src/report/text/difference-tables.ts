import type { DesignDifference, DifferencePart } from '../difference.ts';
import { grouped, inUnit, percent, unknown } from './format.ts';
import { type Style, table } from './table.ts';

/** In what two designs differ, a table for each part in which they do. */
export function differenceTables(
  names: readonly [one: string, other: string],
  parts: readonly DifferencePart[],
  style: Style,
): string {
  const tables = parts
    .filter(({ differing }) => differing.length > 0)
    .map(({ part, differing, alike }) =>
      table(
        [part, ...names, 'change'],
        [...differing.map(row), ...(alike === 0 ? [] : [[`${grouped(alike)} more: the same`, '', '', '']])],
        'lrrr',
        style,
      ),
    );
  const same = parts.filter(({ differing, alike }) => differing.length === 0 && alike > 0);
  const unchanged = same.length === 0 ? [] : [`the same: ${same.map(({ part }) => part).join('; ')}`];
  return [...tables, ...unchanged].join('\n\n');
}

function row(differing: DesignDifference): string[] {
  const { what, one, other } = differing;
  const of = (which: 'one' | 'other', value: string | number | null): string =>
    differing.unknown?.includes(which) ? unknown : shown(differing, value);
  return [what, of('one', one), of('other', other), change(differing)];
}

function shown({ unit }: DesignDifference, value: string | number | null): string {
  if (value === null) return '-';
  return typeof value === 'string' || unit === 'text' ? String(value) : inUnit[unit](value);
}

/** Points for shares, else the share of the first by which the second is larger. */
function change({ unit, one, other }: DesignDifference): string {
  if (typeof one !== 'number' || typeof other !== 'number') return '';
  const sign = other > one ? '+' : '−';
  const by = Math.abs(other - one);
  if (unit === 'share') return `${sign}${(100 * by).toFixed(2)} points`;
  return one === 0 ? '' : `${sign}${percent(by / Math.abs(one))}`;
}
