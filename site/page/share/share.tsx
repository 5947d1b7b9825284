import { useSignal } from '@preact/signals';
import { PlasticoreError } from '../../../src/text/index.ts';
import { WithDocs } from '../hint.tsx';
import { linkNote, linkNow } from '../link-sync.ts';
import { bench } from '../store.ts';

/** Copies a link to the present state. */
export function ShareButton() {
  const said = useSignal('');
  /** A link that the browser does not let the page copy. */
  const shown = useSignal<string | undefined>(undefined);
  /** SHA-256 of the state of a run that stands still. */
  const state = useSignal<string | undefined>(undefined);
  const share = async (): Promise<void> => {
    shown.value = undefined;
    // The same words again are told again.
    said.value = '';
    state.value = await bench.remote.stateSha256();
    try {
      const link = linkNow();
      if (await copied(link)) said.value = `The link is copied.${limits()}`;
      else {
        shown.value = link;
        said.value = `Copy this link.${limits()}`;
      }
    } catch (error) {
      if (!(error instanceof PlasticoreError)) throw error;
      said.value = `${error.message}. ${error.hint ?? ''}`;
    }
  };
  return (
    <span class="share">
      <button type="button" id="share" onClick={() => void share()} title="Copies a link to what you see now">
        Share
      </button>
      {shown.value !== undefined && (
        <input
          readonly
          aria-label="Link to what you see now"
          value={shown.value}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      )}
      <span role="status" class="share-said">
        {said.value}
        {state.value !== undefined && (
          <>
            {' '}
            The state of the run has the hash{' '}
            <code title={`SHA-256 of the state: ${state.value}`}>{state.value.slice(0, 12)}</code>: whoever
            opens the link can compare it.
          </>
        )}
      </span>
    </span>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Not allowed, or the page was not sent over a secure connection.
    return false;
  }
}

/** What a link does not carry. */
function limits(): string {
  const taught = bench.frame.value?.taught ?? 0;
  const carried = bench.frame.value?.carried ?? 0;
  return [
    carried === 0 ? '' : ' It opens the run from its seed, without what was learnt before the last change.',
    taught === 0 ? '' : ` It opens the run without the ${taught} drawings that you have taught.`,
    bench.ownData.value === undefined ? '' : ' It does not hold your own data.',
  ].join('');
}

/** What a person should know of the link that the page was opened with. */
export function LinkNote() {
  const note = linkNote.value;
  return (
    <div role="alert" class="link-note" id="link-note" hidden={note === undefined}>
      {note !== undefined && (
        <p class="row">
          <span>
            <WithDocs text={note} />
          </span>{' '}
          <button
            type="button"
            onClick={() => {
              linkNote.value = undefined;
            }}
          >
            Close
          </button>
        </p>
      )}
    </div>
  );
}
