import { bench, lookAt } from '../store.ts';
import { faults, file, others, running, texts } from './editing.ts';
import { shortName } from './files.ts';
import { NewFile } from './new-file.tsx';

/** The files of the running design, and all others behind a disclosure. */
export function FileList() {
  return (
    <nav class="editor-files" aria-label="Files">
      <ul>
        {running.value.map((path) => (
          <FileItem key={path} path={path} />
        ))}
      </ul>
      <NewFile />
      <details>
        <summary>Other files</summary>
        {others.value.map(({ kind, title, files }) => (
          <div key={kind} class="editor-group">
            <h3>{title}</h3>
            <ul>
              {files.map((path) => (
                <FileItem key={path} path={path} />
              ))}
            </ul>
          </div>
        ))}
      </details>
    </nav>
  );
}

/** Two files of a design may have one name: experiment and program. The folder tells them apart. */
function FileItem({ path }: { readonly path: string }) {
  const isEdited = bench.design.value.edits[path] !== undefined;
  const isFaulty = faults.value.some((fault) => fault.file === path);
  return (
    <li>
      <button
        type="button"
        aria-current={path === file.value ? 'true' : undefined}
        title={path}
        onClick={() => lookAt({ file: path })}
      >
        <span class="editor-kind">{kindWord(path)} </span>
        {shortName(path)}
        {isEdited && <span class="editor-edited"> {texts.value[path] === undefined ? 'new' : 'edited'}</span>}
        {isFaulty && <span class="editor-faulty"> fault</span>}
      </button>
    </li>
  );
}

function kindWord(path: string): string {
  if (path.endsWith('.uc')) return 'rule';
  return path.startsWith('experiments/') ? 'experiment' : path.startsWith('hw-models/') ? 'core' : 'program';
}
