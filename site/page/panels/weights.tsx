import { Canvas } from '../marks/canvas.tsx';
import { paintSigned } from '../marks/pictures.ts';
import { bench, firstShown, look, lookAt, neuronsShown, watchOf } from '../store.ts';
import { Panel } from './panel.tsx';

/** The weights into some neurons, as pictures. */
export function Weights() {
  const opened = bench.opened.value;
  const weights = bench.weights.value;
  if (opened === undefined || weights === undefined || weights.neurons.length === 0) return null;
  const projection = opened.projections.find(({ name }) => name === weights.projection);
  const size = opened.populations.find(({ name }) => name === projection?.to)?.size ?? 0;
  const watched = watchOf(opened, look.value).neuron;
  const firstNeuron = firstShown(opened, projection?.to, look.value.firstNeuron);
  return (
    <Panel
      id="weights"
      title="Weights"
      about="Each picture shows the weights of one neuron. Blue ones excite it, orange ones inhibit it. Choose a neuron to follow it below."
    >
      <div class="row">
        <label>
          Projection{' '}
          <select
            id="projection"
            value={weights.projection}
            onChange={({ currentTarget }) => lookAt({ projection: currentTarget.value, firstNeuron: 0 })}
          >
            {opened.projections.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <button
          type="button"
          disabled={firstNeuron === 0}
          onClick={() => lookAt({ firstNeuron: Math.max(0, firstNeuron - neuronsShown) })}
        >
          Previous neurons
        </button>
        <button
          type="button"
          disabled={firstNeuron + neuronsShown >= size}
          onClick={() => lookAt({ firstNeuron: firstNeuron + neuronsShown })}
        >
          Next neurons
        </button>
      </div>
      <div class="weights">
        {weights.neurons.map(({ index, weights: values }) => {
          const side = Math.ceil(Math.sqrt(values.length));
          const isWatched = watched?.population === projection?.to && watched?.index === index;
          return (
            <button
              key={index}
              type="button"
              class={`weight ${isWatched ? 'chosen' : ''}`}
              aria-pressed={isWatched}
              aria-label={`follow neuron ${index} of ${projection?.to ?? ''}`}
              onClick={() => projection && lookAt({ neuron: { population: projection.to, index } })}
            >
              <Canvas
                width={side}
                height={Math.ceil(values.length / side)}
                class="pixels"
                label={`its ${values.length} weights`}
                draw={(context) => paintSigned(context, values, side, weights.largest)}
              />
              <span>{index}</span>
            </button>
          );
        })}
      </div>
    </Panel>
  );
}
