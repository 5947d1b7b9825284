import { bench } from '../store.ts';
import type { Goal } from './code-view.tsx';
import { faults, texts } from './editing.ts';
import type { Fault } from './faults.ts';
import { textOf } from './files.ts';

/** Every fault as the command line words it; those with a place lead there. */
export function FaultList({ onGo }: { readonly onGo: (goal: Goal) => void }) {
  if (faults.value.length === 0) return null;
  return (
    <ul class="editor-faults" aria-label="Faults">
      {faults.value.map((fault) => {
        const goal = goalOf(fault);
        return (
          <li key={fault.words}>
            {goal === undefined ? (
              <span class="words">
                <Words of={fault} />
              </span>
            ) : (
              <button type="button" class="link words" onClick={() => onGo(goal)}>
                <Words of={fault} />
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** The fault, and on the lines below a hint. */
function Words({ of: { words } }: { readonly of: Fault }) {
  const [found, ...hints] = words.split('\n');
  if (hints.length === 0) return <>{found}</>;
  return (
    <>
      {`${found}\n`}
      <span class="hint">{hints.join('\n')}</span>
    </>
  );
}

/** Where a fault is, if that is in a text of the page: those of settings are not. */
function goalOf({ file, line, column }: Fault): Goal | undefined {
  if (file === undefined || line === undefined) return undefined;
  const isText = textOf(file, bench.design.value.edits, texts.value) !== undefined;
  return isText ? { file, line, column } : undefined;
}
