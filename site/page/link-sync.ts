/** The address of the page: what it says is opened, and it says what is open. */
import { effect, type Signal, signal } from '@preact/signals';
import { PlasticoreError } from '../../src/text/index.ts';
import { defaultDesign } from '../shared/design.ts';
import { readLink, type SharedState, writeLink } from '../shared/link.ts';
import { runningFiles, type Texts } from './editor/files.ts';
import { pin, unpin } from './pinning.ts';
import { bench, catalogue, look, pinned } from './store.ts';

/** Notes on the link that was opened; none if it opened as it was made. */
export const linkNote: Signal<string | undefined> = signal(undefined);

/** Milliseconds between two changes of the address: browsers refuse more than a hundred in half a minute. */
const writeMs = 1000;

/** Whether a link is on its way to its position: until then, the address stays as it is. */
let isReopening = false;
/** Whether the address is about to be written. */
let isDue = false;

/** Opens what the address says, or the default; from then on, keeps the address up to date. */
export async function followAddress(): Promise<void> {
  globalThis.addEventListener('hashchange', () => void openFragment(location.hash.slice(1)));
  await openFragment(location.hash.slice(1), true);
  effect(() => {
    // A link may hold anything.
    stateNow();
    if (bench.frame.value?.running === false) isReopening = false;
    if (!isDue) setTimeout(write, writeMs);
    isDue = true;
  });
}

/**
 * The address of the present state.
 *
 * @throws PlasticoreError `usage` where it is too long
 */
export function linkNow(): string {
  return `${location.origin}${location.pathname}${location.search}#${writeLink(stateNow())}`;
}

function stateNow(): SharedState {
  const other = pinned.value;
  return {
    version: catalogue.value.version,
    design: bench.design.value,
    position: bench.frame.value?.position ?? 0,
    isStill: bench.frame.value?.running === false,
    look: look.value,
    pinned: other && { design: other.design.value, position: other.frame.value?.position ?? 0 },
  };
}

function write(): void {
  isDue = false;
  if (isReopening || bench.opened.value === undefined || catalogue.value.version === '') return;
  let address = `${location.pathname}${location.search}`;
  try {
    address = linkNow();
  } catch (error) {
    // Too long a link is told to whoever asks for one.
    if (!(error instanceof PlasticoreError)) throw error;
  }
  history.replaceState(null, '', address);
}

/** @param isFirst nothing runs yet */
async function openFragment(fragment: string, isFirst = false): Promise<void> {
  linkNote.value = undefined;
  try {
    // A place in the page, such as the controls, is no link.
    const state = /^[a-z-]+$/.test(fragment) ? undefined : readLink(decodeURI(fragment));
    if (state !== undefined) await reopen(state);
    else if (isFirst) await bench.open(defaultDesign, { play: true });
  } catch (error) {
    linkNote.value = `The link did not open: ${inWords(error)}. This is the default design.`;
    await bench.open(defaultDesign, { play: true });
  }
}

function inWords(error: unknown): string {
  if (error instanceof URIError) return 'this link is damaged';
  if (!(error instanceof PlasticoreError)) throw error;
  return error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
}

/** @throws PlasticoreError where not even its experiment opens */
async function reopen(state: SharedState): Promise<void> {
  const { design, position, isStill } = state;
  look.value = state.look;
  isReopening = isStill && position > 0;
  unpin();
  const options = { at: position, play: !isStill };
  if (await bench.open(design, options)) {
    if (state.pinned !== undefined) pin(state.pinned.design, { ...options, at: state.pinned.position });
    const { version, texts } = await bench.remote.catalogue();
    linkNote.value =
      [...ofEdits(design.edits, texts), ...ofVersion(state.version, version)].join(' ') || undefined;
    return;
  }
  isReopening = false;
  const fault = bench.fault.value;
  if (fault === undefined) return;
  // A person may share what does not compile: its experiment runs, and the fault stands at its place.
  const isOpen = await bench.open({ ...design, settings: {}, edits: {} }, { play: true });
  if (!isOpen) throw PlasticoreError.of(fault);
  await bench.open(design);
}

/** Other versions may bring other files, and then the run is another one. */
function ofVersion(made: string, version: string): string[] {
  return made === version
    ? []
    : [`This link was made with version ${made}; this is ${version}. Its run may differ.`];
}

/** Files that neither the design nor the playground has change nothing. Arrays are found by name alone. */
function ofEdits(edits: Texts, texts: Texts): string[] {
  const opened = bench.opened.value;
  const running = opened === undefined ? [] : runningFiles(opened, edits, texts);
  const lost = Object.keys(edits).filter(
    (path) => texts[path] === undefined && !running.includes(path) && !path.endsWith('.npz'),
  );
  return lost.length === 0
    ? []
    : [`This link holds ${lost.join(', ')}, which this design does not use: that changes nothing.`];
}
