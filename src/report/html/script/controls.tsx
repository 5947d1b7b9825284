import { largest } from '../../../text/index.ts';
import { type DesignSpace, figuresOf, quantitiesOf, unitFor } from '../designs.ts';
import { coloursOf, type View } from './view.ts';

interface ControlsProps {
  readonly space: DesignSpace;
  readonly view: View;
  readonly change: (part: Partial<View>) => void;
}

/** What a reader chooses: axes, colour, and which designs are shown. */
export function Controls({ space, view, change }: ControlsProps) {
  const quantities = quantitiesOf(space);
  const titles = quantities.map(({ key, title }) => [key, title] as const);
  const quantity = (key: string) => quantities.find((known) => known.key === key);
  return (
    <>
      <div class="pick">
        <Select
          name="y"
          label="up"
          of={titles}
          value={view.y.key}
          act={(key) => change({ y: quantity(key) ?? view.y })}
        />
        <Select
          name="x"
          label="across"
          of={titles}
          value={view.x.key}
          act={(key) => change({ x: quantity(key) ?? view.x })}
        />
        <Select
          name="colour"
          label="colour"
          of={coloursOf(space)}
          value={view.colour}
          act={(colour) => change({ colour })}
        />
        <label>
          <span>name</span>
          <input
            type="search"
            name="text"
            value={view.text}
            onInput={({ currentTarget }) => change({ text: currentTarget.value })}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            name="front"
            checked={view.onlyFront}
            onChange={({ currentTarget }) => change({ onlyFront: currentTarget.checked })}
          />{' '}
          <span>only the front</span>
        </label>
        <button
          type="button"
          class="save"
          name="all"
          onClick={() => change({ only: new Map(), limits: new Map(), onlyFront: false, text: '' })}
        >
          Show all
        </button>
      </div>
      <div class="filters">
        {space.axes.map(({ name, values }) =>
          values.length < 2 ? null : (
            <Chips key={name} axis={name} values={values} view={view} change={change} />
          ),
        )}
        <Limits space={space} view={view} change={change} />
      </div>
    </>
  );
}

interface SelectProps {
  readonly name: string;
  readonly label: string;
  readonly of: readonly (readonly [key: string, title: string])[];
  readonly value: string;
  readonly act: (key: string) => void;
}

function Select({ name, label, of, value, act }: SelectProps) {
  return (
    <label>
      <span>{label}</span>
      <select name={name} value={value} onChange={({ currentTarget }) => act(currentTarget.value)}>
        {of.map(([key, title]) => (
          <option key={key} value={key}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}

interface ChipsProps extends Omit<ControlsProps, 'space'> {
  readonly axis: string;
  readonly values: readonly string[];
}

/** The values of an axis, to be left out one by one. */
function Chips({ axis, values, view, change }: ChipsProps) {
  const kept = view.only.get(axis) ?? new Set(values);
  const toggle = (value: string) => {
    const next = new Set(values.filter((other) => kept.has(other) !== (other === value)));
    const only = new Map(view.only);
    if (next.size === values.length) only.delete(axis);
    else only.set(axis, next);
    change({ only });
  };
  return (
    <fieldset>
      <legend>{axis}</legend>
      <div class="chips">
        {values.map((value) => (
          <label key={value} class="chip">
            <input type="checkbox" checked={kept.has(value)} onChange={() => toggle(value)} />
            <span>{value}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Bounds of figures, in the units in which they are told. */
function Limits({ space, view, change }: ControlsProps) {
  return (
    <details open={view.limits.size > 0}>
      <summary>Limits</summary>
      <div class="limits">
        {figuresOf(space).map((figure) => {
          const unit = unitFor(figure, largest(space.points.map((point) => Math.abs(figure.of(point) ?? 0))));
          const limit = view.limits.get(figure.key);
          const set = (text: string) => {
            const limits = new Map(view.limits);
            if (text === '' || !Number.isFinite(Number(text))) limits.delete(figure.key);
            else limits.set(figure.key, Number(text) * unit.size);
            change({ limits });
          };
          return (
            <label key={figure.key}>
              <span>
                {figure.title}, at {figure.better === 'more' ? 'least' : 'most'}
              </span>
              <span class="entry">
                <input
                  type="number"
                  step="any"
                  inputMode="decimal"
                  // Only what was not typed here takes the place of what is.
                  key={limit === undefined}
                  defaultValue={limit === undefined ? '' : String(Number((limit / unit.size).toPrecision(6)))}
                  onInput={({ currentTarget }) => set(currentTarget.value)}
                />
                <span>{unit.name}</span>
              </span>
            </label>
          );
        })}
      </div>
    </details>
  );
}
