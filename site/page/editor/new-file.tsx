import { useState } from 'preact/hooks';
import { attempt, bundles, PlasticoreError } from '../../../src/text/index.ts';
import { bench } from '../store.ts';
import { copyShown, file, running, texts } from './editing.ts';
import { kindOf, shortName } from './files.ts';
import { freeName } from './new-files.ts';

/** Makes a copy of the file that is shown, under a name of one's own. */
export function NewFile() {
  const [name, setName] = useState<string>();
  const [fault, setFault] = useState<PlasticoreError>();
  const shown = file.value;
  const kind = kindOf(shown);
  if (kind === undefined) return null;
  const free = freeName(shown, bench.design.value.edits, texts.value);
  const close = (): void => {
    setName(undefined);
    setFault(undefined);
  };
  if (name === undefined)
    return (
      <button type="button" id="new-file" onClick={() => setName(free)}>
        New: a copy of {shortName(shown)}
      </button>
    );
  return (
    <form
      class="new-file"
      onSubmit={(event) => {
        event.preventDefault();
        const made = attempt(() => copyShown(name));
        if (made instanceof PlasticoreError) setFault(made);
        else close();
      }}
    >
      <label>
        Name of the copy{' '}
        <input
          id="new-name"
          value={name}
          spellcheck={false}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
        {bundles[kind].extension}
      </label>
      <button type="submit" class="primary">
        Make it
      </button>
      <button type="button" onClick={close}>
        Cancel
      </button>
      <span class="about">
        {running.value.includes(shown)
          ? `It takes the place of ${shortName(shown)} in this design.`
          : 'You can run it from its own button.'}
      </span>
      <p role="alert" class="fault-note" id="new-fault" hidden={fault === undefined}>
        {fault !== undefined && `${fault.message}${fault.hint === undefined ? '' : `: ${fault.hint}`}`}
      </p>
    </form>
  );
}
