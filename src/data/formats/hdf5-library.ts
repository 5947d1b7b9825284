/** The library that reads and writes HDF5, in WebAssembly (4 MB), and what it says of its failures. */
export type Library = typeof import('h5wasm').Module;

/** The innermost reason that the library has given since the last call. */
export type Reason = (otherwise?: string) => string;

interface LoadedLibrary {
  readonly library: Library;
  readonly reason: Reason;
}

let loaded: Promise<LoadedLibrary> | undefined;

/** Loads the library, once. */
export function loadLibrary(): Promise<LoadedLibrary> {
  loaded ??= import('h5wasm').then(async ({ ready }) => {
    const library = await ready;
    return { library, reason: captureMessages(library) };
  });
  return loaded;
}

/**
 * HDF5 prints the reason for a failure to standard error, outermost function first. This captures the text instead,
 * until it is requested.
 */
function captureMessages(library: Library): Reason {
  let bytes: number[] = [];
  // Standard error shares a terminal object with this device, so replacing its output there captures it.
  const stderr: unknown = library.FS.open('/dev/stderr', 'w');
  if (isTerminalStream(stderr)) stderr.tty.ops = { put_char: (_tty, byte) => bytes.push(byte) };
  return (otherwise = 'no reason given') => {
    const text = new TextDecoder().decode(Uint8Array.from(bytes));
    bytes = [];
    return [...text.matchAll(/^ *#\d+: .* in \w+\(\): (.*)$/gm)].at(-1)?.[1] ?? otherwise;
  };
}

interface TerminalStream {
  readonly tty: { ops: { put_char: (tty: unknown, byte: number) => void } };
}

function isTerminalStream(stream: unknown): stream is TerminalStream {
  return (
    typeof stream === 'object' &&
    stream !== null &&
    'tty' in stream &&
    typeof stream.tty === 'object' &&
    stream.tty !== null &&
    'ops' in stream.tty
  );
}
