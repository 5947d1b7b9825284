import { grouped } from '../../../src/report/index.ts';
import { numbered } from '../numbered.ts';
import { bench, look, lookAt, watchOf } from '../store.ts';
import { NumberField } from './number-field.tsx';
import { Panel } from './panel.tsx';

const [width, height, edge] = [320, 90, 8];

/** What a neuron holds after each step of the watched sample. */
export function Neuron() {
  const opened = bench.opened.value;
  const sample = bench.sample.value;
  if (opened === undefined || sample?.neuron === undefined) return null;
  const { population, index, fields } = sample.neuron;
  const size = opened.populations.find(({ name }) => name === population)?.size ?? 1;
  const spikes = numbered(sample.spikes[population] ?? []).flatMap(({ number, item }) =>
    item.includes(index) ? [number] : [],
  );
  const still = Object.entries(fields)
    .filter(([, values]) => values.length > 0 && values.every((value) => value === values[0]))
    .map(([name, [value = 0]]) => `${name} ${grouped(value)}`);
  const choose = (next: { readonly population: string; readonly index: number }): void =>
    lookAt({ neuron: next });
  const watched = watchOf(opened, look.value).neuron;
  return (
    <Panel
      id="neuron"
      title="One neuron"
      about="These are the values that the neuron holds after each step of the sample: v is its potential, and a trace remembers spikes. Orange lines mark the steps in which it spiked."
    >
      <div class="row">
        <label>
          Population{' '}
          <select
            id="population"
            value={watched?.population ?? population}
            onChange={({ currentTarget }) => choose({ population: currentTarget.value, index: 0 })}
          >
            {opened.populations
              .filter((each) => each.fields.length > 0)
              .map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
          </select>
        </label>
        <NumberField
          id="neuron-index"
          label="Neuron"
          value={watched?.index ?? index}
          most={size - 1}
          onNumber={(number) => choose({ population, index: number })}
        />
      </div>
      <div class="fields">
        {Object.entries(fields)
          .filter(([, values]) => values.some((value) => value !== values[0]))
          .map(([name, values]) => (
            <figure key={name}>
              <Line name={`${population}.${name}`} values={values} spikes={spikes} />
              <figcaption>
                <code>{name}</code> {grouped(Math.min(...values))} to {grouped(Math.max(...values))}
              </figcaption>
            </figure>
          ))}
      </div>
      {still.length > 0 && <p class="about">The same in all steps: {still.join(', ')}.</p>}
    </Panel>
  );
}

interface LineProps {
  readonly name: string;
  readonly values: readonly number[];
  readonly spikes: readonly number[];
}

function Line({ name, values, spikes }: LineProps) {
  const lowest = Math.min(0, ...values);
  const highest = Math.max(...values, lowest + 1);
  const x = (step: number): number => edge + (step / Math.max(1, values.length - 1)) * (width - 2 * edge);
  const y = (value: number): number =>
    height - edge - ((value - lowest) / (highest - lowest)) * (height - 2 * edge);
  return (
    <svg
      class="line"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${name} after each step: ${values.length > 16 ? `${values.length} values` : values.join(', ')}`}
    >
      <line class="zero" x1={edge} x2={width - edge} y1={y(0)} y2={y(0)} />
      {spikes.map((step) => (
        <line key={step} class="spike" x1={x(step)} x2={x(step)} y1={edge / 2} y2={height - edge / 2} />
      ))}
      <polyline
        points={numbered(values)
          .map(({ number, item }) => `${x(number)},${y(item)}`)
          .join(' ')}
      />
    </svg>
  );
}
