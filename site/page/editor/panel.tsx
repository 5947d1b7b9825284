import { useState } from 'preact/hooks';
import { Panel } from '../panels/panel.tsx';
import { bench, lookAt } from '../store.ts';
import type { Meaning } from './code/words.ts';
import { CodeView, type Goal } from './code-view.tsx';
import { designFor, file, revert, running, state, texts } from './editing.ts';
import { FaultList } from './fault-list.tsx';
import { FileList } from './file-list.tsx';
import { offerFor } from './files.ts';

/** Microcode, program and core: a change compiles while the machine runs, and runs on. */
export function EditorPanel() {
  const [goal, setGoal] = useState<Goal>();
  const [meaning, setMeaning] = useState<Meaning>();
  const path = file.value;
  const { edits, experiment } = bench.design.value;
  const offer = running.value.includes(path) ? undefined : offerFor(path, experiment, edits, texts.value);
  const go = (to: Goal) => {
    lookAt({ file: to.file });
    setGoal(to);
  };
  return (
    <Panel
      id="editor"
      title="Microcode, program and core"
      about="Change a line, and it compiles while you write. The run then begins again, but keeps what it has learnt where shapes are the same. A comment changes nothing."
      class="broad editor"
    >
      <FileList />
      <div class="editor-head">
        <code class="editor-path">{path}</code>
        {edits[path] !== undefined && (
          <button type="button" onClick={() => revert(path)}>
            {texts.value[path] === undefined ? 'Delete' : 'Revert'} {path.slice(path.lastIndexOf('/') + 1)}
          </button>
        )}
        {offer !== undefined && (
          <button type="button" onClick={() => void bench.open(designFor(offer, bench.design.value))}>
            {offer.words}
          </button>
        )}
      </div>
      <CodeView goal={goal} onMeaning={setMeaning} />
      <p class="editor-meaning">
        {meaning === undefined ? (
          'Put the cursor on a line to read what its words mean.'
        ) : (
          <>
            <code>{meaning.title}</code> {meaning.meaning}
            {meaning.detail !== '' && <small>{meaning.detail}</small>}
          </>
        )}
      </p>
      <p role="status" class="editor-state">
        {state.value}
      </p>
      <FaultList onGo={go} />
    </Panel>
  );
}
