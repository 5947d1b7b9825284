import type { ComponentChildren } from 'preact';
import type { GraphOptions } from '../../shared/graphs.ts';
import { NumberField } from '../panels/number-field.tsx';
import {
  type AskedGraph,
  asked,
  atItsWord,
  frameworks,
  inputKinds,
  missingFor,
  namedBy,
} from './asked-graph.ts';

/** The most steps of a sample. */
const mostSteps = 1000;

interface GraphFormProps {
  onImport(graph: AskedGraph): void;
}

/** Asks what a graph of NIR does not say. */
export function GraphForm({ onImport }: GraphFormProps) {
  const graph = asked.value;
  if (graph === undefined) return null;
  const { file, view, options } = graph;
  const missing = missingFor(graph);
  const { input, samples } = options;
  const hasValues = input !== 'spikes' && (input !== undefined || samples !== undefined);
  return (
    <fieldset class="row" id="nir">
      <legend>{file.name}: what it does not say</legend>
      <p class="about" id="nir-view">
        It takes {view.input.join(' x ')} and has {view.layers.join(', ')}.{' '}
        {samples === undefined
          ? view.takesDigits &&
            'It will be asked about the digits. If you drop a .npz with an array input, it will be asked about that.'
          : `It will be asked about ${samples.name}.`}
      </p>
      <label>
        It is from{' '}
        <select
          id="nir-from"
          value={options.from ?? ''}
          onChange={({ currentTarget }) => change({ from: currentTarget.value || undefined })}
        >
          {options.from === undefined && <option value="">choose …</option>}
          {frameworks.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
          <option value={atItsWord}>no framework: NIR's equations at their word</option>
        </select>
      </label>
      {options.from !== undefined && options.from === namedBy(file) && (
        <span class="about">Its name says so.</span>
      )}
      <Text id="nir-dt" name="dt" placeholder="the framework's">
        time of a step
      </Text>
      <NumberField
        id="nir-steps"
        label="steps of a sample"
        value={options.steps}
        least={1}
        most={mostSteps}
        onNumber={(steps) => change({ steps })}
      />
      <label>
        its input is{' '}
        <select
          id="nir-input"
          value={input ?? ''}
          onChange={({ currentTarget }) => change({ input: currentTarget.value || undefined })}
        >
          <option value="">as the samples look</option>
          {Object.entries(inputKinds).map(([kind, words]) => (
            <option key={kind} value={kind}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {hasValues && (
        <>
          <Text id="nir-scale" name="scale" placeholder="1/255">
            scale: what 1 of the samples is to it
          </Text>
          <Text id="nir-offset" name="offset" placeholder="0">
            offset: what 0 is to it
          </Text>
        </>
      )}
      <button
        type="button"
        class="primary"
        id="nir-import"
        disabled={missing !== undefined}
        onClick={() => onImport(graph)}
      >
        Import
      </button>
      {missing !== undefined && (
        <span class="about" id="nir-missing">
          {missing}
        </span>
      )}
    </fieldset>
  );
}

interface TextProps {
  readonly id: string;
  readonly name: 'dt' | 'scale' | 'offset';
  readonly placeholder: string;
  readonly children: ComponentChildren;
}

/** A number or a formula; nothing stands for the usual. */
function Text({ id, name, placeholder, children }: TextProps) {
  return (
    <label>
      {children}{' '}
      <input
        type="text"
        id={id}
        size={12}
        placeholder={placeholder}
        value={asked.value?.options[name] ?? ''}
        onChange={({ currentTarget }) => change({ [name]: currentTarget.value.trim() || undefined })}
      />
    </label>
  );
}

function change(part: Partial<GraphOptions>): void {
  const graph = asked.value;
  if (graph !== undefined) asked.value = { ...graph, options: { ...graph.options, ...part } };
}
