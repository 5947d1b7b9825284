import { type AskedGraph, asked, atItsWord, frameworks, namedBy, usualSteps } from './asked-graph.ts';

/** The most steps of a sample. */
const mostSteps = 1000;

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
          {graph.from === undefined && <option value="">choose …</option>}
          {frameworks.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
          <option value={atItsWord}>no framework: NIR's equations at their word</option>
        </select>
      </label>
      {graph.from === undefined ? (
        <span class="about">
          The file does not say. In another way than its own, a network may never spike.
        </span>
      ) : (
        graph.from === namedBy(graph.file) && <span class="about">As its name says.</span>
      )}
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
      <button
        type="button"
        class="primary"
        id="nir-import"
        disabled={graph.from === undefined}
        onClick={() => onImport(graph)}
      >
        Import
      </button>
    </fieldset>
  );
}
