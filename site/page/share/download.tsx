import { useSignal } from '@preact/signals';
import { strToU8, zipSync } from 'fflate';
import { command } from '../../../src/text/index.ts';
import { bench } from '../store.ts';

/** The time of all files in an archive: the same design makes the same bytes. The format begins with 1980. */
const fileTime = new Date(1980, 0, 1);

type Files = Readonly<Record<string, string | Uint8Array>>;

/** Downloads what runs as files for the command line. */
export function DownloadButton() {
  return (
    <ArchiveButton
      id="download"
      label="Download"
      title="Writes experiment, program, core and rules, which the command line runs to the same bytes"
      suffix=""
      next={command('run experiment.yaml')}
      files={() => bench.remote.files()}
    />
  );
}

/** Downloads the core of what runs as Verilog. One that is not written so is a fault, as if it did not compile. */
export function VerilogButton() {
  return (
    <ArchiveButton
      id="verilog"
      label="Verilog"
      title="Writes the core as SystemVerilog, with what it learns by, a bench and a board"
      suffix="-verilog"
      next="make icarus"
      files={async () => {
        const outcome = await bench.remote.verilog();
        if (outcome.ok) return outcome.value;
        bench.fault.value = outcome.error;
        return undefined;
      }}
    />
  );
}

interface Archive {
  readonly id: string;
  readonly label: string;
  readonly title: string;
  /** Behind the name of the design. */
  readonly suffix: string;
  /** What to run in the folder. */
  readonly next: string;
  /** The files; undefined if there are none, which the page then explains. */
  files(): Promise<Files | undefined>;
}

function ArchiveButton({ id, label, title, suffix, next, files: made }: Archive) {
  const said = useSignal('');
  const download = async (): Promise<void> => {
    said.value = '';
    const files = await made();
    if (files === undefined) return;
    const name = `${bench.opened.value?.design.experiment ?? 'design'}${suffix}`;
    const archive = zipSync(
      Object.fromEntries(
        Object.entries(files).map(([path, content]) => [
          `${name}/${path}`,
          typeof content === 'string' ? strToU8(content) : content,
        ]),
      ),
      { mtime: fileTime },
    );
    save(new Blob([archive], { type: 'application/zip' }), `${name}.zip`);
    said.value = `${name}.zip downloaded: it holds ${Object.keys(files).length} files. In its folder, run: ${next}`;
  };
  return (
    <span class="share">
      <button
        type="button"
        id={id}
        onClick={() => void download()}
        disabled={bench.opened.value === undefined}
        title={title}
      >
        {label}
      </button>
      <span role="status" class="share-said">
        {said.value}
      </span>
    </span>
  );
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Only after the browser has taken it.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
