import { area, energy, percent } from '../../text/format.ts';
import { type DesignPoint, listed, shortNames } from '../designs.ts';
import { html } from '../markup.ts';
import { lookOf, type StackLook, type Stacks, stacksOf, tallest } from '../options/stacks.ts';
import type { Section } from '../section.ts';
import { type StackedFigure, stackedGroups } from './stacked.ts';

type PartsOf = (point: DesignPoint) => Readonly<Record<string, number>>;

const inference: PartsOf = ({ energyPj }) => energyPj;
const training: PartsOf = ({ trainingEnergyPj }) => trainingEnergyPj;

/** The parts of designs: energy, area, and cycles by bottleneck. Pages of runs have a section of energies. */
export const designParts: Section = {
  id: 'designs-parts',
  title: 'What designs are made of',
  short: 'Parts',
  of({ space, page, study }) {
    const isSearch = page === 'search';
    const labels = new Set(study.designs.map(({ label }) => label));
    const { points, all } = isSearch
      ? listed(space)
      : { points: space.points.filter(({ name }) => labels.has(name)), all: space.points.length };
    const names = shortNames(points, space);
    const one = (id: string, title: string, of: PartsOf, shown: Shown): StackedFigure[] => {
      const stacks = stacksOf(names, points.map(of));
      const { look, ...rest } = shown;
      return tallest(stacks) === 0
        ? []
        : [{ id: `designs-${id}`, title, stacks, look: look(stacks), ...rest }];
    };
    const ofEnergy = [
      ...one('energy-inference', 'Energy of an inference, by unit', inference, inJoules),
      ...one('energy-training', 'Energy of a training sample, by unit', training, inJoules),
    ];
    const ofArea = one('area', 'Area, by unit', ({ areaUm2 }) => areaUm2, inAreas);
    const ofBound = [
      ...one('bound-inference', 'What binds inference', ({ bound }) => bound, inShares),
      ...one('bound-training', 'What binds training', ({ trainingBound }) => trainingBound, inShares),
    ];
    const groups = [...(isSearch ? [ofEnergy] : []), ofArea, ofBound].filter((group) => group.length > 0);
    if (groups.length === 0) return undefined;
    if (!isSearch) return stackedGroups(groups);
    const which = points.some(({ onFront }) => onFront) ? 'Designs on the front' : 'Designs';
    const some = points.length < all ? `, ${points.length} of ${all}, evenly chosen` : '';
    return html`<p class="note">${which}${some}, the most accurate first. The table of all designs and its CSV file have the others.</p>
${stackedGroups(groups)}`;
  },
};

type Shown = Pick<StackedFigure, 'part' | 'unit'> & { readonly look: (stacks: Stacks) => StackLook };
const inJoules: Shown = {
  look: (stacks) => lookOf(stacks, 'energy', 'J', 1e12, energy),
  part: 'unit',
  unit: 'pJ',
};
const inAreas: Shown = {
  look: () => ({ axisName: 'area, mm²', format: area, unit: 1e6 }),
  part: 'unit',
  unit: 'um2',
};
const inShares: Shown = {
  look: () => ({ axisName: 'share of the cycles, %', format: percent, unit: 0.01, max: 1 }),
  part: 'bound by',
  unit: 'share',
};
