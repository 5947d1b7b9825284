import { area, energy, percent, scaleOf } from '../../text/format.ts';
import { type DesignPoint, type DesignSpace, listed, shortNames } from '../designs.ts';
import type { Draw } from '../figure.ts';
import { html } from '../markup.ts';
import type { Stacks } from '../options/stacks.ts';
import type { Section } from '../section.ts';
import { type StackedFigure, stackedGroups } from './stacked.ts';

type PartsOf = (point: DesignPoint) => Readonly<Record<string, number>>;

const energies: readonly { readonly id: string; readonly title: string; readonly of: PartsOf }[] = [
  {
    id: 'designs-energy-inference',
    title: 'Energy of an inference, by unit',
    of: ({ energyPj }) => energyPj,
  },
  {
    id: 'designs-energy-training',
    title: 'Energy of a training sample, by unit',
    of: ({ trainingEnergyPj }) => trainingEnergyPj,
  },
];

const bounds: readonly { readonly id: string; readonly title: string; readonly of: PartsOf }[] = [
  { id: 'designs-bound-inference', title: 'What binds inference', of: ({ bound }) => bound },
  { id: 'designs-bound-training', title: 'What binds training', of: ({ trainingBound }) => trainingBound },
];

/**
 * What designs consist of: energy, area, and cycles by what binds them.
 *
 * @param onlyBound whether other sections have energy and area already
 */
export function designParts(space: DesignSpace, draw: Draw, onlyBound = false): Section | undefined {
  const { points, all } = listed(space);
  const names = shortNames(points, space);
  const stacks = (of: PartsOf): Stacks => {
    const parts = [...new Set(points.flatMap((point) => Object.keys(of(point))))];
    return {
      bars: names,
      parts: parts.map((name) => ({ name, values: points.map((point) => of(point)[name] ?? 0) })),
    };
  };
  const most = (of: PartsOf) =>
    points.reduce(
      (largest, point) =>
        Math.max(
          largest,
          Object.values(of(point)).reduce((sum, part) => sum + part, 0),
        ),
      0,
    );
  const ofEnergy = energies.flatMap(({ id, title, of }): StackedFigure[] => {
    const { size, prefix } = scaleOf(most(of) * 1e-12);
    const look = { axisName: `energy, ${prefix}J`, format: energy, unit: size * 1e12 };
    return most(of) === 0 ? [] : [{ id, title, stacks: stacks(of), look, part: 'unit', unit: 'pJ' }];
  });
  const areas: PartsOf = ({ areaUm2 }) => areaUm2;
  const ofArea: StackedFigure[] =
    most(areas) === 0
      ? []
      : [
          {
            id: 'designs-area',
            title: 'Area, by unit',
            stacks: stacks(areas),
            look: { axisName: 'area, mm²', format: area, unit: 1e6 },
            part: 'unit',
            unit: 'um2',
          },
        ];
  const ofBound = bounds.flatMap(({ id, title, of }): StackedFigure[] => {
    const look = {
      axisName: 'share of the cycles, %',
      format: (share: number) => percent(share),
      unit: 0.01,
      max: 1,
    };
    return most(of) === 0 ? [] : [{ id, title, stacks: stacks(of), look, part: 'bound by', unit: 'share' }];
  });
  const groups = (onlyBound ? [ofBound] : [ofEnergy, ofArea, ofBound]).filter((group) => group.length > 0);
  if (groups.length === 0) return undefined;
  const which = points.some(({ onFront }) => onFront) ? 'Designs on the front' : 'Designs';
  const some = points.length < all ? `, ${points.length} of ${all}, evenly chosen` : '';
  return {
    id: 'designs-parts',
    title: 'What designs are made of',
    short: 'Parts',
    body: html`<p class="note">${which}${some}, the most accurate first. The table of all designs and its CSV file have the others.</p>
${stackedGroups(groups, draw)}`,
  };
}
