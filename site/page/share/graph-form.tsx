import { type Signal, signal } from '@preact/signals';
import type { DroppedFile } from '../../shared/protocol.ts';

/** The frameworks whose graphs of NIR are known. The worker refuses any other. */
const frameworks = ['snntorch', 'norse', 'sinabs', 'rockpool', 'spikingjelly'];
/** Steps of a sample of a graph, if nothing else is chosen, and the most. */
const usualSteps = 32;
const mostSteps = 1000;

/** A graph that was dropped, and what it does not say. */
export interface AskedGraph {
  readonly file: DroppedFile;
  readonly samples: DroppedFile | undefined;
  readonly from: string | undefined;
  readonly steps: number;
}

/** The graph that was dropped last; it stays, so that what was said of it can be changed. */
export const asked: Signal<AskedGraph | undefined> = signal(undefined);

/** A graph among dropped files, alone or with samples for it. */
export function graphIn(files: readonly DroppedFile[]): AskedGraph | undefined {
  const file = files.find(({ name }) => /\.nir$/i.test(name));
  const samples = files.find(({ name }) => /\.npz$/i.test(name));
  const isAll = files.length === (samples === undefined ? 1 : 2);
  return file === undefined || !isAll
    ? undefined
    : { file, samples, from: asked.value?.from, steps: asked.value?.steps ?? usualSteps };
}

interface GraphFormProps {
  onImport(graph: AskedGraph): void;
}

/** Asks what a graph of NIR does not say. */
export function GraphForm({ onImport }: GraphFormProps) {
  const graph = asked.value;
  if (graph === undefined) return null;
  const change = (part: Partial<AskedGraph>): void => {
    asked.value = { ...graph, ...part };
  };
  return (
    <fieldset class="row" id="nir">
      <legend>{graph.file.name}: what it does not say</legend>
      <label>
        It is from{' '}
        <select
          id="nir-from"
          value={graph.from ?? ''}
          onChange={({ currentTarget }) => change({ from: currentTarget.value || undefined })}
        >
          <option value="">NIR's equations at their word</option>
          {frameworks.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label>
        steps of a sample{' '}
        <input
          type="number"
          id="nir-steps"
          min={1}
          max={mostSteps}
          value={graph.steps}
          onChange={({ currentTarget }) => {
            const steps = Math.round(Number(currentTarget.value) || usualSteps);
            change({ steps: Math.max(1, Math.min(mostSteps, steps)) });
          }}
        />
      </label>
      <span class="about">
        {graph.samples === undefined
          ? 'Samples: the digits, if it takes them. A .npz with an array input, dropped with it, takes their place.'
          : `Samples: ${graph.samples.name}, with steps of its own.`}
      </span>
      <button type="button" class="primary" id="nir-import" onClick={() => onImport(graph)}>
        Import
      </button>
    </fieldset>
  );
}
