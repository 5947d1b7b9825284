import { mostOf } from '../../advice.ts';
import { lacking } from '../../schema-study.ts';
import { column, numberCell, numeric, tabled } from '../../text/columns.ts';
import { grouped } from '../../text/format.ts';
import {
  absent,
  type DesignPoint,
  type DesignSpace,
  designFigures,
  shortNames,
  standingInWords,
  wantedFirst,
} from '../designs.ts';
import { dataTable } from '../figure.ts';
import { html } from '../markup.ts';
import { type Card, cardList, type Section, unknownNote } from '../section.ts';

/** The result of a search: how many designs, which of them nothing betters, and how sure that is. */
export const explorationOverview: Section = {
  id: 'overview',
  title: 'Overview',
  short: 'Overview',
  of({ space, runs }) {
    const { points, objectives, axes } = space;
    const count = (status: string) => points.filter((point) => point.status === status).length;
    const front = points.filter(({ onFront }) => onFront);
    const left = Object.entries(lacking).flatMap(([status, what]) => {
      const number = count(status);
      return number === 0 ? [] : [`${grouped(number)} ${what}`];
    });
    const cards: readonly Card[] = [
      ['Designs', grouped(points.length), left.length === 0 ? `of ${axes.length} choices` : left.join(', ')],
      ['On the front', grouped(front.length), `in ${objectives.join(', ')}`],
      ...(runs === 0 ? [] : [['Runs', grouped(runs), 'which the designs share'] as const]),
      ...bestCards(space),
    ];
    return html`${cardList(cards)}${unknownNote(points)}${frontTable(space)}`;
  },
};

function bestCards(space: DesignSpace): Card[] {
  const done = space.points.filter(({ status }) => status === 'done');
  const names = new Map(shortNames(done, space).map((name, at) => [done[at], name]));
  return (['accuracy', 'energyPj', 'areaUm2'] as const).flatMap((key) => {
    const figure = designFigures.find((known) => known.key === key);
    const sign = figure?.better === 'more' ? -1 : 1;
    const [best] = done
      .filter(({ figures }) => figures[key] !== null)
      .sort((a, b) => sign * ((a.figures[key] ?? 0) - (b.figures[key] ?? 0)));
    if (figure === undefined || best === undefined) return [];
    const name = key === 'accuracy' ? 'Highest accuracy' : key === 'energyPj' ? 'Least energy' : 'Least area';
    return [[name, figure.format(best.figures[key] ?? 0), names.get(best) ?? best.name] as const];
  });
}

function frontTable(space: DesignSpace) {
  const front = space.points.filter(({ onFront }) => onFront);
  if (front.length === 0)
    return html`<p class="missing">No design is on the front: none has all figures and meets all constraints.</p>
`;
  const sorted = [...front].sort((a, b) => (b.figures.accuracy ?? 0) - (a.figures.accuracy ?? 0));
  const names = shortNames(sorted, space);
  const { draws } = space;
  const figures = wantedFirst(space);
  const others = space.points.filter(
    ({ onFront, standing }) => !onFront && (standing ?? 'not') !== 'not',
  ).length;
  return html`${dataTable({
    id: 'front',
    isStacked: true,
    caption: `The front: no other design is as good in ${space.objectives.join(', ')}, and better in one`,
    ...tabled(sorted, [
      column('design', (_, at) => names[at] ?? ''),
      ...figures.map(({ title, key, of, format }) =>
        numeric(title, (design: DesignPoint) => numberCell(of(design), format, absent(design, key)), key),
      ),
      draws > 0 &&
        numeric(
          'on the front',
          (design) => numberCell(design.frontShare, () => standingInWords(design)),
          'frontShare',
        ),
      column('bound by', ({ bound }) => mostOf(bound) ?? '–'),
    ]),
  })}${
    draws > 0
      ? html`<p class="note">How sure the front is: the share of ${grouped(draws)} draws in which a design is on it. A draw takes all figures within their intervals, and accuracies within their errors. Surely is at least 95 %; ${grouped(others)} more designs are perhaps on it, in more than 5 %.</p>
`
      : null
  }`;
}
