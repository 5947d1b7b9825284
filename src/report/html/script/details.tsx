import { Fragment } from 'preact';
import { command, option } from '../../../text/index.ts';
import { percent } from '../../text/format.ts';
import {
  absent,
  adviceOf,
  type ByName,
  type DesignFigure,
  type DesignPoint,
  type DesignSpace,
  standingInWords,
  tableFigures,
} from '../designs.ts';
import { type DesignStep, stepsFrom } from './view.ts';

interface DetailsProps {
  readonly space: DesignSpace;
  readonly design: DesignPoint | undefined;
  readonly select: (design: DesignPoint | undefined) => void;
}

/** What a design is made of, and what one step from it brings. */
export function Details({ space, design, select }: DetailsProps) {
  if (design === undefined)
    return (
      <p class="note">
        Choose a design, in the plot or in the table, to see what it is made of and what one step from it
        brings.
      </p>
    );
  const figures = tableFigures(space);
  const rows: (readonly [string, string])[] = [
    ...space.axes.map(({ name }, axis) => [name, design.choices[axis] ?? '–'] as const),
    ...figures.map((figure) => [figure.title, shown(figure, design)] as const),
    ...(design.frontShare === null ? [] : [['on the front', standingInWords(design)] as const]),
    ...(design.constraintShare === null || design.constraintShare === 1
      ? []
      : [['constraints met', `in ${percent(design.constraintShare, 0)} of the draws`] as const]),
    ...(design.reason === null ? [] : [[design.status, design.reason] as const]),
  ];
  const steps = stepsFrom(design, space);
  return (
    <>
      <div class="bar">
        <h3>{design.name}</h3>
        <button type="button" class="save" onClick={() => select(undefined)}>
          Close
        </button>
      </div>
      <div class="columns">
        <dl>
          {rows.map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        </dl>
        <div>
          <Parts
            title="Energy of an inference"
            parts={design.energyPj}
            figure={figureOf(figures, 'energyPj')}
          />
          <Parts title="Area" parts={design.areaUm2} figure={figureOf(figures, 'areaUm2')} />
        </div>
      </div>
      {adviceOf(design).map((text) => (
        <p key={text}>{text}</p>
      ))}
      {steps.length > 0 && <Steps from={design} steps={steps} figures={figures} select={select} />}
      <p class="note">
        To run it:{' '}
        <code>
          {command('run EXPERIMENT', ...design.settings.map((setting) => option('set', `'${setting}'`)))}
        </code>
      </p>
    </>
  );
}

function figureOf(figures: readonly DesignFigure[], key: string): DesignFigure | undefined {
  return figures.find((figure) => figure.key === key);
}

function shown({ key, of, format }: DesignFigure, design: DesignPoint): string {
  const value = of(design);
  return value === null ? absent(design, key) : format(value);
}

/** More parts than these are small. */
const mostParts = 6;

/** The largest parts of a figure, as bars. */
function Parts(props: {
  readonly title: string;
  readonly parts: ByName;
  readonly figure: DesignFigure | undefined;
}) {
  const parts = Object.entries(props.parts).sort(([, a], [, b]) => b - a);
  const all = parts.reduce((sum, [, value]) => sum + value, 0);
  const [largest] = parts;
  if (all === 0 || largest === undefined || props.figure === undefined) return null;
  const { format } = props.figure;
  return (
    <>
      <h4>{props.title}</h4>
      <div class="parts">
        {parts.slice(0, mostParts).map(([name, value]) => (
          <Fragment key={name}>
            <span>{name}</span>
            <span class="part">
              <i style={`width:${(100 * value) / largest[1]}%`} />
            </span>
            <span class="n">
              {format(value)} ({percent(value / all, 0)})
            </span>
          </Fragment>
        ))}
      </div>
    </>
  );
}

/** The figures that a step is judged by. */
const judged: readonly string[] = ['accuracy', 'energyPj', 'latencyNs', 'areaUm2'];

function Steps(props: {
  readonly from: DesignPoint;
  readonly steps: readonly DesignStep[];
  readonly figures: readonly DesignFigure[];
  readonly select: DetailsProps['select'];
}) {
  const figures = props.figures.filter(({ key }) => judged.includes(key));
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">one step</th>
            {figures.map(({ key, title }) => (
              <th key={key} scope="col" class="n">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.steps.map(({ text, to }) => (
            <tr key={to.name}>
              <th scope="row">
                <button type="button" class="link" onClick={() => props.select(to)}>
                  {text}
                </button>
              </th>
              {figures.map((figure) => (
                <td key={figure.key} class="n">
                  {change(figure, figure.of(props.from), figure.of(to))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A difference, signed: shares in points, all else in percent of what it was. */
export function change(
  { unit, size }: Pick<DesignFigure, 'unit' | 'size'>,
  from: number | null,
  to: number | null,
): string {
  if (from === null || to === null) return '–';
  const isShare = unit === '%';
  const by = isShare ? (to - from) / size : from === 0 ? 0 : (100 * (to - from)) / from;
  const text = Math.abs(by).toFixed(isShare ? 2 : 1);
  const sign = Number(text) === 0 ? '' : by > 0 ? '+' : '−';
  return `${sign}${text}${isShare ? ' points' : ' %'}`;
}
