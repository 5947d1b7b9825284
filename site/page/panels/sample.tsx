import type { ComponentChildren } from 'preact';
import { energy, grouped, time } from '../../../src/report/index.ts';
import type { OpenDesign, SampleView } from '../../shared/protocol.ts';
import { SignedBar } from '../marks/bars.tsx';
import { Canvas } from '../marks/canvas.tsx';
import { paintGrey, paintRaster } from '../marks/pictures.ts';
import { numbered } from '../numbered.ts';
import { bench, look, lookAt, watchOf } from '../store.ts';
import { NumberField } from './number-field.tsx';
import { Panel } from './panel.tsx';

/** One test sample, from its picture to the answer, step by step. */
export function Sample() {
  const opened = bench.opened.value;
  const sample = bench.sample.value;
  if (opened === undefined) return null;
  if (sample === undefined)
    return (
      <Panel id="sample" title="One sample">
        <p class="about">
          {opened.canWatch
            ? 'There is no test sample to watch.'
            : 'The host of this chip makes its own cores, so no single sample can be watched here.'}
        </p>
      </Panel>
    );
  const isHeld = look.value.sample !== undefined;
  return (
    <Panel
      id="sample"
      title="One sample, step by step"
      about="A copy of the core answers a test sample. The core itself goes on learning."
    >
      <Chain opened={opened} sample={sample}>
        <Answer sample={sample} opened={opened} />
      </Chain>
      <div class="row">
        <button
          type="button"
          id="hold"
          aria-pressed={isHeld}
          onClick={() => lookAt({ sample: isHeld ? undefined : sample.sample })}
        >
          {isHeld ? 'Show others again' : 'Hold this sample'}
        </button>
        <NumberField
          id="sample-number"
          label="Sample"
          value={sample.sample}
          most={opened.testSamples - 1}
          onNumber={(number) => lookAt({ sample: number })}
        />
      </div>
    </Panel>
  );
}

interface ChainProps {
  readonly opened: OpenDesign;
  readonly sample: SampleView;
  /** What stands at its end. */
  readonly children?: ComponentChildren;
}

/** Picture, spikes of the input, spikes of each population. */
export function Chain({ opened, sample, children }: ChainProps) {
  const { input, readout } = opened;
  const side = opened.pictureSide;
  const output = readout.split('.')[0];
  const watched = watchOf(opened, look.value).neuron;
  return (
    <div class="chain">
      {side !== undefined && sample.picture !== undefined && (
        <figure>
          <Canvas
            class="digit"
            width={side}
            height={side}
            label={
              sample.sample < 0
                ? 'your drawing as the core gets it'
                : `test sample ${sample.sample}, a ${sample.label}`
            }
            draw={(context) => paintGrey(context, sample.picture ?? [], side)}
          />
          <figcaption>{sample.sample < 0 ? 'your drawing' : `a ${sample.label}`}</figcaption>
        </figure>
      )}
      {opened.populations
        .filter(({ name }) => name !== output && (sample.spikes[name]?.length ?? 0) > 0)
        .map(({ name, size }) => {
          const steps = sample.spikes[name] ?? [];
          const count = steps.reduce((sum, { length }) => sum + length, 0);
          const during = steps.length === 1 ? '1 step' : `${steps.length} steps`;
          const neurons = size === 1 ? '1 neuron' : `${size} neurons`;
          return name === input && side !== undefined && steps.length <= 16 ? (
            <figure key={name}>
              <InputSteps steps={steps} side={side} />
              <figcaption>
                {grouped(count)} spikes of {name} in {during}
              </figcaption>
            </figure>
          ) : (
            <figure key={name}>
              {/* Of one step that nobody spikes in, there is no picture: some populations never spike. */}
              {(count > 0 || steps.length > 1) && (
                <Canvas
                  class="raster"
                  width={320}
                  height={200}
                  label={`${count} spikes of ${neurons} of ${name} in ${during}`}
                  draw={(context) =>
                    paintRaster(
                      context,
                      steps,
                      size,
                      watched?.population === name ? watched.index : undefined,
                    )
                  }
                />
              )}
              <figcaption>
                {grouped(count)} spikes of {name}: {neurons}, {during}
              </figcaption>
            </figure>
          );
        })}
      {children}
    </div>
  );
}

/** The spikes of the input as pictures, one for each step. */
function InputSteps({
  steps,
  side,
}: {
  readonly steps: readonly (readonly number[])[];
  readonly side: number;
}) {
  return (
    <div class="input-steps">
      {numbered(steps).map(({ number: step, item: neurons }) => (
        <Canvas
          key={step}
          class="pixels"
          width={side}
          height={side}
          label={`step ${step + 1}: ${neurons.length} spikes`}
          draw={(context) => {
            const values = new Uint8Array(side * side);
            for (const neuron of neurons) values[neuron] = 255;
            paintGrey(context, values, side);
          }}
        />
      ))}
    </div>
  );
}

/** The score of each class, the answer and what it cost. */
export function Answer({ sample, opened }: { readonly sample: SampleView; readonly opened: OpenDesign }) {
  const { readout, classes } = opened;
  const isAsked = classes > 0;
  const { scores, answer, label, cost } = sample;
  const lowest = Math.min(0, ...scores);
  const highest = Math.max(...scores, lowest + 1);
  const isDrawn = sample.sample < 0;
  return (
    <figure class="answer">
      <figcaption>
        {isAsked && (
          <strong>
            Answer: {answer}
            {isDrawn ? '' : answer === label ? ', right' : `, wrong: it is a ${label}`}
          </strong>
        )}{' '}
        <span class="cost" title="What the simulated core has taken for this answer">
          {grouped(cost.cycles)} cycles, {time(cost.latencyNs)}, {energy(cost.energyPj)} of the core
        </span>
      </figcaption>
      {isAsked && scores.length > 0 && scores.length <= 40 && (
        <ol
          class="scores"
          start={0}
          aria-label="Score of each class"
          title={`${readout} at the end of the sample`}
        >
          {numbered(scores).map(({ number: index, item: score }) => (
            <li key={index} class={index === answer ? 'best' : ''}>
              <span>{index}</span>
              <SignedBar
                value={score}
                lowest={lowest}
                highest={highest}
                tone={index === answer ? 'orange' : 'blue'}
              />
              <span class="number">{grouped(score)}</span>
            </li>
          ))}
        </ol>
      )}
      {isAsked && scores.length === 0 && (
        <p class="about">The host of this chip counts the spikes itself: classes have no scores to show.</p>
      )}
    </figure>
  );
}
